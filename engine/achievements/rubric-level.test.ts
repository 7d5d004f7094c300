import fc from 'fast-check'
import { expect, test } from 'vitest'
import { levelReached, type RubricLevel } from './rubric-level.ts'

const levels: readonly RubricLevel[] = [
  { id: 'begun', name: { en: 'Begun' }, level: '1', points: '0' },
  { id: 'able', name: { en: 'Able' }, level: '2', points: '1' },
  { id: 'mastered', name: { en: 'Mastered' }, level: '3', points: '2.50' },
  { id: '9', name: { en: 'An id that looks like a number' } },
]

test.each([
  ['able', 'able'],
  ['3', 'mastered'],
  ['2.5', 'mastered'],
  ['0', 'begun'],
  // The scale goes before the points, and an id before both.
  ['2', 'able'],
  ['1', 'begun'],
  ['9', '9'],
  ['', undefined],
  [' ', undefined],
  ['Able', undefined],
  ['7', undefined],
])('%j means %j', (value, expected) => {
  expect(levelReached(levels, value)?.id).toBe(expected)
})

test('what is reached is always one of the levels, and every id reaches its own', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(...levels), (value, level) => {
      const reached = levelReached(levels, value)
      if (reached !== undefined) expect(levels).toContain(reached)
      expect(levelReached(levels, level.id)).toBe(level)
    }),
  )
})
