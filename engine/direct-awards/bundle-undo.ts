import type { Instant } from '#engine/shared/instant.ts'
import { type DirectAwardPolicy, undoEnd } from './direct-award-schedule.ts'
import { type DirectAwardStanding, isOpen, standingAsOf } from './direct-award-state.ts'

/** What became of a row of a list that was undone: taken away, left as its time was over, claimed before, or over by itself. */
export const BUNDLE_UNDO_OUTCOMES = ['undone', 'too_late', 'claimed', 'over'] as const
export type BundleUndoOutcome = (typeof BUNDLE_UNDO_OUTCOMES)[number]

/**
 * Of one direct award of a list. Its time counts up to the moment at which somebody asked, however long the list takes;
 * what its earner does meanwhile counts more.
 */
export function bundleUndoOutcome(
  {
    standing,
    createdAt,
    policy,
  }: {
    readonly standing: DirectAwardStanding
    readonly createdAt: Instant
    readonly policy: DirectAwardPolicy
  },
  { askedAt, now }: { readonly askedAt: Instant; readonly now: Instant },
): BundleUndoOutcome {
  const current = standingAsOf(standing, now)
  if (current.state === 'claimed') return 'claimed'
  if (!isOpen(current)) return 'over'
  return askedAt < undoEnd(createdAt, policy) ? 'undone' : 'too_late'
}
