import type { JsonObject } from '#engine/shared/json.ts'
import { resolveDidJwk } from './did-jwk.ts'
import { resolveDidKey } from './did-key.ts'

/** Most badges are of few issuers, and what follows from a text follows again. */
const resolved = new Map<string, JsonObject>()
const MOST_KEPT = 256
const LONGEST_KEPT = 200

/** The document of a DID that is its key: did:key or did:jwk. Undefined for anything else. */
export function resolveByText(did: string): JsonObject | undefined {
  const kept = resolved.get(did)
  if (kept !== undefined) return kept
  const document = resolveDidKey(did) ?? resolveDidJwk(did)
  if (document === undefined || did.length > LONGEST_KEPT) return document
  if (resolved.size >= MOST_KEPT) resolved.clear()
  resolved.set(did, document)
  return document
}
