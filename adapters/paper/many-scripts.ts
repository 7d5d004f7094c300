import type { PaperFonts } from './paper-fonts.ts'
import { type FontOf, type Paragraph, paragraphOf, type Run, runsOfLine, type Word } from './runs-of-line.ts'

export interface ScriptsLook {
  readonly bold: boolean
  readonly size: number
  readonly align: 'left' | 'center' | 'right'
  readonly x: number
  readonly width: number
  readonly lineGap: number
  readonly link?: string
}

/** Text in more scripts than the letters of the product have: see runs-of-line.ts. */
export interface ManyScripts {
  /** Whether the usual way of drawing has all of its letters. */
  isPlain(text: string, bold: boolean): boolean
  /** Draws it from where the paper is, line by line and over pages, and leaves the paper below it. */
  draw(text: string, look: ScriptsLook): void
  /** Letters that no font has, each once. */
  readonly missing: ReadonlySet<string>
}

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(
  ['arabic', 'hebrew'].flatMap((name) => [name, `${name}-bold`]),
)
/** Joiners and what chooses a form: a font may do without a letter for them. */
const UNSEEN = /\u200B|\u200C|\u200D|[\uFE00-\uFE0F]/gu

export function manyScripts(doc: PDFKit.PDFDocument, fonts: PaperFonts): ManyScripts {
  doc.registerFont('regular', bufferOf(fonts.regular)).registerFont('bold', bufferOf(fonts.bold))
  for (const { name, regular, bold } of fonts.scripts)
    doc.registerFont(name, bufferOf(regular)).registerFont(`${name}-bold`, bufferOf(bold))
  const missing = new Set<string>()
  const known = new Map<string, boolean>()

  const hasLetter = (font: string, letter: string): boolean => {
    const key = `${font} ${letter}`
    const found = known.get(key) ?? hasGlyph(doc.font(font), letter)
    known.set(key, found)
    return found
  }
  const has = (font: string, text: string) =>
    [...text.replace(UNSEEN, '')].every((letter) => letter === '\n' || hasLetter(font, letter))

  /** A sign that many scripts share stays in the font of the word that it is in. */
  const fontOf =
    (bold: boolean): FontOf =>
    (cluster, before) => {
      const all = [
        bold ? 'bold' : 'regular',
        ...fonts.scripts.map(({ name }) => (bold ? `${name}-bold` : name)),
      ]
      const first = before !== undefined && !/[\p{L}\p{N}\s]/u.test(cluster) ? [before] : []
      return [...first, ...all].find((font) => has(font, cluster))
    }

  const widthOf = (runs: readonly Run[], size: number) =>
    runs.reduce((sum, { font, text }) => sum + doc.font(font).fontSize(size).widthOfString(text), 0)

  /** As many words on a line as fit; a word that is wider than a line has one for itself. */
  function* linesOf({ words }: Paragraph, { size, width }: ScriptsLook): Generator<readonly Run[]> {
    let line: Word[] = []
    for (const word of words) {
      if (line.length > 0 && widthOf(runsOfLine([...line, word]), size) > width) {
        yield runsOfLine(line)
        line = []
      }
      line.push(word)
    }
    yield runsOfLine(line)
  }

  const drawLine = (runs: readonly Run[], isRightToLeft: boolean, look: ScriptsLook) => {
    const { size, lineGap, link } = look
    const used = ['regular', ...runs.map(({ font }) => font)].map((font) => metrics(doc.font(font), size))
    const [above, below] = [
      Math.max(...used.map(({ above }) => above)),
      Math.max(...used.map(({ below }) => below)),
    ]
    if (doc.y + above + below > doc.page.height - doc.page.margins.bottom) {
      doc.continueOnNewPage()
      doc.y = doc.page.margins.top
    }
    const top = doc.y
    const left = Math.max(0, look.width - widthOf(runs, size))
    const side = look.align === 'left' && isRightToLeft ? 'right' : look.align
    let x = look.x + (side === 'left' ? 0 : side === 'right' ? left : left / 2)
    for (const { font, text } of runs) {
      doc.font(font).fontSize(size)
      const options = {
        lineBreak: false,
        baseline: 'alphabetic' as const,
        ...(link === undefined ? {} : { link }),
      }
      doc.text(text, x, top + above, options)
      x += doc.widthOfString(text)
    }
    doc.y = top + above + below + lineGap
  }

  return {
    isPlain: (text, bold) => has(bold ? 'bold' : 'regular', text),
    draw: (text, look) => {
      const note = (letter: string) => missing.add(letter)
      for (const part of text.split('\n')) {
        const paragraph = paragraphOf(part.replace(/\s+/gu, ' '), fontOf(look.bold), RIGHT_TO_LEFT, note)
        for (const line of linesOf(paragraph, look)) drawLine(line, paragraph.isRightToLeft, look)
      }
    },
    missing,
  }
}

/** The same bytes: a copy for each paper would be megabytes. */
const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)

/** The library keeps the font that is in use, and does not declare it. */
interface FontInUse {
  readonly ascender: number
  readonly descender: number
  readonly font: { hasGlyphForCodePoint(code: number): boolean }
}
const inUse = (doc: PDFKit.PDFDocument): FontInUse => (doc as unknown as { _font: FontInUse })._font

const hasGlyph = (doc: PDFKit.PDFDocument, letter: string): boolean =>
  inUse(doc).font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0)

const metrics = (doc: PDFKit.PDFDocument, size: number) => ({
  above: (inUse(doc).ascender / 1000) * size,
  below: (-inUse(doc).descender / 1000) * size,
})
