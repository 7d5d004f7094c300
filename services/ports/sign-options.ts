import type { Instant } from '#engine/shared/instant.ts'
import type { ProofPurpose } from '#engine/verification/proof-finding.ts'

/** The suites of Data Integrity that credentials are signed with here. */
export type SigningSuite =
  | 'eddsa-rdfc-2022'
  | 'eddsa-jcs-2022'
  | 'ecdsa-rdfc-2019'
  | 'ecdsa-jcs-2019'
  /** With a base proof, of which the holder derives others: `CredentialSuite.derive`. */
  | 'ecdsa-sd-2023'

/** How a proof is made, where it is to be another than the usual one. */
export interface SignOptions {
  /** By default `eddsa-rdfc-2022` of an Ed25519 key, `ecdsa-rdfc-2019` of one on P-256. */
  readonly cryptosuite?: SigningSuite
  /** Of `ecdsa-sd-2023`: JSON pointers to what every disclosure must show. By default `mandatoryPointersOf` the document. */
  readonly mandatoryPointers?: readonly string[]
  /** By default an array for badges and endorsements, as 1EdTech's schema wants it, and an object otherwise. */
  readonly proofAs?: 'object' | 'array'
  /** `assertionMethod` by default. */
  readonly purpose?: ProofPurpose
  readonly challenge?: string
  readonly domain?: string | readonly string[]
  readonly expires?: Instant
  /** The `id` of the proof, which a later one may build on. */
  readonly proofId?: string
  /** The ids of proofs in the document that this one builds on: it covers them as well. */
  readonly previousProof?: string | readonly string[]
}

/** `vc+jwt`: VC-JOSE-COSE, for VC Data Model 2.0. `ob3`: Open Badges 3.0, section 8.2, with claims as twins. */
export type TokenForm = 'vc+jwt' | 'ob3'
