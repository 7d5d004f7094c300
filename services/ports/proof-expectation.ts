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
   * Takes no base proof of `ecdsa-sd-2023`, which its holder is to keep, as a verifier must (vc-di-ecdsa 1.0, section 3.5.8). Without
   * it, as where its holder or issuer looks, one that holds counts: it proves all that a disclosure of everything would.
   */
  readonly noBaseProofs?: boolean
}
