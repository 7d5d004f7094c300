import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isVisible } from './visible-text.ts'

const BLANK = [
  ' ',
  '\t',
  '\n',
  '\u00A0',
  '\u00AD',
  '\u200B',
  '\u200D',
  '\u2060',
  '\u3000',
  '\u3164',
  '\uFEFF',
  '\u2800',
]

test('any number of what shows nothing shows nothing, and one letter among them does', () => {
  const blanks = fc.array(fc.constantFrom(...BLANK)).map((all) => all.join(''))
  fc.assert(
    fc.property(
      blanks,
      fc.constantFrom('a', 'é', '字', '7', '!', '🎓', 'ا'),
      blanks,
      (before, shown, after) => {
        expect(isVisible(before)).toBe(false)
        expect(isVisible(before + shown + after)).toBe(true)
      },
    ),
  )
})
