import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import {
  type AfterAttempt,
  type AttemptOutcome,
  afterAttempt,
  hasFailedTooLong,
  JITTER,
  RETRY_WAITS,
} from './webhook-delivery.ts'

const outcome: fc.Arbitrary<AttemptOutcome> = fc.oneof(
  fc.integer({ min: 100, max: 599 }).map((status) => ({ kind: 'answered', status }) as const),
  fc.constantFrom('timeout', 'redirect', 'connection').map((error) => ({ kind: 'failed', error }) as const),
)
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const START = asInstant(1_800_000_000_000)

test('whatever a receiver answers, a delivery ends, and it ends as the obvious way says', () => {
  const answers = fc.array(fc.tuple(outcome, chance), { minLength: 10, maxLength: 10 })
  fc.assert(
    fc.property(answers, (given) => {
      let now: Instant = START
      let after: AfterAttempt = { state: 'waiting', nextAt: now }
      let attempts = 0
      for (const [each, luck] of given) {
        after = afterAttempt(++attempts, each, now, luck)
        if (after.state !== 'waiting') break
        expect(after.nextAt).toBeGreaterThan(now)
        now = after.nextAt
      }
      const statuses = given.map(([each]) => (each.kind === 'answered' ? each.status : 0))
      const end = statuses.findIndex((status) => (status >= 200 && status < 300) || status === 410)
      const arrived = end !== -1 && statuses[end] !== 410
      expect([after.state, attempts]).toEqual([arrived ? 'delivered' : 'failed', end === -1 ? 10 : end + 1])
    }),
  )
})

test('each wait is the one of its place, and longer by a fifth at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: RETRY_WAITS.length }), chance, (attempt, luck) => {
      const after = afterAttempt(attempt, { kind: 'answered', status: 500 }, START, luck)
      const wait = RETRY_WAITS[attempt - 1] ?? 0
      const waited = after.state === 'waiting' ? after.nextAt - START : -1
      expect(waited).toBeGreaterThanOrEqual(wait)
      expect(waited).toBeLessThanOrEqual(wait * (1 + JITTER))
    }),
  )
})

test('it is tried for more than three days, and given up before an endpoint is disabled for it', () => {
  const least = RETRY_WAITS.reduce((sum, wait) => sum + wait, 0)
  expect(least).toBeGreaterThan(3 * DAY_MS)
  expect(hasFailedTooLong(START, asInstant(START + least * (1 + JITTER)))).toBe(false)
  expect(hasFailedTooLong(START, asInstant(START + 5 * DAY_MS))).toBe(true)
})
