import type { JsonObject } from '#engine/shared/json.ts'
import { resolveDidJwk } from './did-jwk.ts'
import { resolveDidKey } from './did-key.ts'

/** The document of a DID that is its key: did:key or did:jwk. Undefined for anything else. */
export const resolveByText = (did: string): JsonObject | undefined => resolveDidKey(did) ?? resolveDidJwk(did)
