import { ed25519 } from '@noble/curves/ed25519'
import type { SigningKey } from '#services/ports/key-store.ts'
import { issuingKeyOf } from './issuing-key.ts'

/** A signing key of a 32-byte seed that somebody holds in memory: on the command line, in tests and benchmarks. */
export function signingKeyOf(
  controller: string,
  seed: Uint8Array,
  verificationMethod = `${controller}#${issuingKeyOf(seed).publicKeyMultibase}`,
): SigningKey {
  const { publicKeyMultibase } = issuingKeyOf(seed)
  return {
    verificationMethod,
    controller,
    publicKeyMultibase,
    curve: 'Ed25519',
    sign: async (message) => ed25519.sign(message, seed),
  }
}
