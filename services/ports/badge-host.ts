import type { Instant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'

/** What a backpack or wallet of others says of itself (its service description). */
export interface HostDescription {
  readonly name: string
  /** Where its operations stand, without a slash at the end. */
  readonly apiUrl: string
  readonly registrationUrl: string
  readonly authorizationUrl: string
  readonly tokenUrl: string
  readonly refreshUrl: string
  readonly revocationUrl?: string
  /** Those of the Open Badges API that it offers. */
  readonly scopes: readonly string[]
}

export interface HostClient {
  readonly id: string
  readonly secret: string
}

export interface HostTokens {
  readonly accessToken: string
  readonly refreshToken?: string
  /** Absent where the host does not say. */
  readonly expiresAt?: Instant
  readonly scopes: readonly string[]
}

/** All of it is new for each trip. */
export interface HostTrip {
  readonly redirectUri: string
  readonly state: string
  readonly codeVerifier: string
}

export interface HostPage {
  /** What the list holds, whatever that is: credentials and compact JWSs. */
  readonly documents: readonly Json[]
  readonly isLast: boolean
  /** How many there are together, where the host says that. */
  readonly total?: number
  /** What its clock says. */
  readonly at?: Instant
}

/**
 * A backpack or wallet of others that speaks the Open Badges API 3.0. It is named by a stranger: everything goes through the
 * guarded fetcher.
 * Throws `fetch-refused`, `fetch-failed`, `host-unusable`, `host-refused`, and `host-connection-lost` where it honours a
 * token no more.
 */
export interface BadgeHosts {
  /** `address`: of the host, or of its API. */
  describe(address: string): Promise<HostDescription>
  register(host: HostDescription, redirectUri: string): Promise<HostClient>
  /** Where the browser goes to let us in. */
  authorizeAt(
    host: HostDescription,
    client: HostClient,
    trip: HostTrip,
    scopes: readonly string[],
  ): Promise<string>
  /** Trades what the browser came back with. */
  redeem(host: HostDescription, client: HostClient, trip: HostTrip, query: string): Promise<HostTokens>
  refresh(host: HostDescription, client: HostClient, tokens: HostTokens): Promise<HostTokens>
  /** Gives the tokens back, where the host has a place for that. */
  revoke(host: HostDescription, client: HostClient, tokens: HostTokens): Promise<void>

  credentials(
    host: HostDescription,
    token: string,
    page: { readonly limit: number; readonly offset: number; readonly since?: Instant },
  ): Promise<HostPage>
  /** Hands a signed document over. */
  upsert(
    host: HostDescription,
    token: string,
    document: Uint8Array,
  ): Promise<'created' | 'replaced' | 'older'>
  /** Whom the host takes somebody for; undefined where it has no profile of them. */
  profile(host: HostDescription, token: string): Promise<JsonObject | undefined>
  putProfile(host: HostDescription, token: string, profile: Json): Promise<void>
}
