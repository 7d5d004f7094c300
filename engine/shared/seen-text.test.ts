import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seenText } from './seen-text.ts'

test.each([
  ['\u202Egpj.egdab', 'gpj.egdab'],
  ['Ad\u200Bmin', 'Admin'],
  ['\u200B\u2066 ', undefined],
  ['\u200D', undefined],
  ['نام\u200Cها', 'نام\u200Cها'],
  ['👩\u200D🏫', '👩\u200D🏫'],
  ['two\nlines', 'two\nlines'],
  ['a\u0007b', 'ab'],
])('%j is seen as %j', (text, seen) => {
  expect(seenText(text)).toBe(seen)
})

test('what is seen is seen the same again, and has nothing that was not there', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const seen = seenText(text)
      if (seen === undefined) return
      expect(seenText(seen)).toBe(seen)
      const there = [...text.toWellFormed()]
      let at = 0
      const isThere = (letter: string) => {
        at = there.indexOf(letter, at) + 1
        return at > 0
      }
      expect([...seen].every(isThere)).toBe(true)
    }),
  )
})
