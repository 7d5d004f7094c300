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
  /** The invitation that it waited for came to nothing. */
  readonly expiredAt?: Instant
}

/**
 * `invited → upcoming → active → over`, by the clock; `invited → expired` where nobody accepts; `left` while the assessor
 * is no member; and `ended` by a person at any time. Only an active mandate lets somebody assess.
 */
export const MANDATE_STATES = ['invited', 'expired', 'upcoming', 'active', 'over', 'left', 'ended'] as const
export type MandateState = (typeof MANDATE_STATES)[number]

export function mandateState(mandate: MandateTerms, now: Instant): MandateState {
  const { from, until, accountId, hasLeft = false, endedAt, expiredAt } = mandate
  if (endedAt !== undefined) return 'ended'
  if (until !== undefined && until <= now) return 'over'
  if (accountId === undefined) return expiredAt === undefined ? 'invited' : 'expired'
  if (hasLeft) return 'left'
  return from > now ? 'upcoming' : 'active'
}

/** What one person may assess by all their active mandates together: no criterion named is all of them. */
export const criteriaOf = (mandates: readonly Pick<MandateTerms, 'criteria'>[]): readonly string[] =>
  mandates.some(({ criteria }) => criteria.length === 0)
    ? []
    : [...new Set(mandates.flatMap(({ criteria }) => criteria))].sort()

/** What can be done with a mandate in this state, for the one who is refused. */
export const mandateMovesFrom = (state: MandateState): readonly string[] => {
  if (state === 'ended') return ['give a new mandate']
  return state === 'invited' ? ['resend', 'end'] : ['end', 'give a new mandate']
}
