import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { factAt } from './logged-fact.ts'

const facts = fc.array(
  fc.record({
    time: fc.integer({ min: 0, max: 5 }).map(asInstant),
    sourceId: fc.string({ minLength: 1, maxLength: 2 }),
  }),
  { maxLength: 12 },
)

test('what holds at a moment is the last of the facts by then, sorted by time and id', () => {
  fc.assert(
    fc.property(facts, fc.integer({ min: -1, max: 6 }).map(asInstant), (log, at) => {
      const obvious = log
        .filter(({ time }) => time <= at)
        .sort((a, b) => a.time - b.time || (a.sourceId < b.sourceId ? -1 : a.sourceId > b.sourceId ? 1 : 0))
        .at(-1)
      expect(factAt(log, at)?.time).toBe(obvious?.time)
      expect(factAt(log, at)?.sourceId).toBe(obvious?.sourceId)
    }),
  )
})

test('the order in which facts were recorded does not matter', () => {
  fc.assert(
    fc.property(facts, (log) => {
      const last = Number.POSITIVE_INFINITY as Instant
      const backwards = factAt([...log].reverse(), last)
      expect([backwards?.time, backwards?.sourceId]).toEqual([
        factAt(log, last)?.time,
        factAt(log, last)?.sourceId,
      ])
    }),
  )
})
