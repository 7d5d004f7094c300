import fc from 'fast-check'
import { expect, test } from 'vitest'
import { movesFrom, stateAfter, type VersionMove, type VersionState } from './achievement-life-cycle.ts'

/** The obvious way: every arrow of the picture, written down. */
const ARROWS: readonly (readonly [VersionState, VersionMove, VersionState])[] = [
  ['draft', 'submit', 'in_review'],
  ['draft', 'publish', 'published'],
  ['in_review', 'approve', 'approved'],
  ['in_review', 'return', 'draft'],
  ['approved', 'return', 'draft'],
  ['approved', 'publish', 'published'],
  ['published', 'retire', 'retired'],
  ['published', 'withdraw', 'withdrawn'],
  ['retired', 'withdraw', 'withdrawn'],
]
const STATES: readonly VersionState[] = [
  'draft',
  'in_review',
  'approved',
  'published',
  'retired',
  'withdrawn',
]
const MOVES: readonly VersionMove[] = ['submit', 'approve', 'return', 'publish', 'retire', 'withdraw']

test('a move leads where the picture says, and nowhere else', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STATES),
      fc.constantFrom(...MOVES),
      fc.boolean(),
      (state, move, wanted) => {
        const arrow = ARROWS.find(([from, by]) => from === state && by === move)
        const isBarred = wanted && state === 'draft' && move === 'publish'
        expect(stateAfter(state, move, wanted)).toBe(isBarred ? undefined : arrow?.[2])
        expect(movesFrom(state, wanted).includes(move)).toBe(arrow !== undefined && !isBarred)
      },
    ),
  )
})

test('where a review is wanted, no walk of moves gets to published without an approval, and none comes back', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...MOVES), { maxLength: 30 }), (moves) => {
      let state: VersionState = 'draft'
      let last: VersionMove | undefined
      for (const move of moves) {
        const before: VersionState = state
        const after = stateAfter(before, move, true)
        if (after === undefined) continue
        if (after === 'published') expect([before, last]).toEqual(['approved', 'approve'])
        if (['published', 'retired', 'withdrawn'].includes(before))
          expect(['retired', 'withdrawn']).toContain(after)
        state = after
        last = move
      }
    }),
  )
})
