import type { AnchoringKey } from '#engine/anchoring/anchor-verdict.ts'
import type { BatchRecord } from '#engine/anchoring/batch-record.ts'
import type { IssuerHistory } from '#engine/anchoring/issuer-history.ts'
import type { AnchorProofFault } from '#engine/chain-proof/anchor-proof.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { TrustListReport } from '#engine/verification/trust-list-report.ts'
import type { EditionFact } from '#engine/verification/verification-facts.ts'

/** Finds DID documents: our own in the database, others through the guarded fetcher. did:key never comes here. */
export interface DidResolver {
  resolve(did: string): Promise<JsonObject | 'not_found' | 'unavailable'>
  /** One that the user kept and handed in. It counts where no other comes, and is told as what it is. */
  kept?(did: string): JsonObject | undefined
  /** Documents that whoever runs the verifier named, by the id of their controller: nobody else is asked then. */
  readonly controllers?: ReadonlyMap<string, JsonObject>
}

/** Fetches status list credentials: our own from the database, others through the guarded fetcher. */
export interface StatusListSource {
  /** A JSON credential, or a compact JWS. */
  fetch(url: string): Promise<JsonObject | string | 'unavailable'>
}

/** Fetches JSON that a badge of an older kind is spread over, through the guarded fetcher. */
export interface DocumentSource {
  /** `gone` where its owner says that it is no more (410); anything else that is no JSON object is `unavailable`. */
  fetch(url: string): Promise<JsonObject | 'gone' | 'unavailable'>
}

/** Reads what a chain holds of a batch. Asks for the whole record, so that nobody learns which leaf is meant. */
export interface AnchorReader {
  /** `unavailable` also for a chain or a contract that it does not know. */
  read(question: AnchorQuestion): Promise<AnchorRecord | 'unknown_batch' | 'unavailable' | AnchorRefusal>
}

/** Why a proof of what a chain holds, which was kept, cannot be relied on. */
export interface AnchorRefusal {
  readonly kind: 'refused'
  /** `block-unconfirmed`: nobody named its block; `block-differs`: somebody named another one. */
  readonly code: AnchorProofFault | 'block-unconfirmed' | 'block-differs'
  /** The block that all of it follows from. */
  readonly block?: { readonly hash: Hex; readonly block: number; readonly time: Instant }
}

export interface AnchorQuestion {
  readonly chainId: number
  readonly contract: Hex
  readonly issuerId: Hex
  readonly signer: Hex
  readonly root: Hex
}

export interface AnchorRecord {
  readonly record: BatchRecord
  /** What the signer may do for which issuer, as of now; undefined when it belongs to none. */
  readonly key: AnchoringKey | undefined
  /** Whether the chain is run by somebody other than the issuer. */
  readonly independent: boolean
  /** The block as of which it was read, where the reader can tell. */
  readonly asOf?: { readonly block: number; readonly time: Instant }
  /** It follows from the hash of a block that the user named. Otherwise somebody was believed. */
  readonly proved?: true
}

/** Reads what an issuer said of itself on a chain, from the events of the contract alone: for when its site is gone. */
export interface IssuerHistories {
  /** `unavailable` also for a chain or a contract that it does not know. */
  readHistory(place: IssuerPlace): Promise<IssuerHistory | 'unknown_issuer' | 'unavailable'>
}

export type IssuerPlace = Pick<AnchorQuestion, 'chainId' | 'contract' | 'issuerId'>

/**
 * Fetches what issuers say by now of their achievements (`engine/verification/achievement-standing.ts`): our own from the
 * database, others through the guarded fetcher.
 */
export interface AchievementStandingSource {
  /** `not_found` where the issuer says nothing, as one that runs other software. */
  fetchStanding(url: string): Promise<JsonObject | 'not_found' | 'unavailable'>
}

/** Tells why the bit of a document is set, as far as this server has signed it. */
export interface EditionStandings {
  /**
   * By the digest of the secured document; another form of an edition, as a token or parts of it, by its status. The
   * document must be known to be its issuer's. Undefined where it is not ours, or its bit is not set.
   */
  look(digest: Uint8Array, document: JsonObject): Promise<EditionFact | undefined>
}

/** Tells which issuers are known, apart from any signature. */
export interface IssuerTrust {
  /**
   * Asked by the id that a credential names its issuer by, and by the 20 bytes of its number on chain (`0x…`). Where only a
   * chain vouches for the keys, the number alone counts: anybody can record any DID there.
   */
  look(issuerId: string): Promise<KnownIssuer | undefined>
}

export interface KnownIssuer {
  /** `registry`: an issuer of this very server; `list`: a signed trust list; `setting`: whoever runs the verifier named it. */
  readonly by: 'registry' | 'list' | 'setting'
  /** The name under which it is known. */
  readonly name?: string
  /** Sample and local issuers. */
  readonly test?: boolean
  /** The list that vouches for it. */
  readonly list?: TrustListReport
  /** What the list says besides. */
  readonly domain?: string
  readonly brin?: string
  readonly ror?: string
}

/** Trust lists of whoever runs the verifier. */
export interface TrustListSource {
  /** Every list, each time. One that has not changed is the same object again, so that its signature is checked once. */
  read(): Promise<readonly GivenTrustList[]>
}

export interface GivenTrustList {
  /** What the report calls it: the name of a file, without its folder. */
  readonly from: string
  /** Undefined where it could not be read. */
  readonly json: Json | undefined
}
