/** Lines of text, and how big they are written. */
export interface FittedText {
  readonly size: number
  readonly lines: readonly string[]
  /** False: a word was broken, or the end is left out. */
  readonly fits: boolean
}

/** How far apart lines stand, in sizes. */
export const LINE_HEIGHT = 1.18

/**
 * Writes a text as large as it fits in a box, without breaking a word; at the smallest size words are broken, and what
 * comes after the last line is an ellipsis.
 */
export function fitText(
  text: string,
  box: {
    readonly width: number
    readonly height: number
    readonly lines: number
    readonly sizes: readonly number[]
  },
): FittedText {
  const words = printable(text)
    .split(' ')
    .filter((word) => word !== '')
  let smallest = 1
  for (const size of box.sizes) {
    smallest = size
    const room = Math.min(box.lines, Math.floor(box.height / (size * LINE_HEIGHT)))
    const lines = wrap(words, box.width / size)
    if (lines !== undefined && lines.length <= room) return { size, lines, fits: true }
  }
  const most = box.width / smallest
  const lines =
    wrap(
      words.flatMap((word) => broken(word, most)),
      most,
    ) ?? []
  const room = Math.max(1, Math.min(box.lines, Math.floor(box.height / (smallest * LINE_HEIGHT))))
  if (lines.length <= room) return { size: smallest, lines, fits: false }
  return {
    size: smallest,
    lines: [...lines.slice(0, room - 1), shortened(lines[room - 1] ?? '', most)],
    fits: false,
  }
}

/** What XML 1.0 can hold and a line of text shows: no control characters and none that turn the direction of writing. */
const printable = (text: string): string =>
  text
    .toWellFormed()
    .replace(
      /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF0-\uFFFB\uFFFE\uFFFF]/gu,
      ' ',
    )
    .replace(/\s+/gu, ' ')
    .trim()

/** Undefined when a word is wider than a line. */
function wrap(words: readonly string[], most: number): string[] | undefined {
  const lines: string[] = []
  for (const word of words) {
    if (textWidth(word) > most) return undefined
    const line = lines.at(-1)
    if (line !== undefined && textWidth(`${line} ${word}`) <= most)
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

function broken(word: string, most: number): string[] {
  const parts: string[] = []
  let part = ''
  for (const character of word) {
    if (part !== '' && textWidth(part + character) > most) {
      parts.push(part)
      part = ''
    }
    part += character
  }
  return [...parts, part]
}

function shortened(line: string, most: number): string {
  const characters = [...line]
  while (characters.length > 0 && textWidth(`${characters.join('')}…`) > most) characters.pop()
  return `${characters.join('').trimEnd()}…`
}

/** At most how wide a text is in Inter, in sizes. Wider than it is where the font does not tell: never narrower. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += widthOf(character)
  return width
}

function widthOf(character: string): number {
  const base = character.normalize('NFD').codePointAt(0) ?? 0
  // An accent may be wider than the letter below it.
  return plainWidth(base) + (base === character.codePointAt(0) ? 0 : 0.06)
}

function plainWidth(code: number): number {
  const plain = String.fromCodePoint(code)
  if (" !'|,.:;ijl".includes(plain)) return 0.36
  if ('MWmw@%…—'.includes(plain)) return 1.04
  if (plain >= 'a' && plain <= 'z') return 0.66
  if (plain >= 'A' && plain <= 'Z') return 0.82
  return code < 0x7f ? 0.72 : 1.4
}
