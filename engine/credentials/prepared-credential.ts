import type { Branded } from '#engine/shared/brand.ts'
import { equalBytes, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { JsonObject } from '#engine/shared/json.ts'

/** An unsigned document that passed every check before signing. A signer accepts nothing else. */
export type PreparedCredential = Branded<JsonObject, 'PreparedCredential'>

/** What is wrong with a document, and where: `path` is a JSON pointer, `code` names the kind of fault. */
export interface CredentialFault {
  readonly code:
    | 'schema'
    | 'data-model'
    | 'undefined-term'
    | 'unknown-context'
    | 'json-ld'
    | 'canonicalisation-too-slow'
  readonly path: string
  readonly message: string
}

/**
 * The digest of a secured document: SHA-256 of its JCS with the proof, or of the ASCII of a compact JWS.
 * It is what a leaf holds and what a receipt proves.
 */
export function credentialDigest(document: JsonObject | string, sha256: Hash): Uint8Array {
  return sha256(utf8(typeof document === 'string' ? document : canonicalJson(document)))
}

/** The same bytes as they are stored and served: the JCS of the document. */
export const credentialBytes = (document: JsonObject): Uint8Array => utf8(canonicalJson(document))

/** A document as it was before it was signed. */
export function unsignedDocument({ proof: _, ...unsigned }: JsonObject): JsonObject {
  return unsigned
}

/** Whether an unsigned document is what was prepared, perhaps with what its endorsers signed about that. */
export function isAsPrepared(unsigned: JsonObject, prepared: Uint8Array): boolean {
  const { endorsement: _, endorsementJwt: __, ...before } = unsigned
  return [unsigned, before].some((each) => equalBytes(credentialBytes(each), prepared))
}
