import PDFDocument from 'pdfkit'
import { create as encodeQr } from 'qrcode'
import type { Instant } from '#engine/shared/instant.ts'
import { manyScripts } from './many-scripts.ts'
import { loadPaperFonts } from './paper-fonts.ts'

/** What a reader of the file, a screen reader too, is told before anything is read. */
export interface PaperAbout {
  readonly title: string
  /** A BCP 47 tag. */
  readonly language: string
  readonly author: string
  /** Stands in the file as the time at which it was made: the same input gives the same bytes. */
  readonly madeAt: Instant
}

/** What a piece of text is, for who cannot see how it looks. */
export type TextRole = 'H1' | 'H2' | 'H3' | 'P' | 'Caption'

export interface TextLook {
  readonly size?: number
  readonly bold?: boolean
  /** `#rrggbb`. */
  readonly colour?: string
  readonly align?: 'left' | 'center' | 'right'
  /** Where it stands; without it, below what was written last. */
  readonly x?: number
  readonly y?: number
  readonly width?: number
  /** Room that is left below it. */
  readonly below?: number
  /** Where a click leads. */
  readonly link?: string
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly size: number
}

export interface AttachedFile {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
  readonly description: string
}

/** Sides of A4 and its margin, in points. */
export const PAPER = { width: 595.28, height: 841.89, margin: 56 } as const
/** Black that is a little softer on white; and a grey with a contrast of 7 : 1. */
export const INK = '#1c1d20'
export const SOFT_INK = '#55575e'

/**
 * An A4 document, tagged for screen readers, in the letters of the product. Nothing is drawn that is neither text with its role, a
 * picture with its words, nor said to be decoration.
 */
export interface Paper {
  write(role: TextRole, text: string, look?: TextLook): void
  /** A name and what it is, side by side: a row of a list of facts. */
  fact(name: string, value: string, look?: { readonly link?: string }): void
  /** A list with bullets, in which each item may have several lines. */
  list(items: readonly string[]): void
  /** A PNG, within a square. */
  picture(png: Uint8Array, alt: string, box: Box): void
  qrCode(text: string, alt: string, box: Box): void
  /** What says nothing: lines, grounds. */
  decorate(draw: (doc: PDFKit.PDFDocument) => void): void
  /** Goes to the next page when less than this is left of the page. */
  keepTogether(height: number): void
  attach(file: AttachedFile): void
  /** Where the next text goes. */
  readonly y: number
  moveTo(y: number): void
  /** Letters that no font has, each once: a mark stands in their place, and the text itself behind it. */
  missing(): readonly string[]
  /** `footer` is written below every page, with its number. Nothing can be written after this. */
  finish(footer: string): Promise<Uint8Array>
}

export async function openPaper({ title, language, author, madeAt }: PaperAbout): Promise<Paper> {
  const fonts = await loadPaperFonts()
  const made = new Date(madeAt)
  const doc = new PDFDocument({
    size: 'A4',
    margins: { top: PAPER.margin, left: PAPER.margin, right: PAPER.margin, bottom: PAPER.margin + 28 },
    lang: language,
    tagged: true,
    displayTitle: true,
    pdfVersion: '1.7',
    bufferPages: true,
    info: { Title: title, Author: author, Creator: 'Waarmerk', CreationDate: made, ModDate: made },
    // Without this the library begins with a font that is not embedded.
    font: '',
  })
  const chunks: Uint8Array[] = []
  const whole = new Promise<Uint8Array>((resolve, reject) => {
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    doc.on('error', reject)
  })
  const scripts = manyScripts(doc, fonts)
  const root = doc.struct('Document')
  doc.addStructure(root)
  const full = PAPER.width - 2 * PAPER.margin

  const put = (text: string, look: TextLook) => {
    const { size = 11, bold = false, colour = INK, align = 'left', x = PAPER.margin, y = doc.y } = look
    const shown = printable(text)
    const link = look.link === undefined ? {} : { link: look.link }
    const box = { width: look.width ?? full, align, lineGap: size * 0.18, ...link }
    doc.fillColor(colour)
    if (scripts.isPlain(shown, bold)) {
      doc
        .font(bold ? 'bold' : 'regular')
        .fontSize(size)
        .text(shown, x, y, box)
    } else {
      doc.y = y
      scripts.draw(shown, { ...box, bold, size, x })
    }
    doc.y += look.below ?? size * 0.4
  }

  /** What a reader aloud says and a copy takes, where letters do not stand on the paper in the order of reading. */
  const actual = (text: string, bold = false) => {
    const shown = printable(text)
    return scripts.isPlain(shown, bold) ? {} : { actual: shown }
  }

  return {
    write: (role, text, look = {}) => {
      const { size = SIZES[role], bold = role.startsWith('H') } = look
      const draw = () => put(text, { ...look, size, bold })
      const said = actual(text, bold)
      root.add(doc.struct(role, said, look.link === undefined ? draw : doc.struct('Link', {}, draw)))
    },
    fact: (name, text, look = {}) => {
      const nameWidth = 130
      const top = doc.y
      const value = () =>
        put(text, {
          ...look,
          size: 10.5,
          x: PAPER.margin + nameWidth,
          y: top,
          width: full - nameWidth,
          below: 0,
        })
      const row = doc.struct('P')
      root.add(row)
      row.add(() => put(name, { size: 9.5, colour: SOFT_INK, y: top + 1, width: nameWidth - 12, below: 0 }))
      const afterName = doc.y
      const said = actual(text)
      if (look.link !== undefined) row.add(doc.struct('Link', said, value))
      else row.add('actual' in said ? doc.struct('Span', said, value) : value)
      row.end()
      // A value that went on on the next page has the last word on where we are.
      doc.y = (doc.y < top ? doc.y : Math.max(doc.y, afterName)) + 5
    },
    list: (items) => {
      const list = doc.struct('L')
      root.add(list)
      for (const item of items)
        list.add(
          doc.struct(
            'LI',
            {},
            doc.struct('LBody', actual(item), () => put(`•  ${item}`, { size: 10.5, below: 3 })),
          ),
        )
      list.end()
    },
    picture: (png, alt, { x, y, size }) => {
      const after = doc.y
      root.add(
        doc.struct('Figure', { alt: printable(alt) }, () => {
          doc.image(Buffer.from(png), x, y, { fit: [size, size], align: 'center', valign: 'center' })
        }),
      )
      doc.y = after
    },
    qrCode: (text, alt, { x, y, size }) => {
      const { modules } = encodeQr(text, { errorCorrectionLevel: 'M' })
      const cell = size / modules.size
      root.add(
        doc.struct('Figure', { alt: printable(alt) }, () => {
          doc.save()
          for (let row = 0; row < modules.size; row++)
            for (let column = 0; column < modules.size; column++)
              if (modules.get(row, column) !== 0) doc.rect(x + column * cell, y + row * cell, cell, cell)
          doc.fill('#000000').restore()
        }),
      )
    },
    decorate: (draw) => {
      doc.markContent('Artifact', { type: 'Layout' })
      doc.save()
      draw(doc)
      doc.restore()
      doc.endMarkedContent()
    },
    keepTogether: (height) => {
      if (doc.y + height > doc.page.height - doc.page.margins.bottom) doc.addPage()
    },
    attach: ({ name, mediaType, bytes, description }) => {
      doc.file(Buffer.from(bytes), {
        name,
        type: mediaType,
        description,
        creationDate: made,
        modifiedDate: made,
        relationship: 'Source',
      } as PDFKit.Mixins.PDFAttachmentOptions)
    },
    get y() {
      return doc.y
    },
    moveTo: (y) => {
      doc.y = y
    },
    missing: () => [...scripts.missing],
    finish: (footer) => {
      root.end()
      const { start, count } = doc.bufferedPageRange()
      for (let page = start; page < start + count; page++) {
        doc.switchToPage(page)
        // Text below the margin would make a page of its own.
        doc.page.margins.bottom = 0
        doc.markContent('Artifact', { type: 'Pagination' })
        doc.fillColor(SOFT_INK)
        const at = PAPER.height - 48
        const words = printable(footer)
        if (scripts.isPlain(words, false))
          doc
            .font('regular')
            .fontSize(8)
            .text(words, PAPER.margin, at, { width: full - 60, height: 24 })
        else {
          doc.y = at
          const look = { bold: false, size: 8, align: 'left', lineGap: 0 } as const
          scripts.draw(words, { ...look, x: PAPER.margin, width: full - 60 })
        }
        doc
          .font('regular')
          .fontSize(8)
          .text(`${page + 1} / ${count}`, PAPER.width - PAPER.margin - 50, at, { width: 50, align: 'right' })
        doc.endMarkedContent()
      }
      doc.end()
      return whole
    },
  }
}

const SIZES: Readonly<Record<TextRole, number>> = { H1: 24, H2: 14, H3: 12, P: 11, Caption: 9 }

/** No control characters, and none that turn the direction of writing: what is read is what is printed. */
const printable = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/gu, '')
    .replace(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
