import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AchievementDefinition } from './achievement-definition.ts'
import { imageReached, withImageReached } from './image-level.ts'

const en = { en: 'X' }
const definition: AchievementDefinition = {
  language: 'en',
  name: en,
  description: en,
  criteria: en,
  achievementType: 'Badge',
  tags: [],
  alignments: [],
  image: 'plain',
  resultDescriptions: [
    { id: 'exam', name: en, type: 'RawScore' },
    {
      id: 'talks',
      name: en,
      type: 'RubricCriterionLevel',
      levels: [
        { id: 'begun', name: en, points: '0' },
        { id: 'able', name: en, level: 'B' },
        { id: 'mastered', name: en, level: 'A', points: '0.9' },
      ],
    },
  ],
  imageLevels: [
    { result: 'talks', level: 'begun', image: 'bronze', altText: { en: 'Bronze' } },
    { result: 'talks', level: 'mastered', image: 'gold', altText: { en: 'Gold' } },
  ],
}

test.each([
  ['begun', 'bronze'],
  ['0', 'bronze'],
  ['0.90', 'gold'],
  ['A', 'gold'],
  ['B', 'plain'],
  ['7', 'plain'],
])('a result of %s gets the %s picture', (value, image) => {
  const results = [
    { resultDescription: 'exam', value: 'begun' },
    { resultDescription: 'talks', value },
  ]
  expect(withImageReached(definition, results).image).toBe(image)
})

test('without a result, and without pictures of levels, a definition stays the very same', () => {
  expect(withImageReached(definition, [])).toBe(definition)
  const { imageLevels: _, ...plain } = definition
  fc.assert(
    fc.property(fc.constantFrom('begun', 'able', 'A', '0', 'x'), (value) => {
      expect(imageReached(plain, [{ resultDescription: 'talks', value }])).toBeUndefined()
    }),
  )
})
