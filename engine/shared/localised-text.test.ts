import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textIn, textWithLanguage } from './localised-text.ts'

const TAGS = ['nl', 'nl-BE', 'en', 'fr'] as const

test('a text comes with its language: the reader’s, its plain form, the document’s, or whichever there is', () => {
  const tag = fc.constantFrom(...TAGS)
  const texts = fc.dictionary(tag, fc.string({ minLength: 1 }), { minKeys: 1 })
  fc.assert(
    fc.property(texts, tag, tag, (text, wanted, fallback) => {
      const found = textWithLanguage(text, wanted, fallback)
      expect(text[found.language]).toBe(found.text)
      const has = (each: string) => Object.hasOwn(text, each)
      if (has(wanted)) expect(found.language).toBe(wanted)
      else if (wanted === 'nl-BE' && has('nl')) expect(found.language).toBe('nl')
      else expect(found.text).toBe(textIn(text, wanted, fallback))
    }),
  )
  expect(textWithLanguage({}, 'nl', 'en')).toEqual({ text: '', language: 'en' })
})
