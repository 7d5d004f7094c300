import type { Instant } from '#engine/shared/instant.ts'

/**
 * A question to an awarder: is the person who signed in with this identity the one to whom the badge was sent?
 * `asked → confirmed | refused | withdrawn | expired`, once. Expired: nobody answered in time, or the claim is over.
 */
export type ConfirmationState = (typeof CONFIRMATION_STATES)[number]
export const CONFIRMATION_STATES = ['asked', 'confirmed', 'refused', 'withdrawn', 'expired'] as const

/** `confirm` and `refuse` are the awarder's, `withdraw` is the earner's, `expire` is nobody's. */
export type ConfirmationMove = (typeof CONFIRMATION_MOVES)[number]
export const CONFIRMATION_MOVES = ['confirm', 'refuse', 'withdraw', 'expire'] as const

const LEADS_TO = {
  confirm: 'confirmed',
  refuse: 'refused',
  withdraw: 'withdrawn',
  expire: 'expired',
} as const satisfies Record<ConfirmationMove, ConfirmationState>

/** The state as of a moment: a question whose time is over is expired, whether or not anybody has written that down. */
export const stateAsOf = (
  { state, expiresAt }: { readonly state: ConfirmationState; readonly expiresAt: Instant },
  now: Instant,
): ConfirmationState => (state === 'asked' && expiresAt <= now ? 'expired' : state)

/** What can be done in a state. */
export const possibleMoves = (state: ConfirmationState): readonly ConfirmationMove[] =>
  state === 'asked' ? CONFIRMATION_MOVES : []

/** Where a move leads; undefined where it is not possible. */
export const afterMove = (state: ConfirmationState, move: ConfirmationMove): ConfirmationState | undefined =>
  possibleMoves(state).includes(move) ? LEADS_TO[move] : undefined
