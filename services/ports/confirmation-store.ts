import type { ConfirmationState } from '#engine/claims/claim-confirmation.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import type { AccountId, AchievementId, ClaimId, DirectAwardId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Page, PageRequest } from './page.ts'

/** What somebody asks for: a badge that was mailed with a claim, or a direct award that is on offer. */
export type Questioned =
  | { readonly kind: 'claim'; readonly claimId: ClaimId }
  | { readonly kind: 'direct_award'; readonly directAwardId: DirectAwardId }

interface Asked {
  readonly organisationId: OrganisationId
  readonly id: string
  readonly of: Questioned
  readonly accountId: AccountId
  /** The identity that the earner shows. */
  readonly identifier: Identifier
  /** Where the earner is written to. */
  readonly contact?: string
  readonly language: string
  readonly message?: string
  readonly askedAt: Instant
  readonly expiresAt: Instant
}

/** A question to an awarder whether a badge belongs to whoever signed in with another identity. */
export type ClaimConfirmation =
  | (Asked & { readonly state: 'asked' })
  | (Asked & { readonly state: 'withdrawn' | 'expired'; readonly decidedAt: Instant })
  | (Asked & {
      readonly state: 'confirmed' | 'refused'
      readonly decidedAt: Instant
      /** As in the audit trail. */
      readonly decidedBy: string
      readonly reason?: string
    })

export interface ConfirmationStore {
  find(id: string): Promise<ClaimConfirmation | undefined>
  /** False where the same account has an open one for the same badge. What is over by time is written down first. */
  insert(confirmation: ClaimConfirmation & { readonly state: 'asked' }): Promise<boolean>
  /** Nobody else decides it until the commit. */
  lock(id: string): Promise<ClaimConfirmation | undefined>
  /** Compare and set from `asked`. */
  decide(
    id: string,
    to: {
      readonly state: Exclude<ConfirmationState, 'asked'>
      readonly at: Instant
      readonly by?: string
      readonly reason?: string
    },
  ): Promise<boolean>
  /** Ends all open ones of a badge: it is over. */
  expireOf(of: Questioned, at: Instant): Promise<void>
  openOf(of: Questioned, accountId: AccountId, now: Instant): Promise<ClaimConfirmation | undefined>
  /** As of `now`: what is over by time counts as expired. */
  list(
    organisationId: OrganisationId,
    page: PageRequest,
    filter: {
      readonly state?: ConfirmationState
      readonly now: Instant
      /** About no badges of other achievements than these. */
      readonly among?: readonly AchievementId[] | undefined
    },
  ): Promise<Page<ClaimConfirmation>>
  /** Of a direct award in which nobody is named any more: those who asked for it are not named either. */
  pseudonymise(directAwardId: DirectAwardId, pseudonym: (identifier: Identifier) => string): Promise<void>
  /** The newest first, at most 100. */
  ofAccount(accountId: AccountId): Promise<readonly ClaimConfirmation[]>
}
