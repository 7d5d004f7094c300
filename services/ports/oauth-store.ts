import type { AccountId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** What the authorization server keeps of one thing: a client, a grant, a code, a token, a request that is under way. */
export interface OAuthRecord {
  readonly id: string
  /** What kind of thing: `Client`, `Grant`, `AccessToken` … */
  readonly model: string
  /** Of its name, which of a code or a token is the secret itself. */
  readonly keyHash: Uint8Array
  readonly sealed: Uint8Array
  readonly grantHash?: Uint8Array
  readonly clientHash?: Uint8Array
  readonly accountId?: AccountId
  readonly createdAt: Instant
  readonly expiresAt?: Instant
  readonly consumedAt?: Instant
}

/** Belongs to accounts and to clients, to no organisation: all of it is for workers. */
export interface OAuthStore {
  /** Puts it in the place of what has the same name. Whether that was used up stays. */
  put(record: OAuthRecord): Promise<void>
  /**
   * Keeps a grant from being withdrawn until the transaction ends, and answers when it is over. Waits for who withdraws it:
   * undefined where it is gone then.
   */
  holdGrant(grantHash: Uint8Array): Promise<Instant | 'never' | undefined>
  find(model: string, keyHash: Uint8Array): Promise<OAuthRecord | undefined>
  findById(model: string, id: string): Promise<OAuthRecord | undefined>
  /** Uses it up: false where it is unknown, or somebody was faster. */
  consume(model: string, keyHash: Uint8Array, at: Instant): Promise<boolean>
  destroy(model: string, keyHash: Uint8Array): Promise<void>
  destroyOfGrant(model: string, grantHash: Uint8Array): Promise<void>
  /** What an account has granted and is not over, the newest first. */
  grantsOf(accountId: AccountId, now: Instant): Promise<readonly OAuthRecord[]>
  /** Everything that a client holds of an account, also what is being written meanwhile. Answers how many grants that were. */
  withdraw(accountId: AccountId, clientHash: Uint8Array): Promise<number>
  /** Throws away what is over, and clients that were made before a moment and nobody has let in. */
  sweep(now: Instant, clientsBefore: Instant): Promise<void>
}
