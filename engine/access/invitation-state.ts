import type { Instant } from '#engine/shared/instant.ts'

/** `open → accepted | declined | withdrawn | expired`: an invitation is closed once, and for good. */
export const INVITATION_STATES = ['open', 'accepted', 'declined', 'withdrawn', 'expired'] as const
export type InvitationState = (typeof INVITATION_STATES)[number]
export type ClosedInvitationState = Exclude<InvitationState, 'open'>

/** Whether an invitation that is open in the books is over by the clock. */
export const isOverdue = (
  { state, expiresAt }: { readonly state: InvitationState; readonly expiresAt: Instant },
  now: Instant,
): boolean => state === 'open' && expiresAt <= now

/** What can be done with an invitation in this state, for the one who is refused. */
export const possibleWith = (state: InvitationState): readonly string[] =>
  state === 'open' ? ['accept', 'decline', 'resend', 'withdraw'] : ['invite again']
