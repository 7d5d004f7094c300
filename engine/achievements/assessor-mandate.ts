import type { Instant } from '#engine/shared/instant.ts'

/** What a mandate to assess rests on: when it holds, of which criteria, and whether there is a person behind it yet. */
export interface MandateTerms {
  readonly from: Instant
  /** Not any more from then on. */
  readonly until?: Instant
  /** Ids of criteria; none: all of them. */
  readonly criteria: readonly string[]
  /** The member who assesses; nobody until an invitation is accepted. */
  readonly accountId?: string
  /** They are no member any more. */
  readonly hasLeft?: boolean
  readonly endedAt?: Instant
}

/**
 * `invited → upcoming → active → over`, by the clock, and `ended` by a person at any time; `left` while the assessor is no
 * member. Only an active mandate lets somebody assess.
 */
export const MANDATE_STATES = ['invited', 'upcoming', 'active', 'over', 'left', 'ended'] as const
export type MandateState = (typeof MANDATE_STATES)[number]

export function mandateState(mandate: MandateTerms, now: Instant): MandateState {
  const { from, until, accountId, hasLeft = false, endedAt } = mandate
  if (endedAt !== undefined) return 'ended'
  if (until !== undefined && until <= now) return 'over'
  if (accountId === undefined) return 'invited'
  if (hasLeft) return 'left'
  return from > now ? 'upcoming' : 'active'
}

/** What one person may assess by all their active mandates together: no criterion named is all of them. */
export const criteriaOf = (mandates: readonly Pick<MandateTerms, 'criteria'>[]): readonly string[] =>
  mandates.some(({ criteria }) => criteria.length === 0)
    ? []
    : [...new Set(mandates.flatMap(({ criteria }) => criteria))].sort()
