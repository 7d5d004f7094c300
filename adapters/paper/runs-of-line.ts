import bidiFactory, { type Bidi } from 'bidi-js'

/** A piece of a line, in one font and one direction: it is drawn as it stands here. */
export interface Run {
  readonly text: string
  readonly font: string
}

/** Which font has the letter and its marks; undefined where none has. */
export type FontOf = (cluster: string, before: string | undefined) => string | undefined

/** What stands where letters cannot be drawn. */
export const NOT_DRAWN = '[…]'

/** It comes as CommonJS whose one export is the function, and its types say otherwise. */
const bidi = (bidiFactory as unknown as () => Bidi)()
const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** A word of more letters is broken, as it may be wider than the paper. */
const LONGEST_WORD = 36

/** One paragraph, ready to be broken into lines: words with the runs of each, in the order in which they are read. */
export interface Paragraph {
  readonly isRightToLeft: boolean
  readonly words: readonly Word[]
}

/** A word with the space behind it. */
export interface Word {
  readonly pieces: readonly Piece[]
}

interface Piece extends Run {
  /** Of the Unicode Bidirectional Algorithm (UAX 9): odd from right to left. */
  readonly level: number
}

/** Splits a text without line feeds. `missing` is told each letter that no font has. */
export function paragraphOf(
  text: string,
  fontOf: FontOf,
  scriptsRightToLeft: ReadonlySet<string>,
  missing: (letter: string) => void,
): Paragraph {
  const drawn = drawable(text, fontOf, missing)
  const { levels, paragraphs } = bidi.getEmbeddingLevels(drawn.map(({ text }) => text).join(''), 'auto')
  const words: Piece[][] = []
  let at = 0
  let length = 0
  for (const { text, font } of drawn) {
    const level = levels[at] ?? 0
    const last = words.at(-1)
    const piece = last?.at(-1)
    // A space begins what comes before the next word, and stands alone.
    const isSpace = text === ' '
    length += 1
    if (last === undefined || (piece?.text === ' ' && !isSpace) || (length > LONGEST_WORD && !isSpace)) {
      words.push([{ text, font, level }])
      length = 1
    } else if (piece === undefined || isSpace || piece.font !== font || piece.level !== level)
      last.push({ text, font, level })
    else last[last.length - 1] = { text: piece.text + text, font, level }
    at += text.length
  }
  const shown = (piece: Piece): Piece => ({ ...piece, text: asDrawn(piece, scriptsRightToLeft) })
  return {
    isRightToLeft: (paragraphs[0]?.level ?? 0) % 2 === 1,
    words: words.map((pieces) => ({ pieces: pieces.map(shown) })),
  }
}

/**
 * The runs of a line from left to right (UAX 9, rule L2). Those in a script from right to left keep their letters in the order of
 * reading, as the font turns them round when it shapes them.
 */
export function runsOfLine(words: readonly Word[]): readonly Run[] {
  const pieces = words.flatMap((word) => word.pieces)
  while (pieces.at(-1)?.text === ' ') pieces.pop()
  const highest = Math.max(0, ...pieces.map(({ level }) => level))
  for (let level = highest; level > 0; level -= 1)
    for (let at = 0; at < pieces.length; at += 1) {
      let end = at
      while (end < pieces.length && (pieces[end]?.level ?? 0) >= level) end += 1
      if (end > at) pieces.splice(at, end - at, ...pieces.slice(at, end).toReversed())
      at = end
    }
  return pieces.map(({ text, font }) => ({ text, font }))
}

/** Each letter with a font that has it; what none has is one mark, however long it is. */
function drawable(text: string, fontOf: FontOf, missing: (letter: string) => void): readonly Run[] {
  const runs: Run[] = []
  let isHole = false
  for (const { segment } of clusters.segment(text)) {
    const before = runs.at(-1)?.font
    const font = fontOf(segment, before)
    if (font !== undefined) {
      runs.push({ text: segment, font })
      isHole = false
      continue
    }
    missing(segment)
    if (isHole) continue
    isHole = true
    for (const letter of NOT_DRAWN) runs.push({ text: letter, font: fontOf(letter, undefined) ?? '' })
  }
  return runs
}

/**
 * As the font must be given it: fonts of scripts from right to left turn round what is of their script, be it letters, which they
 * should, or numbers, which they should not.
 */
function asDrawn({ text, font, level }: Piece, scriptsRightToLeft: ReadonlySet<string>): string {
  const isTurnedByFont = scriptsRightToLeft.has(font) && OF_SCRIPT.test(text)
  const isRightToLeft = level % 2 === 1
  const letters = Array.from(clusters.segment(text), ({ segment }) =>
    isRightToLeft ? (bidi.getMirroredCharacter(segment) ?? segment) : segment,
  )
  return (isTurnedByFont === isRightToLeft ? letters : letters.toReversed()).join('')
}

/** Hebrew, Arabic, and what else is written from right to left in the first plane of Unicode. */
const OF_SCRIPT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/u
