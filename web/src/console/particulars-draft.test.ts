import { expect, test } from 'vitest'
import { particularsDraftOf, particularsOf } from './particulars-draft.ts'

const BEFORE = {
  activityStartDate: '2026-09-01T08:30:00Z',
  activityEndDate: '2026-11-30T00:00:00Z',
  creditsEarned: 2.5,
  role: 'Group leader',
  source: { id: 'https://assessor.example.org', name: 'Assessor' },
}

test('a form that nobody touched says what was there, to the second', () => {
  expect(particularsOf(particularsDraftOf(BEFORE), BEFORE)).toEqual(BEFORE)
})

test('days are the beginning of a day of UTC, and an empty form says nothing', () => {
  const empty = particularsDraftOf(undefined)
  expect(particularsOf(empty)).toBeUndefined()
  expect(
    particularsOf({ ...empty, activityStartDate: '2026-09-02', creditsEarned: '1,5', term: ' Autumn ' }),
  ).toEqual({ activityStartDate: '2026-09-02T00:00:00Z', creditsEarned: 1.5, term: 'Autumn' })
})
