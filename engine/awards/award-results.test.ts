import { expect, test } from 'vitest'
import { awardResult, resultEntries, unsayableResults } from './award-results.ts'

test('a value is text, and has no digits that nobody measured', () => {
  const written = (value: string | number | boolean) =>
    awardResult({ resultDescription: 'exam', value }).value
  expect([0.1 + 0.2, 85, 1e21, -0.5, 'A', true].map(written)).toEqual([
    '0.3',
    '85',
    '1e+21',
    '-0.5',
    'A',
    'true',
  ])
})

const achievement = 'https://x.example/achievements/1'

test('a result names its description by the address that the achievement gives it', () => {
  const described = [{ id: 'exam', name: { en: 'Exam' }, type: 'RawScore' }]
  expect(resultEntries(achievement, described, [{ resultDescription: 'exam', value: '8' }])).toEqual([
    { resultDescription: `${achievement}#result-exam`, value: '8' },
  ])
})

test('a result with levels is one of them, or is not said', () => {
  const levels = [
    { id: 'begun', name: { en: 'Begun' }, points: '0' },
    { id: 'able', name: { en: 'Able' }, points: '1' },
  ]
  const described = [{ id: 'talks', name: { en: 'Talks' }, type: 'RubricCriterionLevel', levels }]
  const said = (value: string) =>
    resultEntries(achievement, described, [{ resultDescription: 'talks', value }])
  expect(said('1')).toEqual([
    {
      resultDescription: `${achievement}#result-talks`,
      achievedLevel: `${achievement}#result-talks-level-able`,
      value: '1',
    },
  ])
  expect(said('2')).toEqual([])
})

test('what no badge can say is told by its place: an unknown result, and a value that is no level', () => {
  const described = [
    { id: 'exam', name: { en: 'Exam' }, type: 'RawScore' },
    {
      id: 'rubric',
      name: { en: 'Rubric' },
      type: 'RubricLevel',
      levels: [{ id: 'able', name: { en: 'Able' } }],
    },
  ] as const
  const results = [
    { resultDescription: 'exam', value: '8' },
    { resultDescription: 'essay', value: '7' },
    { resultDescription: 'rubric', value: 'able' },
    { resultDescription: 'rubric', value: '7' },
    { resultDescription: 'exam', value: 'anything' },
  ]
  expect(unsayableResults(described, results)).toEqual([1, 3, 4])
})
