import { ed25519 } from '@noble/curves/ed25519'
import { p256 } from '@noble/curves/nist'
import type { IssuingCurve, SigningKey } from '#services/ports/key-store.ts'
import { issuingKeyOf } from './issuing-key.ts'

/**
 * A signing key of 32 secret bytes that somebody holds in memory: on the command line, in tests and benchmarks.
 * Signatures on P-256 are deterministic (RFC 6979).
 */
export function signingKeyOf(
  controller: string,
  secretKey: Uint8Array,
  verificationMethod?: string,
  curve: IssuingCurve = 'Ed25519',
): SigningKey {
  const { publicKeyMultibase } = issuingKeyOf(secretKey, curve)
  return {
    verificationMethod: verificationMethod ?? `${controller}#${publicKeyMultibase}`,
    controller,
    publicKeyMultibase,
    curve,
    sign: async (message) =>
      curve === 'P-256'
        ? p256.sign(message, secretKey, { prehash: true }).toBytes('compact')
        : ed25519.sign(message, secretKey),
  }
}
