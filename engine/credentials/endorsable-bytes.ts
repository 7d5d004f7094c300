import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { BADGE_CONTEXTS, EDUCREDENTIAL_CONTEXT } from './contexts.ts'
import { usesEducredential } from './educredential.ts'

/**
 * The bytes that an endorser signs over: the JCS of an achievement, an issuer profile or a credential with its
 * contexts, and without what is added later (endorsements, proof).
 * One rule for all three, so that a verifier can work the digest out from what stands inside a badge.
 */
export function endorsableBytes(document: JsonObject): Uint8Array {
  const { endorsement: _, endorsementJwt: __, proof: ___, ...rest } = document
  return utf8(canonicalJson({ '@context': contextsFor(rest), ...rest }))
}

/** The contexts of a badge, or of an achievement on its own: a third where it uses the educredential profile. */
export const contextsFor = (document: JsonObject): readonly string[] =>
  usesEducredential(document) ? [...BADGE_CONTEXTS, EDUCREDENTIAL_CONTEXT] : [...BADGE_CONTEXTS]
