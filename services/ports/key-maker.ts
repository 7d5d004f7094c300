import type { Hex } from '#engine/shared/bytes.ts'
import type { IssuingCurve } from './key-store.ts'

/** Makes fresh key pairs; what is secret leaves the caller's hands sealed only. */
export interface KeyMaker {
  /** The multikey (`z6Mk…` of Ed25519, which is the default; `zDn…` of P-256) and the 32 secret bytes. */
  newIssuingKey(
    curve?: IssuingCurve,
  ): Promise<{ readonly publicKeyMultibase: string; readonly secretKey: Uint8Array }>
  /** secp256k1: the checksummed address and the 32-byte key. */
  newAnchoringKey(): { readonly address: Hex; readonly secretKey: Uint8Array }
}
