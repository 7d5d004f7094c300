import type { ConfirmationState } from '#engine/claims/claim-confirmation.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import type { AccountId, AchievementId, ClaimId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Page, PageRequest } from './page.ts'

interface Asked {
  readonly organisationId: OrganisationId
  readonly id: string
  readonly claimId: ClaimId
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
  /** False where the same account has an open one for the claim. What is over by time is written down first. */
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
  /** Ends all open ones of a claim: it is over. */
  expireOf(claimId: ClaimId, at: Instant): Promise<void>
  openOf(claimId: ClaimId, accountId: AccountId, now: Instant): Promise<ClaimConfirmation | undefined>
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
  /** The newest first, at most 100. */
  ofAccount(accountId: AccountId): Promise<readonly ClaimConfirmation[]>
}
