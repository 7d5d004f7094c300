import type { ProvingClaim, RequiredClaim } from '#engine/access/proven-identities.ts'
import type { JsonObject } from '#engine/shared/json.ts'

/** What binds an answer to the question: all of it is new for each trip. */
export interface RoundTrip {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  /** PKCE (RFC 7636): its S256 challenge travels with the question, itself with the code. */
  readonly codeVerifier: string
}

/** A place where people sign in that the operator of this installation trusts (OpenID Connect). */
export interface IdentityProvider {
  /** Part of URLs: letters, digits, hyphens. */
  readonly id: string
  /** For people. */
  readonly name: string
  readonly proves: readonly ProvingClaim[]
  readonly requires: readonly RequiredClaim[]
  /** Where the browser is sent to sign in, with the language that its owner reads. Throws `provider-unavailable`. */
  begin(trip: RoundTrip, language: string): Promise<string>
  /**
   * Trades the answer for what is known of the person: the claims of the ID token, and those of the UserInfo endpoint
   * where there is one. Signature, issuer, audience, nonce, state and times have been checked (OpenID Connect Core 1.0,
   * section 3.1.3.7). `query` is what the browser came back with.
   * Throws `provider-unavailable`, `provider-refused`, `provider-answer-invalid`.
   */
  finish(trip: RoundTrip, query: string): Promise<ProviderAnswer>
  /**
   * Where the browser goes to sign out there too (OpenID Connect RP-Initiated Logout 1.0); undefined where the provider offers
   * no such place, or does not answer now. `home`: where it may send the browser back to.
   */
  signOut(idToken: string, home: string): Promise<string | undefined>
}

export interface ProviderAnswer {
  readonly sources: readonly JsonObject[]
  readonly idToken: string
}

/** By id, in the order in which people are shown them. */
export type IdentityProviders = ReadonlyMap<string, IdentityProvider>
