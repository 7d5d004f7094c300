import type { GrantedScope } from '#engine/open-badges-api/scopes.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** Where the endpoints of the server stand. */
export const OAUTH_PATH = '/oauth'
/** The page on which somebody lets an application in, and the cookie that binds their browser to the request. */
export const CONNECT_PATH = '/connect'
export const CONNECT_COOKIE = 'waarmerk-connect'

/** What an application says of itself when it registers. None of it is proven, and no address of it is ever fetched. */
export interface ClientSaid {
  readonly name: string
  readonly url?: string
  readonly termsUrl?: string
  readonly privacyUrl?: string
}

/** An application asks somebody to be let in. */
export interface AccessRequest {
  readonly client: ClientSaid
  readonly clientId: string
  /** Where the browser goes afterwards: the one thing of an application that it cannot make up. */
  readonly returnsTo: string
  readonly scopes: readonly GrantedScope[]
  readonly expiresAt: Instant
}

/** An application that somebody has let in. */
export interface ConnectedApplication {
  readonly id: string
  readonly client: ClientSaid
  readonly scopes: readonly GrantedScope[]
  readonly since: Instant
  readonly until: Instant
}

/** Whom a token speaks for. */
export interface TokenHolder {
  readonly accountId: AccountId
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
}

/** The OAuth 2.0 authorization server of the Open Badges API, behind its own endpoints. */
export interface AuthorizationServer {
  /** Undefined when it is unknown, over or answered. */
  request(uid: string): Promise<AccessRequest | undefined>
  /** Grants what was asked, and answers where the browser goes on to. */
  allow(uid: string, accountId: AccountId): Promise<string | undefined>
  refuse(uid: string): Promise<string | undefined>
  /** Undefined for a token that is unknown, over or taken back. */
  holder(token: string): Promise<TokenHolder | undefined>
  applications(accountId: AccountId): Promise<readonly ConnectedApplication[]>
  /** Takes everything back that the application holds of the account. False where it holds nothing. */
  withdraw(accountId: AccountId, applicationId: string): Promise<ClientSaid | undefined>
}
