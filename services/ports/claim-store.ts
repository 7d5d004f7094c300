import type { Identifier } from '#engine/events/identifier.ts'
import type { AccountId, AwardId, ClaimId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

interface ClaimBase {
  readonly organisationId: OrganisationId
  readonly id: ClaimId
  readonly awardId: AwardId
  readonly identifier: Identifier
  readonly openedAt: Instant
  readonly expiresAt: Instant
}

export type Claim =
  | (ClaimBase & { readonly state: 'open' | 'rejected' | 'expired' })
  | (ClaimBase & {
      readonly state: 'claimed'
      readonly accountId: AccountId
      readonly decidedAt: Instant
      readonly sessionId?: string
    })

export interface ClaimStore {
  /** Opens claims; ignored where an award has one. The ids of those that were opened. */
  open(claims: readonly (Claim & { readonly tokenHash: Uint8Array })[]): Promise<readonly ClaimId[]>
  findByToken(tokenHash: Uint8Array): Promise<Claim | undefined>
  find(id: ClaimId): Promise<Claim | undefined>
  findByAward(awardId: AwardId): Promise<Claim | undefined>
  findByAwards(awardIds: readonly AwardId[]): Promise<readonly Claim[]>
  /** Those that wait for whoever has any of these identifiers, of whatever organisation, newest first. For a worker. */
  offeredTo(identifiers: readonly Identifier[], now: Instant): Promise<readonly Claim[]>
  /** How many mails were written about it, the first one included. */
  mails(id: ClaimId): Promise<number>
  /** Puts another link in the place of the one that was mailed, and counts a mail. Compare and set from `open`. */
  renew(id: ClaimId, tokenHash: Uint8Array, expiresAt: Instant): Promise<boolean>
  /** Compare and set from `open`. */
  accept(id: ClaimId, accountId: AccountId, at: Instant, sessionId?: string): Promise<boolean>
  reject(id: ClaimId, at: Instant): Promise<boolean>
  /** What was accepted in a session. */
  ofSession(sessionId: string): Promise<readonly Claim[]>
  ofAccount(accountId: AccountId): Promise<readonly Claim[]>
  counts(organisationId: OrganisationId): Promise<Readonly<Record<string, number>>>
}
