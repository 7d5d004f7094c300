import type { Hex } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'

/** Finds DID documents: our own in the database, others through the guarded fetcher. did:key never comes here. */
export interface DidResolver {
  resolve(did: string): Promise<JsonObject | 'not_found' | 'unavailable'>
}

/** Fetches status list credentials: our own from the database, others through the guarded fetcher. */
export interface StatusListSource {
  /** A JSON credential, or a compact JWS. */
  fetch(url: string): Promise<JsonObject | string | 'unavailable'>
}

/** Reads what a chain holds of a batch. Asks for the whole record, so that nobody learns which leaf is meant. */
export interface AnchorReader {
  read(question: AnchorQuestion): Promise<AnchorRecord | 'unknown_batch' | 'unavailable'>
}

export interface AnchorQuestion {
  readonly chainId: number
  readonly contract: Hex
  readonly signer: Hex
  readonly root: Hex
}

export interface AnchorRecord {
  readonly size: number
  readonly anchoredAt: Instant
  /** The batch as a whole was revoked. */
  readonly revoked: boolean
  /** Says whether a leaf of the batch was revoked on chain. */
  readonly isLeafRevoked: (index: number) => boolean
  /** Whether the signer was allowed to act for its issuer at the time of the batch; undefined when nobody looked. */
  readonly authorised?: boolean
  /** Whether the chain is run by somebody other than the issuer. */
  readonly independent: boolean
}

/** Tells which issuers are known, apart from any signature. */
export interface IssuerTrust {
  /** `by` says who knows the issuer, as `this server` or `the list given`; `name` is the name under which it is known. */
  look(issuerId: string): Promise<KnownIssuer | undefined>
}

export interface KnownIssuer {
  readonly by: 'registry' | 'list' | 'setting'
  readonly name?: string
  /** Sample and local issuers. */
  readonly test?: boolean
}
