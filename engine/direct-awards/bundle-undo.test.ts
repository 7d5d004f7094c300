import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import { bundleUndoOutcome } from './bundle-undo.ts'
import { canBeUndone, DEFAULT_POLICY } from './direct-award-schedule.ts'
import { afterMove, type DirectAwardStanding } from './direct-award-state.ts'

const END = 1_000_000

const standing = fc
  .array(fc.constantFrom('send', 'claim', 'reject', 'revoke', 'delete'), { maxLength: 4 })
  .map((moves) =>
    moves.reduce<DirectAwardStanding>(
      (at, kind) =>
        afterMove(
          at,
          kind === 'send'
            ? { kind, at: asInstant(0), expiresAt: asInstant(END) }
            : { kind, at: asInstant(0) },
        ) ?? at,
      { state: 'scheduled', at: asInstant(0) },
    ),
  )

test('a row is undone exactly where its direct award could have been at the moment when somebody asked', () => {
  fc.assert(
    fc.property(standing, fc.nat(600_000), fc.nat(900_000), (now, askedAt, later) => {
      const award = { standing: now, createdAt: asInstant(0), policy: DEFAULT_POLICY, reminded: 0 }
      const asked = asInstant(askedAt)
      const outcome = bundleUndoOutcome(award, { askedAt: asked, now: asInstant(askedAt + later) })
      const isStillOpen = now.state === 'scheduled' || (now.state === 'unaccepted' && askedAt + later < END)
      if (now.state === 'claimed') expect(outcome).toBe('claimed')
      else if (!isStillOpen) expect(outcome).toBe('over')
      else expect(outcome).toBe(canBeUndone(award, asked) ? 'undone' : 'too_late')
    }),
  )
})
