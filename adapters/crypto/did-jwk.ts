import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { fromBase64Url } from './multibase.ts'
import { readJwk, toJwk } from './public-key.ts'
import { readRsaKey } from './rsa-key.ts'

/** An RSA key of 8192 bits is some 1,900 characters. */
const MAX_TEXT = 4096

/**
 * Works the document of a did:jwk out from its text (Ed25519, P-256, P-384, RSA); undefined for anything else, and for
 * one that brings its private key along.
 */
export function resolveDidJwk(did: string): JsonObject | undefined {
  if (!did.startsWith('did:jwk:') || did.length > MAX_TEXT) return undefined
  const jwk = readText(did.slice('did:jwk:'.length))
  if (jwk === undefined || jwk['use'] === 'enc') return undefined
  const key = readJwk(jwk)
  // A point off its curve is no key.
  if (key === undefined ? readRsaKey(jwk) === undefined : toJwk(key) === undefined) return undefined
  const id = `${did}#0`
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id: did,
    verificationMethod: [{ id, type: 'JsonWebKey2020', controller: did, publicKeyJwk: jwk }],
    assertionMethod: [id],
    authentication: [id],
  }
}

function readText(text: string): JsonObject | undefined {
  const bytes = fromBase64Url(text)
  if (bytes === undefined) return undefined
  try {
    const value: Json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
