import type { AccountId, CredentialId, WalletOfferId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** A badge that its earner offers to a wallet. Of its secrets only hashes are kept. */
export interface WalletOffer {
  readonly id: WalletOfferId
  readonly accountId: AccountId
  readonly credentialId: CredentialId
  /** `opened`: a wallet has traded the code for a token. `taken`: it has the badge. */
  readonly state: 'offered' | 'opened' | 'taken' | 'withdrawn'
  readonly codeHash: Uint8Array
  readonly pinHash?: Uint8Array
  readonly attempts: number
  readonly createdAt: Instant
  /** Of the code; once it is opened, of the token. */
  readonly expiresAt: Instant
}

/** Belongs to accounts: all of it is for workers. */
export interface WalletOfferStore {
  insert(offer: WalletOffer): Promise<void>
  /** How many of an account a wallet may still take. */
  countOpen(accountId: AccountId, now: Instant): Promise<number>
  find(id: WalletOfferId): Promise<WalletOffer | undefined>
  findByCode(codeHash: Uint8Array): Promise<WalletOffer | undefined>
  findByToken(tokenHash: Uint8Array): Promise<WalletOffer | undefined>
  /** Counts a wrong pin, and withdraws the offer at the last of them. */
  countMiss(id: WalletOfferId, most: number): Promise<void>
  /** Compare and set from `offered`. */
  open(id: WalletOfferId, tokenHash: Uint8Array, expiresAt: Instant): Promise<boolean>
  /** Compare and set from `opened`. */
  take(id: WalletOfferId, at: Instant): Promise<boolean>
  /** False where it is taken, or withdrawn already. */
  withdraw(id: WalletOfferId): Promise<boolean>
  /** Throws away some that were over before a moment, and answers how many. */
  forget(before: Instant, most: number): Promise<number>
}
