import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  AWARD_STEPS,
  type AwardLife,
  type AwardTurn,
  currentEdition,
  isSuspended,
  pendingEdition,
  possibleSteps,
  REVOCABLE_STATES,
  takeTurn,
} from './award-life.ts'

const TURNS: readonly AwardTurn[] = [...AWARD_STEPS, 'sign', 'expire', 'supersede']
const DUE: AwardLife = {
  state: 'due',
  editions: [{ edition: 1, cause: 'issued', state: 'prepared' }],
}

/** The obvious way: a list of what happened, read from the beginning for every question. */
interface Told {
  readonly turn: AwardTurn
}

function bitsAsTold(told: readonly Told[]): readonly boolean[] {
  const bits: boolean[] = []
  let pending: 'first' | 'next' | undefined = 'first'
  for (const { turn } of told) {
    if (turn === 'correct' || turn === 'reissue' || turn === 'reinstate') pending = 'next'
    if (turn === 'suspend' || turn === 'revoke') {
      if (pending === 'next') pending = undefined
      if (bits.length > 0) bits[bits.length - 1] = true
    }
    if (turn === 'sign') {
      if (bits.length > 0) bits[bits.length - 1] = true
      bits.push(false)
      pending = undefined
    }
  }
  return bits
}

describe('the life of an award and its editions', () => {
  test('in whichever order turns come, only legal ones are taken, and exactly what ended has its bit set', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...TURNS), { maxLength: 60 }), (turns) => {
        let life = DUE
        const told: Told[] = []
        for (const turn of turns) {
          const before = life
          const after = takeTurn(life, turn)
          if (after === undefined) continue
          life = after
          told.push({ turn })

          // Numbered without gaps, and at most the last one waits to be signed.
          expect(life.editions.map(({ edition }) => edition)).toEqual(life.editions.map((_, at) => at + 1))
          expect(life.editions.slice(0, -1).every(({ state }) => state === 'signed')).toBe(true)
          // What is signed stays signed, and a bit once set stays set.
          const signedBefore = before.editions.filter(({ state }) => state === 'signed')
          for (const edition of signedBefore) {
            const now = life.editions[edition.edition - 1]
            expect(now?.state).toBe('signed')
            if (edition.end !== undefined) expect(now?.end).toBeDefined()
          }
          // Every edition but the current one is over, and the current one exactly where the award is.
          const signed = life.editions.filter(({ state }) => state === 'signed')
          expect(signed.slice(0, -1).every(({ end }) => end === 'superseded')).toBe(true)
          const isOver = currentEdition(life.editions)?.end !== undefined
          if (signed.length > 0 && life.state === 'issued') expect(isOver).toBe(isSuspended(life))
          if (signed.length > 0) expect(life.state === 'revoked' ? isOver : true).toBe(true)
          // Nobody has two editions that are valid.
          expect(signed.filter(({ end }) => end === undefined).length).toBeLessThanOrEqual(1)
          expect(signed.map(({ end }) => end !== undefined)).toEqual(bitsAsTold(told))
        }
      }),
    )
  })

  test('a step that is possible is taken, and one that is not leads nowhere', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...TURNS), { maxLength: 30 }), (turns) => {
        const life = turns.reduce((now, turn) => takeTurn(now, turn) ?? now, DUE)
        for (const step of AWARD_STEPS)
          expect(takeTurn(life, step) !== undefined).toBe(possibleSteps(life).includes(step))
        expect(REVOCABLE_STATES.includes(life.state)).toBe(possibleSteps(life).includes('revoke'))
      }),
    )
  })

  test('a revoked award comes back only by an edition that is signed', () => {
    const issued = takeTurn(DUE, 'sign')
    const revoked = issued && takeTurn(issued, 'revoke')
    const asked = revoked && takeTurn(revoked, 'reinstate')
    expect(asked).toMatchObject({ state: 'revoked' })
    expect(asked && possibleSteps(asked)).toEqual([])
    const back = asked && takeTurn(asked, 'sign')
    expect(back).toEqual({
      state: 'issued',
      editions: [
        { edition: 1, cause: 'issued', state: 'signed', end: 'superseded' },
        { edition: 2, cause: 'reinstated', state: 'signed' },
      ],
    })
  })

  test('revoking while a correction waits drops the correction, and its number is used again', () => {
    const turns: AwardTurn[] = ['sign', 'correct', 'revoke', 'reinstate', 'sign']
    const life = turns.reduce((now, turn) => takeTurn(now, turn) ?? now, DUE)
    expect(life.editions.map(({ cause }) => cause)).toEqual(['issued', 'reinstated'])
  })

  test('an edition that could not be signed makes room for the next one', () => {
    const parked: AwardLife = {
      state: 'issued',
      editions: [
        { edition: 1, cause: 'issued', state: 'signed' },
        { edition: 2, cause: 'corrected', state: 'prepared', isParked: true },
      ],
    }
    expect(pendingEdition(parked.editions)).toBeUndefined()
    expect(takeTurn(parked, 'correct')?.editions).toEqual([
      { edition: 1, cause: 'issued', state: 'signed' },
      { edition: 2, cause: 'corrected', state: 'prepared' },
    ])
  })

  test('what has expired is not corrected, and signing waits for nobody', () => {
    const life = (['sign', 'correct', 'expire'] as const).reduce(
      (now, turn) => takeTurn(now, turn) ?? now,
      DUE,
    )
    expect(life.state).toBe('expired')
    expect(takeTurn(life, 'sign')).toBeUndefined()
    expect(possibleSteps(life)).toEqual(['renew'])
  })
})
