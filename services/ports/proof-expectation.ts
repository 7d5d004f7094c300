import type { ProofPurpose } from '#engine/verification/proof-finding.ts'

/** What a proof must have been made for. */
export interface ProofExpectation {
  /** `assertionMethod` by default. */
  readonly purpose?: ProofPurpose
  /** Of a presentation: what the verifier asked to be signed. Without it none is asked for. */
  readonly challenge?: string
  /** Of a presentation: for whom it must have been made, all of them. Without it whoever it was made for. */
  readonly domain?: string | readonly string[]
  /**
   * Where its holder or issuer looks: a base proof of `ecdsa-sd-2023` that holds counts, as it proves all that a disclosure of
   * everything would. No verifier may take one, which its holder is to keep (vc-di-ecdsa 1.0, section 3.5.8).
   */
  readonly takesBaseProofs?: boolean
}
