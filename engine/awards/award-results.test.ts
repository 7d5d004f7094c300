import { expect, test } from 'vitest'
import { awardResult, resultEntry } from './award-results.ts'

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

test('a result names its description by the address that the achievement gives it', () => {
  expect(resultEntry('https://x.example/achievements/1', { resultDescription: 'exam', value: '8' })).toEqual({
    resultDescription: 'https://x.example/achievements/1#result-exam',
    value: '8',
  })
})
