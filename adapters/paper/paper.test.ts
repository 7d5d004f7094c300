import { expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import { openPaper, PAPER } from './paper.ts'

const ABOUT = { title: 'Eerste hulp', language: 'nl', author: 'Voorbeeld', madeAt: asInstant(0) }

async function sample(words = 'Eerste hulp op de werkplek: € 10, Ελλάδα, Первая помощь') {
  const paper = await openPaper(ABOUT)
  paper.write('H1', 'Certificaat')
  paper.write('P', words, { link: 'https://example.org/' })
  paper.fact('Uitgever', 'Voorbeeld '.repeat(30), { link: 'https://example.org/' })
  paper.list(['een', 'twee'])
  paper.qrCode('https://example.org/', 'QR-code', { x: PAPER.margin, y: 400, size: 90 })
  paper.decorate((doc) => doc.rect(0, 0, 10, 10).fill('#123456'))
  paper.attach({
    name: 'a.json',
    mediaType: 'application/vc',
    bytes: new TextEncoder().encode('{}'),
    description: 'a',
  })
  const missing = paper.missing()
  return { bytes: await paper.finish('Voorbeeld'), missing }
}
const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

test('a paper is tagged, says its language and title, embeds its fonts, and is the same for the same input', async () => {
  const { bytes, missing } = await sample()
  const text = asText(bytes)
  expect(missing).toEqual([])
  expect(text).toMatch(/^%PDF-1\.7\n/)
  expect(text).toContain('/Lang (nl)')
  expect(text).toContain('/Marked true')
  expect(text).toContain('/DisplayDocTitle true')
  for (const role of ['Document', 'H1', 'P', 'Link', 'L', 'LI', 'LBody', 'Figure'])
    expect(text).toContain(`/S /${role}\n`)
  expect(text).toContain('/Alt (QR-code)')
  expect(text).toMatch(/\/FontFile2 /)
  expect(text).not.toMatch(/\/BaseFont \/Helvetica/)
  expect((await sample()).bytes).toEqual(bytes)
})

test('what the font cannot draw is told, and what does not fit on a page goes on on the next', async () => {
  expect((await sample('漢 ok')).missing).toEqual(['漢'])
  const { bytes } = await sample('Lorem ipsum dolor sit amet. '.repeat(400))
  expect(asText(bytes).match(/\/Type \/Page\n/g)?.length).toBeGreaterThan(1)
})
