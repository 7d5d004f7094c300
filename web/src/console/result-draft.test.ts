import { expect, test } from 'vitest'
import type { AchievementDefinition } from '#web/api/wire.ts'
import { emptyLevel, emptyResult, imageLevelsOf, resultDraftsOf, resultsOf } from './result-draft.ts'

const definition: AchievementDefinition = {
  language: 'en',
  name: { en: 'Talks' },
  description: { en: 'Talks well.' },
  criteria: { en: 'Talk.' },
  achievementType: 'Badge',
  tags: [],
  alignments: [],
  resultDescriptions: [
    { id: 'mark', name: { en: 'Mark', fr: 'Note' }, type: 'Percent', valueMin: '0', requiredValue: '55' },
    {
      id: 'communication',
      name: { en: 'Communication' },
      type: 'RubricCriterionLevel',
      requiredLevel: 'able',
      levels: [
        { id: 'begun', name: { en: 'Begun' }, level: '1', points: '0' },
        {
          id: 'able',
          name: { en: 'Able', de: 'Fähig' },
          description: { en: 'Explains it.' },
          alignments: [{ targetName: 'B2', targetUrl: 'https://example.org/b2' }],
        },
      ],
    },
  ],
}

test('what nobody changes in the form stays as it was, with what the form does not show', () => {
  expect(resultsOf(resultDraftsOf(definition), definition)).toEqual(definition.resultDescriptions)
  expect(resultsOf([], definition)).toBeUndefined()
})

test('levels go with the type that has them, and empty fields are not there', () => {
  const levels = [{ ...emptyLevel(), id: ' able ', nameNl: 'Kan het' }]
  const draft = { ...emptyResult(), id: 'skill', nameNl: 'Vaardigheid', requiredLevel: 'able', levels }
  expect(resultsOf([draft], undefined)).toEqual([
    {
      id: 'skill',
      name: { nl: 'Vaardigheid' },
      type: 'RubricCriterionLevel',
      requiredLevel: 'able',
      levels: [{ id: 'able', name: { nl: 'Kan het' } }],
    },
  ])
  expect(resultsOf([{ ...draft, type: 'Percent' }], undefined)).toEqual([
    { id: 'skill', name: { nl: 'Vaardigheid' }, type: 'Percent' },
  ])
})

test('pictures of levels stay as they were; a new one is called as its level, and goes with it', () => {
  const imageLevels = [
    {
      result: 'communication',
      level: 'able',
      image: 'a'.repeat(64),
      altText: { en: 'A green badge', de: 'Ein grüner Badge' },
    },
  ]
  const pictured = { ...definition, imageLevels }
  const drafts = resultDraftsOf(pictured)
  expect(imageLevelsOf(drafts, pictured)).toEqual(imageLevels)
  expect(imageLevelsOf(resultDraftsOf(definition), definition)).toBeUndefined()
  const levels = [{ ...emptyLevel(), id: ' begun ', nameEn: 'Begun', image: 'b'.repeat(64) }]
  const draft = { ...emptyResult(), id: 'skill', levels }
  expect(imageLevelsOf([draft], undefined)).toEqual([
    { result: 'skill', level: 'begun', image: 'b'.repeat(64), altText: { en: 'Begun' } },
  ])
  expect(imageLevelsOf([{ ...draft, type: 'Percent' }], undefined)).toBeUndefined()
})
