import { expect, test } from 'vitest'
import { formatInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import { activityOf } from './award-activity.ts'

const at = (text: string) => parseInstant(text) as Instant
const monthly = (month: string) => ({
  occurrence: { kind: 'period', unit: 'month', zone: 'Europe/Amsterdam' } as const,
  named: `period:${month}@Europe/Amsterdam`,
})
const said = (...of: Parameters<typeof activityOf>) =>
  Object.values(activityOf(...of)).map((moment) => formatInstant(moment))

test('a rule that awards once a period says from its start to when it was met', () => {
  expect(said(monthly('2026-09'), at('2026-09-14T10:00:00Z'), [])).toEqual([
    '2026-08-31T22:00:00Z',
    '2026-09-14T10:00:00Z',
  ])
})

test('what holds until the end of a period was in that period, and not in the next one', () => {
  expect(said(monthly('2026-09'), at('2026-09-30T22:00:00Z'), [])).toEqual([
    '2026-08-31T22:00:00Z',
    '2026-09-30T21:59:59Z',
  ])
})

test('else the days of the evidence are told, whichever way it is sorted, and nothing where there is none', () => {
  const once = { occurrence: { kind: 'once' } as const, named: 'once' }
  const evidence = ['2026-09-03', '2026-09-01', '2026-09-02'].map((on) => ({ type: 'completed', on }))
  expect(said(once, at('2026-09-03T12:00:00Z'), evidence)).toEqual([
    '2026-09-01T00:00:00Z',
    '2026-09-03T00:00:00Z',
  ])
  expect(activityOf(once, at('2026-09-03T12:00:00Z'), [])).toEqual({})
})
