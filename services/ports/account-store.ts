import type { Identifier } from '#engine/events/identifier.ts'
import type { AccountId, ClaimId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { SessionScope } from './access-store.ts'

/** What an account has proven that its owner is. */
export interface AccountIdentity extends Identifier {
  readonly id: string
  /** The address to which its owner wants to be written. */
  readonly isPrimary: boolean
  readonly provenAt: Instant
  /** The sign-in provider that proved it; a mail did otherwise. */
  readonly provider?: string
  /** Mails come back from there, so that none are sent until it is proven again. */
  readonly isUndeliverable: boolean
}

export interface Account {
  readonly id: AccountId
  readonly language: string
  /** The first proven first. */
  readonly identities: readonly AccountIdentity[]
}

/** One round trip to a sign-in provider. Only hashes of its secrets are kept. */
export interface SignInAttempt {
  readonly stateHash: Uint8Array
  readonly browserHash: Uint8Array
  readonly provider: string
  /** Of whoever adds an identity; nobody's where somebody signs in. */
  readonly accountId?: AccountId
  readonly returnTo: string
  readonly language: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

/** Somebody has proven `identity`, which belongs to `from`, and may make the two accounts one. */
export interface AccountMerge {
  readonly id: string
  readonly into: AccountId
  readonly from: AccountId
  readonly identity: Identifier
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly doneAt?: Instant
}

/** What an account owns, in numbers: what is said before two become one. */
export interface AccountBelongings {
  readonly identities: number
  readonly badges: number
  readonly organisations: number
}

export interface AccountEvent {
  readonly id: string
  readonly at: Instant
  /** A dotted name: `identity.added`. */
  readonly action: string
  readonly detail: JsonObject
}

/** Accounts belong to no organisation: all of it is for workers. */
export interface AccountStore {
  find(accountId: AccountId): Promise<Account | undefined>
  /** Nobody else changes the account until the commit. Answers the account that it has become meanwhile. */
  lock(accountId: AccountId): Promise<AccountId>
  /** The same for many at once, while nobody locks it alone: it does not become part of another until the commit. */
  lockShared(accountId: AccountId): Promise<AccountId>
  /** Nobody else gives these identities an owner until the commit. */
  lockIdentities(identities: readonly Identifier[]): Promise<void>
  ownerOf(identity: Identifier): Promise<AccountId | undefined>
  setLanguage(accountId: AccountId, language: string): Promise<void>
  /** False where somebody has it. */
  addIdentity(
    accountId: AccountId,
    identity: Identifier & { readonly provider?: string },
    at: Instant,
  ): Promise<boolean>
  removeIdentity(accountId: AccountId, id: string): Promise<boolean>
  /** Makes this address the one that is written to. False where it is no address of the account. */
  setPrimary(accountId: AccountId, id: string): Promise<boolean>

  sessionScope(sessionId: string, at: Instant): Promise<SessionScope | undefined>
  /** Ends all sessions of an account but one. */
  revokeSessions(accountId: AccountId, at: Instant, except?: string): Promise<void>

  insertAttempt(attempt: SignInAttempt): Promise<void>
  /** Uses an attempt up: undefined when it is unknown, used, over, of another browser or provider. */
  useAttempt(
    attempt: Pick<SignInAttempt, 'stateHash' | 'browserHash' | 'provider'>,
    at: Instant,
  ): Promise<SignInAttempt | undefined>

  insertCode(code: {
    readonly id: string
    readonly accountId: AccountId
    readonly identity: Identifier
    readonly hash: Uint8Array
    readonly createdAt: Instant
    readonly expiresAt: Instant
  }): Promise<void>
  /** How many codes were mailed since a moment: to the address, and for the account. */
  countCodes(
    accountId: AccountId,
    identity: Identifier,
    since: Instant,
  ): Promise<{ readonly toAddress: number; readonly forAccount: number }>
  /**
   * Tries the newest code of the account for this address, once more; a right one is used up. No more than `most` tries.
   */
  tryCode(
    accountId: AccountId,
    identity: Identifier,
    hashOf: (codeId: string) => Uint8Array,
    at: Instant,
    most: number,
  ): Promise<boolean>

  belongings(accountId: AccountId): Promise<AccountBelongings>
  insertMerge(merge: AccountMerge): Promise<void>
  findMerge(id: string): Promise<AccountMerge | undefined>
  /**
   * Everything of `from` becomes `into`'s: identities, grants, badges, people that it is linked to, questions to awarders;
   * its sessions end. Both are locked.
   */
  merge(merge: AccountMerge, at: Instant): Promise<MovedThings>

  record(accountId: AccountId, event: AccountEvent): Promise<void>
  /** The newest first, at most 100. */
  events(accountId: AccountId): Promise<readonly AccountEvent[]>
}

/** Where a merge has to be told. */
export interface MovedThings {
  readonly organisations: readonly OrganisationId[]
  readonly claims: readonly { readonly organisationId: OrganisationId; readonly claimId: ClaimId }[]
}
