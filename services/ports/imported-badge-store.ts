import type { AccountId, ImportedBadgeId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { HolderMatch } from '#engine/verification/holder-match.ts'
import type { Verdict } from '#engine/verification/verification-report.ts'
import type { ForeignDocument } from './foreign-badge-store.ts'

/** What a badge says of itself. None of it is true because it stands there. */
export interface SaidByBadge {
  /** Its id. Badges that were kept before this was written down do not have it here. */
  readonly credential?: string
  readonly name?: string
  readonly description?: string
  readonly achievement?: string
  readonly issuer?: string
  readonly issuerName?: string
  /** The domain that published the key. */
  readonly issuerDomain?: string
  /** Whether this server knows the issuer. */
  readonly issuerKnown: boolean
  readonly validFrom?: Instant
  readonly validUntil?: Instant
  /** Whether it has a proof that is for its holder alone. Badges that were kept before this was written down do not say. */
  readonly hasBaseProof?: boolean
}

/** What was found when it was last looked at. */
export interface BadgeChecked {
  readonly verdict: Verdict
  readonly checkedAt: Instant
  readonly holder: HolderMatch
}

/** A badge from elsewhere that an earner keeps here. */
export interface ImportedBadge extends BadgeChecked {
  readonly id: ImportedBadgeId
  readonly accountId: AccountId
  readonly digest: Uint8Array
  /** Of its issuer and id, as the Open Badges API compares them. Badges that were kept before this was written down have none. */
  readonly sameHash?: Uint8Array
  readonly said: SaidByBadge
  readonly importedAt: Instant
}

/** They belong to accounts: all of it is for workers. */
export interface ImportedBadgeStore {
  insert(badge: ImportedBadge, document: ForeignDocument): Promise<void>
  find(id: ImportedBadgeId): Promise<ImportedBadge | undefined>
  findSame(accountId: AccountId, digest: Uint8Array): Promise<ImportedBadge | undefined>
  /** Those that may be the same badge in another document: of this hash, or of none. */
  likeThis(accountId: AccountId, sameHash: Uint8Array): Promise<readonly ImportedBadge[]>
  count(accountId: AccountId): Promise<number>
  document(id: ImportedBadgeId): Promise<ForeignDocument | undefined>
  /** The newest first. */
  ofAccount(accountId: AccountId): Promise<readonly ImportedBadge[]>
  /** Puts a newer document of the same badge in the place of the one that is kept. False where it was removed meanwhile. */
  replace(badge: ImportedBadge, document: ForeignDocument): Promise<boolean>
  /** False where it was removed meanwhile. */
  checked(id: ImportedBadgeId, found: BadgeChecked): Promise<boolean>
  remove(id: ImportedBadgeId): Promise<boolean>
}
