import type { ClosedInvitationState, InvitationState } from '#engine/access/invitation-state.ts'
import type { Right } from '#engine/access/rights.ts'
import type { MailTrouble } from '#engine/notifications/mail-trouble.ts'
import type { InvitationId, MembershipId, OrganisationId, RoleId, UnitId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Page, PageRequest } from './page.ts'

/** Somebody is asked to become a member on a unit, by a mail to an address that they have to prove. */
export interface Invitation {
  readonly organisationId: OrganisationId
  readonly id: InvitationId
  readonly unitId: UnitId
  /** An e-mail address in lower case. */
  readonly address: string
  readonly roleId?: RoleId
  /** Those of the role as it is now, or its own. */
  readonly rights: readonly Right[]
  readonly language: string
  /** As in the books: one that is open may be over by the clock. */
  readonly state: InvitationState
  /** `account:ID`, `key:ID` or `operator`. */
  readonly invitedBy: string
  readonly createdAt: Instant
  readonly sentAt: Instant
  readonly timesSent: number
  readonly expiresAt: Instant
  readonly closedAt?: Instant
  /** It was made so that somebody can assess, and for nothing else. */
  readonly forMandate: boolean
  /** Why its newest mail did not arrive, where somebody looks and that is known. */
  readonly mailTrouble?: MailTrouble
}

export interface InvitationStore {
  insert(invitation: Invitation & { readonly tokenHash: Uint8Array }): Promise<void>
  find(organisationId: OrganisationId, id: InvitationId): Promise<Invitation | undefined>
  /** Across organisations: whoever shows the token belongs to none yet. */
  findByToken(tokenHash: Uint8Array): Promise<Invitation | undefined>
  findOpen(organisationId: OrganisationId, unitId: UnitId, address: string): Promise<Invitation | undefined>
  /** Whoever made some that are open: `account:ID`, `key:ID` or `operator`. */
  inviters(organisationId: OrganisationId): Promise<readonly string[]>
  /** All that somebody made and that are open. */
  openBy(organisationId: OrganisationId, invitedBy: string): Promise<readonly Invitation[]>
  /** To these units, newest first. */
  list(
    organisationId: OrganisationId,
    unitIds: readonly UnitId[],
    state: InvitationState | undefined,
    page: PageRequest,
  ): Promise<Page<Invitation>>
  /** Closes one that is open. False, and no change, when somebody was faster. */
  close(
    invitation: Invitation,
    state: ClosedInvitationState,
    at: Instant,
    membershipId?: MembershipId,
  ): Promise<boolean>
  /** Puts a fresh token in the place of the one before, where it is open and nobody was faster. */
  sendAgain(
    invitation: Invitation,
    to: { readonly tokenHash: Uint8Array; readonly sentAt: Instant; readonly expiresAt: Instant },
  ): Promise<boolean>
  /** Closes those whose time is over, and answers their ids. */
  closeOverdue(organisationId: OrganisationId, now: Instant): Promise<readonly InvitationId[]>
  /** The same across organisations, for the clock: at most so many, the oldest first. */
  expire(limit: number, now: Instant): Promise<readonly Pick<Invitation, 'organisationId' | 'id'>[]>
}
