import { ed25519 } from '@noble/curves/ed25519'
import { concat } from '#engine/shared/bytes.ts'
import { toMultibase } from './multibase.ts'

/** An Ed25519 key that signs credentials. */
export interface IssuingKey {
  /** Multikey, `z6Mk…`; also the fragment of its verification method. */
  readonly publicKeyMultibase: string
  /** 32-byte seed. */
  readonly secretKey: Uint8Array
}

/** Makes a fresh issuing key from the platform's own randomness. */
export function generateIssuingKey(): IssuingKey {
  return issuingKeyOf(crypto.getRandomValues(new Uint8Array(32)))
}

/** The issuing key of a 32-byte seed. */
export function issuingKeyOf(secretKey: Uint8Array): IssuingKey {
  const publicKey = ed25519.getPublicKey(secretKey)
  return { publicKeyMultibase: toMultibase(concat(Uint8Array.of(0xed, 0x01), publicKey)), secretKey }
}
