import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import { type Approval, approvalStanding, endorsementStanding, gateOf } from './award-gate.ts'

const people = ['ann', 'bob', 'cas', 'dee']
const approvals = fc.array(
  fc.record({ by: fc.constantFrom(...people), decision: fc.constantFrom('approved' as const, 'refused') }),
  { maxLength: 8 },
)

describe('approval by several people', () => {
  test('passes when enough different people said yes, one of whom had no hand in it where four eyes are asked for', () => {
    fc.assert(
      fc.property(
        approvals,
        fc.subarray(people),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (said, hands, quorum, fourEyes) => {
          const all = said.map(
            ({ by, decision }, n): Approval => ({
              by,
              decision: decision as Approval['decision'],
              hadAHand: hands.includes(by),
              at: asInstant(n),
            }),
          )
          const yes = people.filter((person) =>
            said.some(({ by, decision }) => by === person && decision === 'approved'),
          )
          const free = yes.filter((person) => !hands.includes(person))
          const standing = approvalStanding({ right: 'award', quorum, fourEyes }, all)
          expect(standing.have).toBe(yes.length)
          expect(standing.isPassed).toBe(yes.length >= quorum && (!fourEyes || free.length > 0))
        },
      ),
    )
  })

  test('where there are criteria, each of them was assessed by somebody who may', () => {
    const criteria = ['a', 'b', 'c']
    const said = fc.array(
      fc.record({
        by: fc.constantFrom(...people),
        decision: fc.constantFrom('approved' as const, 'refused' as const),
        mandate: fc.option(fc.subarray(criteria), { nil: undefined }),
      }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(said, fc.subarray(criteria), (saying, asked) => {
        const all = saying.map(
          ({ by, decision, mandate }, n): Approval => ({
            by,
            decision,
            hadAHand: false,
            at: asInstant(n),
            ...(mandate === undefined ? {} : { mandate: { id: String(n), criteria: mandate } }),
          }),
        )
        const yes = saying.filter(({ decision }) => decision === 'approved')
        const isEverything = yes.some(({ mandate }) => mandate === undefined || mandate.length === 0)
        const named = new Set(yes.flatMap(({ mandate = [] }) => mandate))
        const left = isEverything ? [] : asked.filter((id) => !named.has(id))
        const standing = approvalStanding(undefined, all, asked)
        expect(standing.unassessed).toEqual(left)
        expect(standing.isPassed).toBe(yes.length > 0 && left.length === 0)
      }),
    )
  })

  test('one yes of anybody is enough where the rule says no more', () => {
    const yes: Approval = { by: 'key:1', decision: 'approved', hadAHand: true, at: asInstant(0) }
    expect(approvalStanding(undefined, []).isPassed).toBe(false)
    expect(approvalStanding(undefined, [yes]).isPassed).toBe(true)
  })
})

describe('endorsers', () => {
  const states = ['requested', 'viewed', 'signed', 'published', 'rejected', 'withdrawn'] as const

  test('pass as soon as the quorum has signed, and fail as soon as it cannot be reached', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }),
        fc.array(
          fc.record({
            endorserDid: fc.constantFrom('a', 'b', 'c', 'd', 'stranger'),
            state: fc.constantFrom(...states),
          }),
        ),
        fc.integer({ min: 1, max: 4 }),
        (of, endorsements, quorum) => {
          const stateOf = (did: string) =>
            endorsements.filter(({ endorserDid }) => endorserDid === did).map(({ state }) => state)
          const has = (did: string, ...wanted: readonly string[]) =>
            stateOf(did).some((state) => wanted.includes(state))
          const signed = of.filter((did) => has(did, 'signed', 'published')).length
          const mayCome = of.filter(
            (did) => !has(did, 'signed', 'published') && has(did, 'requested', 'viewed'),
          ).length
          const { have, status } = endorsementStanding({ quorum, of }, endorsements)
          expect(have).toBe(signed)
          expect(status).toBe(signed >= quorum ? 'passed' : signed + mayCome < quorum ? 'failed' : 'open')
        },
      ),
    )
  })
})

test('an award takes along what asks something of it, and nothing else', () => {
  const approval = { right: 'award', quorum: 2 } as const
  expect(gateOf({})).toBeUndefined()
  expect(gateOf({ gate: {} })).toBeUndefined()
  const withCode = { gate: { approval, code: 'SPRING' } }
  expect(gateOf(withCode)).toEqual({ approval })
})
