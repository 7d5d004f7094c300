import type { Grant, Right } from '#engine/access/rights.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import type { AccountId, KeyId, OrganisationId, RoleId, UnitId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

export interface ApiKey {
  readonly organisationId: OrganisationId
  readonly id: KeyId
  readonly unitId: UnitId
  readonly name: string
  /** The public part, by which the key is found. */
  readonly prefix: string
  readonly secretHash: Uint8Array
  /** Where the rights are those of a role. */
  readonly roleId?: RoleId
  /** Those of the role, or its own. */
  readonly rights: readonly Right[]
  readonly createdAt: Instant
  /** To the minute. */
  readonly lastUsedAt?: Instant
  readonly expiresAt?: Instant
  readonly revokedAt?: Instant
}

export interface Session {
  readonly id: string
  readonly accountId: AccountId
  readonly scope: SessionScope
  readonly expiresAt: Instant
}

/**
 * `full`: everything that the account may do. `earner`: opened by a claim link; reaches the badges of the account, and
 * none of its organisations.
 */
export type SessionScope = 'full' | 'earner'

export interface KeptProvider {
  readonly provider: string
  readonly sealedIdToken: Uint8Array
}

export interface AccessStore {
  insertKey(key: ApiKey): Promise<void>
  keys(organisationId: OrganisationId): Promise<readonly ApiKey[]>
  findKey(organisationId: OrganisationId, id: KeyId): Promise<ApiKey | undefined>
  /** Across organisations: before the caller is known. */
  findKeyByPrefix(prefix: string): Promise<ApiKey | undefined>
  revokeKey(organisationId: OrganisationId, id: KeyId, at: Instant): Promise<boolean>
  renameKey(organisationId: OrganisationId, id: KeyId, name: string): Promise<void>
  /** Notes that a key was used, unless that was noted since `unless`. Waits for nobody. */
  noteKeyUse(id: KeyId, at: Instant, unless: Instant): Promise<void>

  /** The account that has proven the identity; made when there is none. */
  accountOf(identity: Identifier, newAccount: AccountId): Promise<AccountId>
  identities(accountId: AccountId): Promise<readonly Identifier[]>
  /** Whose the identity is, where somebody has proven it. */
  findAccount(identity: Identifier): Promise<AccountId | undefined>
  /** The proven e-mail addresses of each of these accounts. */
  emailsOf(accountIds: readonly AccountId[]): Promise<ReadonlyMap<AccountId, readonly string[]>>
  /** Which of these accounts became part of which others. */
  mergedInto(accountIds: readonly AccountId[]): Promise<ReadonlyMap<AccountId, AccountId>>
  grantsOf(accountId: AccountId): Promise<readonly Grant[]>

  /** `account:ID` and `key:ID` of all who hold a right on any of these units now. */
  holdersOf(
    organisationId: OrganisationId,
    right: Right,
    unitIds: readonly UnitId[],
    now: Instant,
  ): Promise<readonly string[]>

  insertSignInLink(link: {
    readonly id: string
    readonly tokenHash: Uint8Array
    readonly identity: Identifier
    readonly createdAt: Instant
    readonly expiresAt: Instant
  }): Promise<void>
  /** How many links were made for an identity since a moment. */
  countSignInLinks(identity: Identifier, since: Instant): Promise<number>
  /** Uses a link up: the identity that it proves, or undefined when it is unknown, used or over. */
  useSignInLink(tokenHash: Uint8Array, at: Instant): Promise<Identifier | undefined>

  insertSession(
    session: Session & { readonly tokenHash: Uint8Array; readonly createdAt: Instant },
  ): Promise<void>
  findSession(tokenHash: Uint8Array, at: Instant): Promise<Session | undefined>
  /** Which provider opened a session, with its ID token, sealed. */
  keepProvider(id: string, kept: KeptProvider): Promise<void>
  /** Of a session that is not over. */
  providerOf(id: string): Promise<KeptProvider | undefined>
  /** Also forgets the ID token. */
  revokeSession(id: string, at: Instant): Promise<void>
}
