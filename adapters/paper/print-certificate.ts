import { contrast, READABLE_CONTRAST } from '#engine/shared/contrast.ts'
import type { PrintCertificate } from '#services/ports/certificate-paper.ts'
import { INK, openPaper, PAPER, SOFT_INK } from './paper.ts'

const BAND = 78
const PICTURE = 128
const QR = 104
const ALARM = '#a3132b'

/** A4 in the colours of the organisation: what it is, for whom, by whom, what for, and how it is checked. */
export const printCertificate: PrintCertificate = async (certificate, parts) => {
  const { colours, picture, logo, credential, madeAt } = parts
  const { title, language, issuer, check } = certificate
  const paper = await openPaper({ title, language, author: issuer, madeAt })
  const { margin, width } = PAPER
  const right = width - margin

  paper.decorate((doc) => {
    doc.rect(0, 0, width, BAND).fill(colours.primary)
    doc.rect(0, BAND, width, 5).fill(colours.secondary)
    if (logo !== undefined) {
      doc.roundedRect(right - 52, 13, 52, 52, 6).fill('#ffffff')
      doc.image(Buffer.from(logo), right - 48, 17, { fit: [44, 44], align: 'center', valign: 'center' })
    }
  })
  const issuerWidth = right - margin - (logo === undefined ? 0 : 64)
  paper.write('P', issuer, {
    size: issuer.length > 60 ? 11 : 15,
    bold: true,
    colour: colours.text,
    y: issuer.length > 60 ? 22 : 29,
    width: issuerWidth,
  })

  const top = BAND + 28
  const left = margin + PICTURE + 22
  const column = { x: left, width: right - left }
  paper.moveTo(top)
  const heading = contrast(colours.primary, '#ffffff') >= READABLE_CONTRAST ? colours.primary : INK
  if (certificate.testMark !== undefined)
    paper.write('P', certificate.testMark, { ...column, size: 11, bold: true, colour: ALARM, below: 6 })
  paper.write('P', certificate.kind, { ...column, size: 10, colour: SOFT_INK, below: 2 })
  paper.write('H1', certificate.name, {
    ...column,
    size: certificate.name.length > 60 ? 18 : 23,
    colour: heading,
  })
  if (certificate.holder !== undefined) {
    paper.write('P', certificate.holder.label, { ...column, size: 10, colour: SOFT_INK, below: 1 })
    paper.write('P', certificate.holder.name, { ...column, size: 16, bold: true })
  }
  paper.write('P', certificate.description, { ...column, size: 10.5 })
  paper.picture(picture, certificate.pictureAlt, { x: margin, y: top, size: PICTURE })
  paper.moveTo(Math.max(paper.y, top + PICTURE) + 14)

  for (const { name, value, link } of certificate.facts)
    paper.fact(name, value, link === undefined ? {} : { link })
  for (const section of certificate.sections) {
    paper.keepTogether(60)
    paper.moveTo(paper.y + 8)
    paper.write('H2', section.heading, { size: 12.5, colour: heading })
    if (section.text !== undefined) paper.write('P', section.text, { size: 10.5 })
    if (section.items !== undefined) paper.list(section.items)
  }

  paper.keepTogether(QR + 120)
  paper.moveTo(paper.y + 12)
  const line = paper.y
  paper.decorate((doc) => doc.rect(margin, line, right - margin, 1).fill('#c9cbd1'))
  paper.moveTo(line + 12)
  const beside = { x: margin + QR + 18, width: right - margin - QR - 18 }
  paper.write('H2', check.heading, { ...beside, size: 12.5, colour: heading })
  paper.write('P', check.text, { ...beside, size: 9.5 })
  paper.write('P', check.url, { ...beside, size: 9.5, colour: '#0b4f8a', link: check.url })
  paper.qrCode(check.url, check.qrAlt, { x: margin, y: line + 14, size: QR })
  paper.moveTo(Math.max(paper.y, line + 14 + QR) + 8)
  paper.write('H3', check.notProvedHeading, { size: 10, colour: heading })
  paper.list(check.notProved)

  if (paper.missing().length > 0)
    paper.write('P', certificate.lettersMissing, { size: 9.5, colour: SOFT_INK })

  paper.attach({ ...credential, description: certificate.attachmentDescription })
  return paper.finish(certificate.footer)
}
