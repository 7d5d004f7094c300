import { ed25519 } from '@noble/curves/ed25519'
import { p256 } from '@noble/curves/nist'
import type { IssuingCurve } from '#services/ports/key-store.ts'
import { toMultikey } from './public-key.ts'

/** A key that signs credentials. */
export interface IssuingKey {
  /** Multikey, `z6Mk…` (Ed25519) or `zDn…` (P-256); also the fragment of its verification method. */
  readonly publicKeyMultibase: string
  /** 32 bytes: the seed of Ed25519, the number of P-256. */
  readonly secretKey: Uint8Array
}

/** Makes a fresh issuing key from the platform's own randomness. */
export function generateIssuingKey(curve: IssuingCurve = 'Ed25519'): IssuingKey {
  return issuingKeyOf((curve === 'P-256' ? p256 : ed25519).utils.randomSecretKey(), curve)
}

/** The issuing key of 32 secret bytes. Throws for a number that is none of P-256's. */
export function issuingKeyOf(secretKey: Uint8Array, curve: IssuingCurve = 'Ed25519'): IssuingKey {
  const bytes = curve === 'P-256' ? p256.getPublicKey(secretKey, true) : ed25519.getPublicKey(secretKey)
  return { publicKeyMultibase: toMultikey({ curve, bytes }), secretKey }
}
