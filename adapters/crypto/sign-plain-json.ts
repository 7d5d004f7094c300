import { ed25519 } from '@noble/curves/ed25519'
import { sha256 } from '@noble/hashes/sha2'
import { concat, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { toMultibase } from './multibase.ts'
import { without } from './proof-suites.ts'

/**
 * Adds an `eddsa-jcs-2022` proof (vc-di-eddsa 1.0, section 3.3) to a document that has no JSON-LD context, as a trust list. A
 * proof that was there is replaced.
 */
export function signPlainJson(
  document: JsonObject,
  {
    verificationMethod,
    secretKey,
    created,
  }: {
    readonly verificationMethod: string
    /** The 32-byte Ed25519 seed. */
    readonly secretKey: Uint8Array
    readonly created: Instant
  },
): JsonObject {
  const bare = without(document, 'proof')
  const options = {
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    created: formatInstant(created),
    verificationMethod,
    proofPurpose: 'assertionMethod',
  }
  const message = concat(sha256(utf8(canonicalJson(options))), sha256(utf8(canonicalJson(bare))))
  return { ...bare, proof: { ...options, proofValue: toMultibase(ed25519.sign(message, secretKey)) } }
}
