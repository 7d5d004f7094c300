import type { Instant } from '#engine/shared/instant.ts'

/** What came of looking at one proof. */
export type ProofFinding =
  | {
      readonly outcome: 'passed'
      readonly verificationMethod: string
      readonly created?: Instant
      readonly suite: string
      /** The key came from what a chain records of the issuer, and from no DID document. */
      readonly recorded?: true
      /** Its holder may have left parts of the document out. */
      readonly disclosure?: true
      /** The issuer calls the key compromised since then, and a block held the document before. */
      readonly compromisedSince?: Instant
    }
  | { readonly outcome: 'failed'; readonly code: ProofFailure; readonly detail: string }
  | { readonly outcome: 'unknown'; readonly code: ProofDoubt; readonly detail: string }

/** What a proof was made for: to vouch for a credential, or to show who presents it. */
export type ProofPurpose = 'assertionMethod' | 'authentication'

export type ProofDoubt =
  | 'proof-suite-unsupported'
  | 'issuer-unavailable'
  | 'proof-key-unrecorded'
  | 'proof-key-unwitnessed'
  | 'canonicalisation-too-slow'

export type ProofFailure =
  | 'proof-missing'
  | 'proof-malformed'
  | 'proof-algorithm-refused'
  | 'proof-purpose-wrong'
  | 'proof-challenge-wrong'
  | 'proof-domain-wrong'
  | 'proof-created-malformed'
  | 'proof-in-future'
  | 'proof-expired'
  | 'proof-key-not-of-issuer'
  | 'proof-key-unknown'
  | 'proof-key-not-for-assertion'
  | 'proof-key-not-for-authentication'
  | 'proof-key-revoked'
  | 'proof-key-not-begun'
  | 'proof-key-unusable'
  | 'proof-value-malformed'
  | 'proof-is-base'
  | 'proof-signature-wrong'
  | 'proof-chain-broken'
  | 'json-ld-refused'
  | 'jwt-claims-differ'
