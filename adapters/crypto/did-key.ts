import type { JsonObject } from '#engine/shared/json.ts'
import { readMultikey } from './public-key.ts'

/** The DID of a key: `did:key:z6Mk…`. */
export const didKeyOf = (publicKeyMultibase: string): string => `did:key:${publicKeyMultibase}`

/** Its one verification method. */
export const didKeyMethod = (publicKeyMultibase: string): string =>
  `${didKeyOf(publicKeyMultibase)}#${publicKeyMultibase}`

/** Works the document of a did:key out from its text (Ed25519, P-256, P-384); undefined for anything else. */
export function resolveDidKey(did: string): JsonObject | undefined {
  const publicKeyMultibase = did.startsWith('did:key:') ? did.slice('did:key:'.length) : undefined
  if (publicKeyMultibase === undefined || readMultikey(publicKeyMultibase) === undefined) return undefined
  const id = didKeyMethod(publicKeyMultibase)
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [{ id, type: 'Multikey', controller: did, publicKeyMultibase }],
    assertionMethod: [id],
    authentication: [id],
  }
}
