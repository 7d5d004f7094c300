import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import {
  afterMove,
  CONFIRMATION_MOVES,
  CONFIRMATION_STATES,
  type ConfirmationMove,
  type ConfirmationState,
  possibleMoves,
  stateAsOf,
} from './claim-confirmation.ts'

/** The obvious way: the whole table, written out. */
const TABLE: Readonly<Record<string, ConfirmationState>> = {
  'asked confirm': 'confirmed',
  'asked refuse': 'refused',
  'asked withdraw': 'withdrawn',
  'asked expire': 'expired',
}

const moves = fc.array(fc.constantFrom(...CONFIRMATION_MOVES), { maxLength: 12 })

test('every state and move leads where the table says, and nowhere else', () => {
  for (const state of CONFIRMATION_STATES)
    for (const move of CONFIRMATION_MOVES) {
      expect(afterMove(state, move)).toBe(TABLE[`${state} ${move}`])
      expect(possibleMoves(state).includes(move)).toBe(TABLE[`${state} ${move}`] !== undefined)
    }
})

test('whatever is tried in whatever order, the first move decides and no other changes anything', () => {
  fc.assert(
    fc.property(moves, (tried) => {
      let state: ConfirmationState = 'asked'
      const done: ConfirmationMove[] = []
      for (const move of tried) {
        const next = afterMove(state, move)
        if (next === undefined) continue
        state = next
        done.push(move)
      }
      expect(done).toEqual(tried.slice(0, 1))
      expect(state).toBe(tried[0] === undefined ? 'asked' : TABLE[`asked ${tried[0]}`])
    }),
  )
})

test('a question expires at its end, and a decision never does', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CONFIRMATION_STATES), fc.nat(100), fc.nat(100), (state, end, now) => {
      const seen = stateAsOf({ state, expiresAt: asInstant(end) }, asInstant(now))
      expect(seen).toBe(state === 'asked' && now >= end ? 'expired' : state)
    }),
  )
})
