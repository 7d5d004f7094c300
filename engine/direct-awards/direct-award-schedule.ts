import { DAY_MS } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { claimedAtOf, type DirectAwardStanding, isOpen } from './direct-award-state.ts'

/** When somebody is reminded, and how long is waited. Each direct award keeps the one that it was made with. */
export interface DirectAwardPolicy {
  /** Days after it was sent, rising. */
  readonly reminderDays: readonly number[]
  /** Days after it was sent. */
  readonly expiryDays: number
  /** Days after it came to nothing, until nobody is named in it any more. */
  readonly keepDays: number
  /** How long after it was made it can be undone. */
  readonly undoSeconds: number
}

export const DEFAULT_POLICY: DirectAwardPolicy = {
  reminderDays: [42, 62],
  expiryDays: 82,
  keepDays: 90,
  undoSeconds: 300,
}

/** What a direct award must tell for its next step to be known. */
export interface DirectAwardClock {
  readonly standing: DirectAwardStanding
  readonly policy: DirectAwardPolicy
  /** How many of the reminders are over: sent, or passed over. */
  readonly reminded: number
  readonly pseudonymisedAt?: Instant
}

/** What the clock does. Reminders that nobody sent in time are passed over: only the last one due is sent. */
export type ClockStep =
  | { readonly kind: 'send' }
  | { readonly kind: 'remind'; readonly reminded: number }
  | { readonly kind: 'expire' }
  | { readonly kind: 'pseudonymise' }

export const expiryOf = (sentAt: Instant, { expiryDays }: DirectAwardPolicy): Instant =>
  asInstant(sentAt + expiryDays * DAY_MS)

/** What is due at a moment; undefined: nothing yet, or nothing any more. */
export function clockStep(award: DirectAwardClock, now: Instant): ClockStep | undefined {
  const { standing, policy, reminded } = award
  const due = nextMoment(award)
  if (due === undefined || due > now) return undefined
  if (standing.state === 'scheduled') return { kind: 'send' }
  if (standing.state !== 'unaccepted') return { kind: 'pseudonymise' }
  if (standing.expiresAt <= now) return { kind: 'expire' }
  const past = policy.reminderDays.filter((days) => standing.sentAt + days * DAY_MS <= now).length
  return { kind: 'remind', reminded: Math.max(past, reminded + 1) }
}

/** When it has to be looked at next. */
export function nextMoment({
  standing,
  policy,
  reminded,
  pseudonymisedAt,
}: DirectAwardClock): Instant | undefined {
  if (standing.state === 'scheduled') return standing.at
  if (standing.state === 'unaccepted') {
    const days = policy.reminderDays[reminded]
    const reminder = days === undefined ? undefined : asInstant(standing.sentAt + days * DAY_MS)
    return reminder === undefined || reminder > standing.expiresAt ? standing.expiresAt : reminder
  }
  // Whoever has claimed it is known to the organisation by the badge.
  if (claimedAtOf(standing) !== undefined || pseudonymisedAt !== undefined) return undefined
  if (!('endedAt' in standing)) return undefined
  return asInstant(standing.endedAt + policy.keepDays * DAY_MS)
}

/** Until when one that was made then can be undone. */
export const undoEnd = (createdAt: Instant, { undoSeconds }: DirectAwardPolicy): Instant =>
  asInstant(createdAt + undoSeconds * 1000)

export const canBeUndone = (
  {
    createdAt,
    standing,
    policy,
  }: Pick<DirectAwardClock, 'standing' | 'policy'> & { readonly createdAt: Instant },
  now: Instant,
): boolean => isOpen(standing) && now < undoEnd(createdAt, policy)
