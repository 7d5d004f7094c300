import type { Instant } from '#engine/shared/instant.ts'

/**
 * Where a direct award stands: `scheduled → unaccepted → claimed | rejected | revoked | expired | deleted`, and
 * `claimed ⇄ revoked`, as the badge itself can be reinstated. Open is what can still be claimed, or will be.
 */
export type DirectAwardStanding =
  | { readonly state: 'scheduled'; readonly at: Instant }
  | { readonly state: 'unaccepted'; readonly sentAt: Instant; readonly expiresAt: Instant }
  | { readonly state: 'claimed'; readonly sentAt: Instant; readonly claimedAt: Instant }
  | { readonly state: 'revoked'; readonly endedAt: Instant; readonly claimed?: ClaimTimes }
  | { readonly state: 'rejected' | 'expired' | 'deleted'; readonly endedAt: Instant }

/** Of one that was revoked after it was claimed. */
interface ClaimTimes {
  readonly sentAt: Instant
  readonly claimedAt: Instant
}

export type DirectAwardState = DirectAwardStanding['state']
export const DIRECT_AWARD_STATES = [
  'scheduled',
  'unaccepted',
  'claimed',
  'rejected',
  'revoked',
  'expired',
  'deleted',
] as const satisfies readonly DirectAwardState[]

/** What moves a direct award. `send` and `expire` are the clock's, `claim` and `reject` the earner's, the others the awarder's. */
export type DirectAwardMove =
  | { readonly kind: 'send'; readonly at: Instant; readonly expiresAt: Instant }
  | { readonly kind: 'claim' | 'reject' | 'revoke' | 'reinstate' | 'expire' | 'delete'; readonly at: Instant }
export type DirectAwardMoveKind = DirectAwardMove['kind']

/** What an awarder can do about one: those of the moves that are theirs, and what leaves it where it stands. */
export type DirectAwardAct = 'change' | 'resend' | 'undo' | 'delete' | 'revoke'

export const isOpen = ({ state }: { readonly state: DirectAwardState }): boolean =>
  state === 'scheduled' || state === 'unaccepted'

const ACTS: Readonly<Record<DirectAwardState, readonly DirectAwardAct[]>> = {
  scheduled: ['change', 'undo', 'delete'],
  unaccepted: ['change', 'resend', 'undo', 'delete', 'revoke'],
  claimed: ['revoke'],
  rejected: [],
  revoked: [],
  expired: [],
  deleted: [],
}

/** What an awarder can do in a state; `undo` only within its time. */
export const possibleActs = (state: DirectAwardState): readonly DirectAwardAct[] => ACTS[state]

/** Where a move leads; undefined, and no change, where it is not possible. */
export function afterMove(
  standing: DirectAwardStanding,
  move: DirectAwardMove,
): DirectAwardStanding | undefined {
  switch (move.kind) {
    case 'send':
      return standing.state === 'scheduled'
        ? { state: 'unaccepted', sentAt: move.at, expiresAt: move.expiresAt }
        : undefined
    case 'claim':
      return standing.state === 'unaccepted' && move.at < standing.expiresAt
        ? { state: 'claimed', sentAt: standing.sentAt, claimedAt: move.at }
        : undefined
    case 'reject':
      return standing.state === 'unaccepted' && move.at < standing.expiresAt
        ? { state: 'rejected', endedAt: move.at }
        : undefined
    case 'expire':
      return standing.state === 'unaccepted' && move.at >= standing.expiresAt
        ? { state: 'expired', endedAt: standing.expiresAt }
        : undefined
    case 'delete':
      return isOpen(standing) ? { state: 'deleted', endedAt: move.at } : undefined
    case 'revoke':
      if (standing.state === 'unaccepted') return { state: 'revoked', endedAt: move.at }
      return standing.state === 'claimed'
        ? { state: 'revoked', endedAt: move.at, claimed: timesOf(standing) }
        : undefined
    case 'reinstate':
      return standing.state === 'revoked' && standing.claimed !== undefined
        ? { state: 'claimed', ...standing.claimed }
        : undefined
  }
}

/** When it was claimed, also where it was revoked since. */
export function claimedAtOf(standing: DirectAwardStanding): Instant | undefined {
  if (standing.state === 'claimed') return standing.claimedAt
  return standing.state === 'revoked' ? standing.claimed?.claimedAt : undefined
}

const timesOf = ({ sentAt, claimedAt }: ClaimTimes): ClaimTimes => ({ sentAt, claimedAt })

/** As of a moment: what waited too long is expired, whether or not anybody has written that down. */
export const standingAsOf = (standing: DirectAwardStanding, now: Instant): DirectAwardStanding =>
  afterMove(standing, { kind: 'expire', at: now }) ?? standing
