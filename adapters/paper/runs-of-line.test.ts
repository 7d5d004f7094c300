import bidiFactory, { type Bidi } from 'bidi-js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NOT_DRAWN, paragraphOf, runsOfLine } from './runs-of-line.ts'

const bidi = (bidiFactory as unknown as () => Bidi)()
const HEBREW: ReadonlySet<string> = new Set(['hebrew'])
const fontOf = (cluster: string) =>
  /[\u0590-\u05ff\u0660-\u0669]/.test(cluster) ? 'hebrew' : /[漢字]/.test(cluster) ? undefined : 'regular'

function drawn(text: string) {
  const missing: string[] = []
  const { words, isRightToLeft } = paragraphOf(text, fontOf, HEBREW, (letter) => missing.push(letter))
  // As the font turns it.
  const seen = runsOfLine(words).map(({ text, font }) =>
    font === 'hebrew' ? [...text].toReversed().join('') : text,
  )
  return { seen: seen.join(''), isRightToLeft, missing }
}

const piece = fc.constantFrom(...['a', 'bc', 'ש', 'לום', '12', '٣٤', '(', ')', '"', '-', ',', '!', '['])
const line = fc
  .array(fc.array(piece, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  .map((words) => words.map((word) => word.join('')).join(' '))

test('letters stand as the Unicode Bidirectional Algorithm has them, whatever is mixed', () => {
  fc.assert(
    fc.property(line, (text) => {
      const levels = bidi.getEmbeddingLevels(text, 'auto')
      expect(drawn(text)).toEqual({
        seen: bidi.getReorderedString(text, levels),
        isRightToLeft: levels.paragraphs[0]?.level === 1,
        missing: [],
      })
    }),
    { numRuns: 500 },
  )
})

test('what no font has is one mark, and each letter of it is told', () => {
  expect(drawn('漢字 ok 字')).toEqual({
    seen: `${NOT_DRAWN} ok ${NOT_DRAWN}`,
    isRightToLeft: false,
    missing: ['漢', '字', '字'],
  })
})
