import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import {
  EXPERT_REVIEW_MOVES,
  EXPERT_REVIEW_STATES,
  type ExpertReviewState,
  reviewAfter,
  reviewStanding,
  reviewStateAt,
  VERDICTS,
} from './expert-review.ts'

const moves = fc.array(fc.constantFrom(...EXPERT_REVIEW_MOVES), { maxLength: 12 })

describe('the states of an expert review', () => {
  test('whatever is tried in whatever order: it is closed once, and answered only after it was viewed', () => {
    fc.assert(
      fc.property(moves, (tried) => {
        let state: ExpertReviewState = 'requested'
        const path: ExpertReviewState[] = [state]
        for (const move of tried) {
          const after = reviewAfter(state, move)
          if (after === undefined) continue
          state = after
          path.push(state)
        }
        const closed = path.filter((each) => each !== 'requested' && each !== 'viewed')
        expect(closed.length).toBeLessThanOrEqual(1)
        if (state === 'answered') expect(path.at(-2)).toBe('viewed')
        // Every state on the way is one of those that were promised.
        for (const each of path) expect(EXPERT_REVIEW_STATES).toContain(each)
      }),
    )
  })

  test('the clock closes what is open, and nothing else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...EXPERT_REVIEW_STATES), fc.nat(9), fc.nat(9), (state, end, now) => {
        const isOpen = state === 'requested' || state === 'viewed'
        const at = reviewStateAt({ state, expiresAt: asInstant(end) }, asInstant(now))
        expect(at).toBe(isOpen && now >= end ? 'expired' : state)
      }),
    )
  })
})

test('an expert counts once, by the last answer about what the version says today', () => {
  const review = fc.record({
    address: fc.constantFrom('a', 'b', 'c'),
    state: fc.constantFrom('answered' as const, 'answered' as const, 'declined' as const, 'viewed' as const),
    verdict: fc.constantFrom(...VERDICTS),
    isStale: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(review, { maxLength: 8 }), fc.nat(3), (reviews, need) => {
      const standing = reviewStanding(need, reviews)
      const last = ['a', 'b', 'c'].flatMap((who) => {
        const counted = reviews.filter(
          ({ address, state, isStale }) => address === who && state === 'answered' && !isStale,
        )
        return counted.slice(-1)
      })
      const agreeing = last.filter(({ verdict }) => verdict !== 'disagrees')
      expect([standing.have, standing.disagree]).toEqual([agreeing.length, last.length - agreeing.length])
      expect(standing.isEnough).toBe(agreeing.length >= need)
    }),
  )
})
