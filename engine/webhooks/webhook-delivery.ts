import { DAY_MS, type Duration, HOUR_MS, MINUTE_MS, SECOND_MS } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'

/** How long an attempt may take, the look-up of the name included. */
export const ATTEMPT_MS = 15 * SECOND_MS

/** The waits after the first attempt and those that follow: a little over three days in all. */
export const RETRY_WAITS: readonly Duration[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
]

/** A wait is longer by up to this part, so that what failed together does not come back together. */
export const JITTER = 0.2

/** An endpoint of which every attempt failed for this long is disabled. */
export const FAILING_MS = 5 * DAY_MS

/** How long both secrets sign after a rotation at most, and where nothing shorter is asked for. */
export const OVERLAP_MS = DAY_MS

/** How long deliveries and their attempts are kept. */
export const LOG_MS = 30 * DAY_MS

/** What came of an attempt: an answer with a status, or none, and why. */
export type AttemptOutcome =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'failed'; readonly error: string }

export type AfterAttempt =
  | { readonly state: 'delivered' }
  | { readonly state: 'waiting'; readonly nextAt: Instant }
  | { readonly state: 'failed' }

/** Any 2xx says that it arrived. */
export const isDelivered = (outcome: AttemptOutcome): boolean =>
  outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300

/** 410 says that nobody will ever listen there again. */
export const isGone = (outcome: AttemptOutcome): boolean =>
  outcome.kind === 'answered' && outcome.status === 410

/**
 * What becomes of a delivery after its attempt number `attempt` (from 1 on).
 * `chance` is from 0 up to and without 1.
 */
export function afterAttempt(
  attempt: number,
  outcome: AttemptOutcome,
  now: Instant,
  chance: number,
): AfterAttempt {
  if (isDelivered(outcome)) return { state: 'delivered' }
  const wait = RETRY_WAITS[attempt - 1]
  if (wait === undefined || isGone(outcome)) return { state: 'failed' }
  return { state: 'waiting', nextAt: asInstant(now + wait * (1 + JITTER * chance)) }
}

/** Whether an endpoint that has failed since then has failed for too long. */
export const hasFailedTooLong = (failingSince: Instant, now: Instant): boolean =>
  now - failingSince >= FAILING_MS
