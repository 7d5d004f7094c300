import type { Educredential } from '#engine/credentials/educredential.ts'
import type { PersonalParts } from '#engine/credentials/personal-parts.ts'
import type { InstitutionWords } from '#engine/credentials/read-institution.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { CheckSource } from './check-sources.ts'
import type { TrustListReport } from './trust-list-report.ts'

export type CheckName =
  /** It can be read and is a verifiable credential. */
  | 'format'
  /** 1EdTech's schema. */
  | 'schema'
  /** Every proof holds under a key of the issuer. */
  | 'proof'
  /** The verifier, its registry or its list knows the issuer. */
  | 'issuer'
  /** Not revoked, as of the time of the check. */
  | 'status'
  /** Within its dates. */
  | 'validity'
  /** Its receipt leads to a batch on chain. */
  | 'anchor'
  /** Whether its issuer still stands behind the achievement version that it was given by. Informs. */
  | 'achievement'
  /** The picture that it came in is the one that it names. */
  | 'image'
  /** The endorsements that came with it. */
  | 'endorsements'
  /** It is of the person whom the reader names. Made only where somebody is named. */
  | 'recipient'

/** `unknown` says that it could not be told, which is never the same as bad. */
export type Outcome = 'passed' | 'failed' | 'unknown' | 'not_applicable'

export interface Check {
  readonly name: CheckName
  readonly outcome: Outcome
  /** Stable, for translation: `signature-holds`, `revoked`, `issuer-unknown`, … Listed in docs/verification.md. */
  readonly code: string
  /** One English sentence. */
  readonly detail: string
  /** As of when; for the status always. */
  readonly at?: Instant
  /** The check tells something without deciding the verdict: the schema when breached, the achievement, and endorsements. */
  readonly informs?: true
  /** What the issuer gave as its reason, in its own words. */
  readonly reason?: string
  /** Where to look instead: of a document whose place a newer edition has taken. */
  readonly see?: string
  /** What was asked or looked at for it. Absent where the document alone says it. */
  readonly sources?: readonly CheckSource[]
}

export type Verdict = 'valid' | 'invalid' | 'undecided'

export interface IssuerSummary {
  readonly id: string
  readonly name?: string
  readonly url?: string
  /** What its profile says of it as an institution: its own word. */
  readonly institution?: InstitutionWords
  /** What the headline shows: the domain that published the key. Absent for a did:key. */
  readonly domain?: string
  /**
   * The number under which a chain records the issuer, where its keys came from there, as its DID document could not be
   * read. The domain is then no more than a text that somebody recorded.
   */
  readonly recordedAs?: Hex
  readonly known: boolean
  readonly knownBy?: 'registry' | 'list' | 'setting'
  /** What the trust list says of it, where one vouches for it. */
  readonly listed?: ListedAs
  /** The number on chain under which it is known, where not by its id. */
  readonly knownAs?: Hex
}

export interface ListedAs {
  readonly name?: string
  readonly domain?: string
  readonly brin?: string
  readonly ror?: string
  readonly list: TrustListReport
}

/** The words of one language, as far as the document has them. */
export interface WordsInLanguage {
  /** BCP 47. */
  readonly language: string
  readonly name?: string
  readonly description?: string
  readonly criteria?: string
}

export interface CredentialSummary {
  readonly id?: string
  readonly types: readonly string[]
  readonly name?: string
  readonly issuer?: IssuerSummary
  readonly achievement?: {
    readonly id?: string
    readonly name?: string
    readonly version?: string
    readonly description?: string
    readonly criteria?: string
    /** Where the criteria are to be read, as the document says. */
    readonly criteriaAddress?: string
    readonly image?: { readonly id: string; readonly caption?: string }
    readonly type?: string
    /** Where it uses the Dutch educredential profile. */
    readonly educredential?: Educredential
  }
  /** What it says in each language, where it says it in more than one. */
  readonly inLanguages?: readonly WordsInLanguage[]
  readonly subjectId?: string
  readonly subjectName?: string
  readonly awardedDate?: Instant
  readonly validFrom?: Instant
  readonly validUntil?: Instant
  /** What it says of this one person. Absent where it says nothing besides the achievement. */
  readonly parts?: PersonalParts
  /** A sample, or of an issuer on localhost. */
  readonly test: boolean
  /** `0x…` SHA-256 of the secured document: what a receipt's leaf holds. */
  readonly digest: Hex
}

export interface AnchorSummary {
  readonly chainId: number
  readonly contract: Hex
  /** The number of the issuer on that chain: 20 bytes that commit to its DID and its first key. */
  readonly issuerId: Hex
  readonly signer: Hex
  readonly root: Hex
  readonly leafIndex: number
  readonly size: number
  /** Whether the chain is run by somebody other than the issuer. Absent when the chain could not be read. */
  readonly independent?: boolean
  /** The document existed no later than this. Absent when the chain could not be read. */
  readonly anchoredAt?: Instant
  /** The newest block when it was read. Absent when the chain could not be read, or does not say. */
  readonly asOf?: Instant
  readonly asOfBlock?: number
}

export interface EndorsementReport {
  readonly verdict: Verdict
  readonly checks: readonly Check[]
  readonly endorser?: IssuerSummary
  readonly targetId?: string
  readonly comment?: string
  readonly validFrom?: Instant
  /** Inside the badge, under the issuer's signature; else it came beside it. */
  readonly embedded: boolean
}

export interface Refreshed {
  /** Where the newer text was fetched from. */
  readonly at: string
  /** The digest of the text that was brought. */
  readonly from: Hex
  /** What would have been said of the text that was brought. */
  readonly verdict: Verdict
  readonly checks: readonly Check[]
}

export interface VerificationReport {
  readonly verdict: Verdict
  readonly checkedAt: Instant
  /** One of each name, in the order of `CheckName`. */
  readonly checks: readonly Check[]
  /** Absent when the document could not be read. */
  readonly credential?: CredentialSummary
  readonly anchor?: AnchorSummary
  readonly endorsements: readonly EndorsementReport[]
  /** All of it is said of a newer text than the one that was brought. */
  readonly refreshed?: Refreshed
  /** Every trust list that was looked at, also those that count for nothing. */
  readonly trustLists: readonly TrustListReport[]
  /** What the report does not say, one English sentence each. */
  readonly notProved: readonly string[]
}
