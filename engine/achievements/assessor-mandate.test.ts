import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import { criteriaOf, mandateMovesFrom, mandateState } from './assessor-mandate.ts'

const at = fc.integer({ min: 0, max: 20 }).map(asInstant)
const mandate = fc.record(
  {
    from: at,
    until: at,
    endedAt: at,
    expiredAt: at,
    accountId: fc.constant('a'),
    hasLeft: fc.boolean(),
    criteria: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
  },
  { requiredKeys: ['from', 'criteria'] },
)

describe('a mandate', () => {
  test('is active exactly within its days, while there is a person and nobody ended it', () => {
    fc.assert(
      fc.property(mandate, at, (given, now) => {
        const isWithin = given.from <= now && (given.until === undefined || now < given.until)
        const isThere = given.accountId !== undefined && given.hasLeft !== true
        const isActive = isWithin && isThere && given.endedAt === undefined
        expect(mandateState(given, now) === 'active').toBe(isActive)
      }),
    )
  })

  test('never comes back once it is over or ended', () => {
    fc.assert(
      fc.property(mandate, at, at, (given, one, other) => {
        const [before, after] = one < other ? [one, other] : [other, one]
        const state = mandateState(given, before)
        const isDone = state === 'over' || state === 'ended'
        if (isDone) expect(mandateState(given, after)).toBe(state)
      }),
    )
  })
})

test('a mandate that nobody accepted is expired, and never without saying what can be done', () => {
  fc.assert(
    fc.property(mandate, at, (given, now) => {
      const state = mandateState(given, now)
      const waits = given.accountId === undefined && given.endedAt === undefined
      const isOver = given.until !== undefined && given.until <= now
      expect(state === 'expired').toBe(waits && !isOver && given.expiredAt !== undefined)
      expect(mandateMovesFrom(state).includes('resend')).toBe(state === 'invited')
      expect(mandateMovesFrom(state)).not.toEqual([])
    }),
  )
})

test('one mandate for everything is for everything, and several add up', () => {
  fc.assert(
    fc.property(fc.array(mandate, { minLength: 1, maxLength: 4 }), (mandates) => {
      const all = ['a', 'b', 'c', 'd']
      const covers = (criteria: readonly string[], id: string) =>
        criteria.length === 0 || criteria.includes(id)
      const together = criteriaOf(mandates)
      for (const id of all)
        expect(covers(together, id)).toBe(mandates.some(({ criteria }) => covers(criteria, id)))
    }),
  )
})
