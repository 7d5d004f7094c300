import { expect, test } from 'vitest'
import { readDryRunResult } from './dry-run-result.ts'

const person = (subjectId: string | null, metAt: string | null) => ({
  subjectId,
  outcome: metAt === null ? null : 'award',
  metAt,
  trace: { kind: 'count' },
  words: { en: ['Done.'], nl: ['Gehaald.'] },
})

test('a result is read with its difference, its people and its near misses', () => {
  const result = readDryRunResult({
    events: 7,
    wouldAward: 2,
    alreadyAwarded: 1,
    notKnown: 1,
    sample: [person('a', '2026-09-03T09:00:00Z'), person(null, '2026-09-03T09:00:00Z')],
    nearMisses: [{ leaf: 'modules', path: '/when', conjunct: 'event.score >= 0.7', people: 3 }],
    difference: {
      version: 4,
      wouldAward: 1,
      wouldNoLongerAward: 2,
      sample: { wouldAward: [person('a', '2026-09-03T09:00:00Z')], wouldNoLongerAward: [person('b', null)] },
    },
    skipped: [{ subjectId: 'c', code: 'internal' }],
  })
  expect(result).toMatchObject({
    events: 7,
    wouldAward: 2,
    alreadyAwarded: 1,
    notKnown: 1,
    skipped: 1,
    sample: [
      { subjectId: 'a', metAt: '2026-09-03T09:00:00Z', words: { nl: ['Gehaald.'] } },
      { metAt: '2026-09-03T09:00:00Z' },
    ],
    nearMisses: [{ part: 'modules', path: '/when', condition: 'event.score >= 0.7', people: 3 }],
    difference: { version: 4, gained: 1, lost: 2, lostSample: [{ subjectId: 'b' }] },
  })
  expect(result?.sample[1]).not.toHaveProperty('subjectId')
  expect(result?.difference?.lostSample[0]).not.toHaveProperty('metAt')
})

test('a job that has looked at nobody has found nothing yet, and what is not there counts as nothing', () => {
  expect(readDryRunResult(null)).toBeUndefined()
  expect(readDryRunResult({})).toBeUndefined()
  expect(readDryRunResult({ events: 0, difference: null })).toEqual({
    events: 0,
    wouldAward: 0,
    alreadyAwarded: 0,
    notKnown: 0,
    skipped: 0,
    sample: [],
    nearMisses: [],
  })
})
