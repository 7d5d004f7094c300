import type { JsonObject } from '#engine/shared/json.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'

/** What a compact JWS carries, or the document itself; nothing where it is none. It is looked at before it is trusted. */
export function carriedCredential(
  suite: Pick<CredentialSuite, 'readJwt'>,
  document: JsonObject | string,
): JsonObject {
  if (typeof document !== 'string') return document
  const reading = suite.readJwt(document)
  return reading.ok ? reading.credential : {}
}
