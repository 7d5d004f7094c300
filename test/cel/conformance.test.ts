import { expect, test } from 'vitest'
import { runConformance } from './conformance.ts'
import { isGood, scoreOf, THRESHOLDS } from './score.ts'

const results = runConformance()

test('the official core cases that need no protobuf give the official values', () => {
  const core = scoreOf(results.filter(({ isCore }) => isCore))
  expect(core.applied).toBeGreaterThan(1000)
  expect((100 * core.passed) / core.applied).toBeGreaterThanOrEqual(THRESHOLDS.passed)
})

test('the checker finds the official types', () => {
  const all = scoreOf(results)
  expect(all.typed).toBeGreaterThan(1000)
  expect((100 * all.agreed) / all.typed).toBeGreaterThanOrEqual(THRESHOLDS.types)
  expect(isGood(results)).toBe(true)
})

test('the official cases of the extensions give the official values, too', () => {
  const faults = results.filter(({ isCore, evaluation }) => !isCore && evaluation !== undefined)
  expect(faults).toEqual([])
})

test('cases are left out for protobuf only, and a wrong value is seen', () => {
  const reasons = new Set(results.map(({ leftOut }) => leftOut))
  expect(
    [...reasons].filter((reason) => reason !== undefined).every((one) => /message|protobuf/.test(one)),
  ).toBe(true)
  const [first] = results
  const broken = results.map((one) =>
    one.isCore && one.leftOut === undefined ? { ...one, evaluation: 'x' } : one,
  )
  expect(first?.evaluation).toBeUndefined()
  expect(isGood(broken)).toBe(false)
})
