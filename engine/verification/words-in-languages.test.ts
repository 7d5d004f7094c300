import { expect, test } from 'vitest'
import type { JsonObject } from '#engine/shared/json.ts'
import { readWordsInLanguages, wordsFor } from './words-in-languages.ts'

const badge = (achievement: JsonObject): JsonObject => ({ name: 'Badge', credentialSubject: { achievement } })

test('a badge says in each language what its achievement and the related ones say', () => {
  const words = readWordsInLanguages(
    badge({
      inLanguage: 'en',
      name: 'First aid',
      description: 'Helps.',
      criteria: { narrative: 'A test.' },
      related: [
        {
          id: 'https://a.example/1?language=nl',
          inLanguage: 'nl',
          name: 'Eerste hulp',
          description: 'Helpt.',
          narrative: 'Een toets.',
        },
        { id: 'https://a.example/2', inLanguage: 'nl', name: 'Something else' },
        { id: 'https://a.example/3', name: 'No language' },
      ],
    }),
  )
  expect(words).toEqual([
    { language: 'en', name: 'First aid', description: 'Helps.', criteria: 'A test.' },
    { language: 'nl', name: 'Eerste hulp', description: 'Helpt.', criteria: 'Een toets.' },
  ])
  expect(wordsFor(words, 'nl-BE')?.name).toBe('Eerste hulp')
  expect(wordsFor(words, 'fr')).toBeUndefined()
})

test('other credentials tag each text', () => {
  const name = [
    { '@value': 'Diploma', '@language': 'nl' },
    { '@value': 'Degree', '@language': 'en-GB' },
    'Neither',
  ]
  expect(readWordsInLanguages({ name, description: { '@value': 'Een graad', '@language': 'nl' } })).toEqual([
    { language: 'nl', name: 'Diploma', description: 'Een graad' },
    { language: 'en-GB', name: 'Degree' },
  ])
})

test.each<[string, JsonObject]>([
  ['no texts', {}],
  [
    'texts of other kinds',
    badge({ inLanguage: 'en', name: 7, description: null, criteria: [null], related: 'x' }),
  ],
  ['a tag that is none', badge({ inLanguage: '<script>', name: 'x' })],
])('%s are no words', (_what, document) => {
  expect(readWordsInLanguages(document)).toEqual([])
})

test('a text cannot override the direction of what stands around it, and there is an end to the languages', () => {
  expect(readWordsInLanguages(badge({ inLanguage: 'en', name: '\u202Eegdab' }))[0]?.name).not.toContain(
    '\u202E',
  )
  const related = Array.from({ length: 60 }, (_, n) => ({ inLanguage: `x-${n}`, name: 'x' }))
  expect(readWordsInLanguages(badge({ related }))).toHaveLength(40)
})
