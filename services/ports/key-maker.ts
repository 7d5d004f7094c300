import type { Hex } from '#engine/shared/bytes.ts'

/** Makes fresh key pairs; what is secret leaves the caller's hands sealed only. */
export interface KeyMaker {
  /** Ed25519: the multikey (`z6Mk…`) and the 32-byte seed. */
  newIssuingKey(): Promise<{ readonly publicKeyMultibase: string; readonly secretKey: Uint8Array }>
  /** secp256k1: the checksummed address and the 32-byte key. */
  newAnchoringKey(): { readonly address: Hex; readonly secretKey: Uint8Array }
}
