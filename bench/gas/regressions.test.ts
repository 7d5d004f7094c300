import { expect, test } from 'vitest'
import { regressions, savings } from './regressions.ts'

const recorded = { floor: 1_000, ours: { anchor: [10_000, 20_000], revoke: 33_000 } }

test('a figure more than 1 % above its record is named, and one at 1 % is not', () => {
  const measured = { floor: 1_000, ours: { anchor: [10_100, 20_201], revoke: 33_000 } }
  expect(regressions(measured, recorded)).toEqual([
    { of: 'ours.anchor.1', recorded: 20_000, measured: 20_201 },
  ])
})

test('a figure without a record and a record without a figure are named', () => {
  const measured = { floor: 1_000, ours: { anchor: [10_000], revoke: 33_000, verify: 14_000 } }
  expect(regressions(measured, recorded).map(({ of }) => of)).toEqual(['ours.verify', 'ours.anchor.1'])
})

test('what became cheaper is no regression, and is named apart', () => {
  const measured = { floor: 1_000, ours: { anchor: [10_000, 20_000], revoke: 32_999 } }
  expect(regressions(measured, recorded)).toEqual([])
  expect(savings(measured, recorded)).toEqual([{ of: 'ours.revoke', recorded: 33_000, measured: 32_999 }])
})
