import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS } from '#engine/shared/duration.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { clockStep, type DirectAwardClock, expiryOf, nextMoment } from './direct-award-schedule.ts'
import {
  afterMove,
  claimedAtOf,
  DIRECT_AWARD_STATES,
  type DirectAwardMoveKind,
  type DirectAwardStanding,
  type DirectAwardState,
  isOpen,
  standingAsOf,
} from './direct-award-state.ts'

/** The obvious way: the whole table, written out. Time decides about the rest. */
const TABLE: Readonly<Record<string, DirectAwardState>> = {
  'scheduled send': 'unaccepted',
  'scheduled delete': 'deleted',
  'unaccepted claim': 'claimed',
  'unaccepted reject': 'rejected',
  'unaccepted revoke': 'revoked',
  'unaccepted expire': 'expired',
  'unaccepted delete': 'deleted',
  'claimed revoke': 'revoked',
  'revoked reinstate': 'claimed',
}
const KINDS = ['send', 'claim', 'reject', 'revoke', 'reinstate', 'expire', 'delete'] as const
const END = 100

const moves = fc.array(fc.record({ kind: fc.constantFrom(...KINDS), wait: fc.nat(60) }), { maxLength: 15 })

test('whatever is tried in whatever order, it goes where the table says, ends once, and stays there', () => {
  fc.assert(
    fc.property(moves, (tried) => {
      let standing: DirectAwardStanding = { state: 'scheduled', at: asInstant(0) }
      let now = 0
      const ends: DirectAwardState[] = []
      let claims = 0
      for (const { kind, wait } of tried) {
        now += wait
        const at = asInstant(now)
        const isLate = standing.state === 'unaccepted' && standing.expiresAt <= at
        const next = afterMove(
          standing,
          kind === 'send' ? { kind, at, expiresAt: asInstant(now + END) } : { kind, at },
        )
        // Only what was claimed can be reinstated.
        if (kind === 'reinstate' && claims === 0) expect(next).toBeUndefined()
        else expect(next?.state).toBe(expected(standing.state, kind, isLate))
        if (next === undefined) continue
        standing = next
        if (kind === 'claim') claims += 1
        if (!isOpen(next) && next.state !== 'claimed' && claims === 0) ends.push(next.state)
      }
      expect(ends.length).toBeLessThanOrEqual(1)
      expect(claims).toBeLessThanOrEqual(1)
      expect(claimedAtOf(standing) !== undefined).toBe(claims === 1)
    }),
  )
})

function expected(state: DirectAwardState, kind: DirectAwardMoveKind, isLate: boolean) {
  if (state === 'unaccepted' && (kind === 'claim' || kind === 'reject') && isLate) return undefined
  if (kind === 'expire' && !isLate) return undefined
  return TABLE[`${state} ${kind}`]
}

test('what is counted by state is all that was sent, whatever happens to each', () => {
  fc.assert(
    fc.property(fc.array(moves, { maxLength: 12 }), (histories) => {
      const ended = histories.map((tried) =>
        tried.reduce<DirectAwardStanding>(
          (standing, { kind }, n) =>
            afterMove(
              standing,
              kind === 'send'
                ? { kind, at: asInstant(n), expiresAt: asInstant(n + 3) }
                : { kind, at: asInstant(n) },
            ) ?? standing,
          { state: 'scheduled', at: asInstant(0) },
        ),
      )
      const count = (state: DirectAwardState) => ended.filter((each) => each.state === state).length
      expect(DIRECT_AWARD_STATES.reduce((sum, state) => sum + count(state), 0)).toBe(histories.length)
    }),
  )
})

const policy = fc.record({
  reminderDays: fc
    .uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 4 })
    .map((days) => days.sort((a, b) => a - b)),
  expiryDays: fc.integer({ min: 1, max: 25 }),
  keepDays: fc.nat(10),
  undoSeconds: fc.constant(300),
})

test('looked at whenever, each reminder is sent once at most, none early, none late, and it ends on its day', () => {
  fc.assert(
    fc.property(policy, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 }), (rules, waits) => {
      let award: DirectAwardClock = {
        standing: { state: 'scheduled', at: asInstant(DAY_MS) },
        policy: rules,
        reminded: 0,
      }
      let now = 0
      let sentAt = 0
      const reminded: number[] = []
      for (const quarter of waits) {
        now += (quarter * DAY_MS) / 4
        const at = asInstant(now)
        for (;;) {
          const next = nextMoment(award)
          const step = clockStep(award, at)
          expect(step !== undefined).toBe(next !== undefined && next <= at)
          if (step === undefined) break
          if (step.kind === 'pseudonymise') award = { ...award, pseudonymisedAt: at }
          if (step.kind === 'remind') {
            const days = rules.reminderDays[step.reminded - 1] ?? 0
            expect(sentAt + days * DAY_MS).toBeLessThanOrEqual(now)
            expect(now).toBeLessThan(sentAt + rules.expiryDays * DAY_MS)
            reminded.push(step.reminded)
            award = { ...award, reminded: step.reminded }
          }
          if (step.kind === 'send' || step.kind === 'expire') {
            if (step.kind === 'send') sentAt = now
            const move =
              step.kind === 'send'
                ? { kind: step.kind, at, expiresAt: expiryOf(at, rules) }
                : { kind: step.kind, at }
            award = { ...award, standing: afterMove(award.standing, move) ?? award.standing }
          }
        }
        const isOver = sentAt > 0 && now >= sentAt + rules.expiryDays * DAY_MS
        expect(award.standing.state).toBe(sentAt === 0 ? 'scheduled' : isOver ? 'expired' : 'unaccepted')
        expect(standingAsOf(award.standing, at)).toBe(award.standing)
      }
      expect(reminded).toEqual([...new Set(reminded)].sort((a, b) => a - b))
    }),
  )
})
