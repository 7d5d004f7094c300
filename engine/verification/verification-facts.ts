import type { AnchorVerdict } from '#engine/anchoring/anchor-verdict.ts'
import type { AnchorProofFault } from '#engine/chain-proof/anchor-proof.ts'
import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Asked } from './check-sources.ts'
import type { HolderMatch } from './holder-match.ts'
import type { PictureMatch } from './match-picture.ts'
import type { ProofFinding } from './proof-finding.ts'
import type { TrustListReport } from './trust-list-report.ts'
import type { AnchorSummary, CredentialSummary, EndorsementReport } from './verification-report.ts'

/** All that was found out about a document; the judge turns it into a report and finds out nothing itself. */
export interface VerificationFacts {
  readonly checkedAt: Instant
  readonly format: FormatFact
  /** Undefined where no schema covers the document. */
  readonly schemaFaults: readonly CredentialFault[] | undefined
  /** The schema by which it says that it is to be read; undefined where it names none that must be checked. */
  readonly namedSchema?: NamedSchemaFact | undefined
  readonly proofs: readonly ProofFinding[]
  /** Whether the issuer's DID document was handed in by the user, as its site gave none. */
  readonly isDidKept?: boolean
  readonly status: StatusFact
  /** Why its bit is set; undefined where nobody was asked, or whoever was does not know. */
  readonly edition?: EditionFact
  readonly anchor: AnchorFact
  /** What the issuer says by now of the achievement version. */
  readonly achievement: AchievementFact
  readonly endorsements: readonly EndorsementReport[]
  /** How many more came than were looked at; none where it does not say. */
  readonly endorsementsLeftOut?: number
  /** Whether the picture that it came in is the one that it names; undefined where none came. */
  readonly picture?: PictureMatch
  /** Whether it names whom the reader named; undefined where nobody was named. */
  readonly recipient?: HolderMatch
  /** Trust lists that were looked at; none where it does not say. */
  readonly trustLists?: readonly TrustListReport[]
  /** Whom the verifier asked on the way. */
  readonly asked?: Asked
  /** With its issuer, and whether that is known. Undefined when the document could not be read. */
  readonly credential: CredentialSummary | undefined
}

export interface NamedSchemaFact {
  /** One that is known here is among them. */
  readonly isPinned: boolean
  /** The first that nobody here knows; nothing is fetched for it. */
  readonly unknown?: string
}

export type AchievementFact =
  /** Nobody was asked, as where nothing may be fetched, or the issuer says nothing of it. */
  | { readonly kind: 'not-looked-up' }
  /** The issuer was asked, and gave no answer that can be read. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'stands' }
  /** No new badges; those that were given stay what they are. */
  | { readonly kind: 'retired' }
  | { readonly kind: 'withdrawn'; readonly at: Instant; readonly reason: string }

/** A set bit says that a document is over. Why it is, only its issuer knows. */
export type EditionFact =
  | { readonly kind: 'revoked' | 'suspended'; readonly reason?: string }
  /** A newer edition of the same credential has taken its place; it is shown on that page. */
  | { readonly kind: 'superseded'; readonly page: string }

export type FormatFact =
  | { readonly kind: 'readable' }
  | { readonly kind: 'unreadable'; readonly code: FormatFault; readonly detail: string }

export type FormatFault =
  | 'not-a-credential'
  | 'assertion-malformed'
  | 'issuer-missing'
  | 'subject-missing'
  | 'dates-malformed'
  /** Another MUST of the VC Data Model; the detail says which and where. */
  | 'data-model-breached'
  | 'proof-malformed'
  | 'proof-algorithm-refused'

/** The purposes that say whether a credential still stands (Bitstring Status List v1.0, section 2.1). */
export type StatusPurpose = 'revocation' | 'suspension'

export type StatusFact =
  /** The credential names no list: it cannot be revoked this way. */
  | { readonly kind: 'none' }
  /** No entry that decides has its bit set. Without one for revocation, only that it is not suspended. */
  | { readonly kind: 'clear'; readonly purpose: StatusPurpose }
  | { readonly kind: 'set'; readonly purpose: StatusPurpose }
  /** Every entry is for something else, as `refresh` or `message`: none says whether the credential still stands. */
  | { readonly kind: 'other-purpose' }
  /** Nothing is fetched for a document whose proof does not hold. */
  | { readonly kind: 'skipped' }
  | { readonly kind: 'unavailable'; readonly list: string }
  | { readonly kind: 'unsupported'; readonly type: string }
  /** A list came, but it is not one that the issuer vouches for. */
  | { readonly kind: 'untrusted'; readonly reason: string }
  | { readonly kind: 'malformed'; readonly reason: string }

export type AnchorFact =
  | { readonly kind: 'no-receipt' }
  /** Parts of a document may have been left out, so its bytes are new with each: no receipt is about them. */
  | { readonly kind: 'disclosure' }
  | { readonly kind: 'malformed'; readonly reason: string }
  /** The receipt speaks of another document, or its path does not lead to its root. */
  | { readonly kind: 'mismatch'; readonly reason: string }
  /** The path holds, but nobody could ask the chain. */
  | { readonly kind: 'unavailable'; readonly summary: AnchorSummary }
  | { readonly kind: 'not-on-chain'; readonly summary: AnchorSummary }
  /** The path holds, and a proof of what the chain holds was handed in that cannot be relied on. */
  | {
      readonly kind: 'refused'
      readonly summary: AnchorSummary
      readonly code: AnchorProofFault | 'block-unconfirmed' | 'block-differs'
      readonly block?: { readonly hash: Hex; readonly block: number; readonly time: Instant }
    }
  | {
      readonly kind: 'on-chain'
      readonly summary: AnchorSummary
      readonly verdict: Exclude<AnchorVerdict, 'unknown_batch'>
      /** Whether all of it follows from the hash of a block; otherwise an endpoint was believed. */
      readonly isProved: boolean
      /** Whether the issuer's DID lists the account that anchored; undefined when the DID could not be read. */
      readonly signerListed: boolean | undefined
      /** Whether the account that anchored can still take it back, so that a clear bit says something of today. */
      readonly revocable: boolean
    }
