import type { JsonObject } from '#engine/shared/json.ts'
import { fromBase64Url } from './multibase.ts'
import { isPublicForSigning } from './public-key.ts'

/** 2048 to 8192 bits: shorter ones are broken, longer ones take our time. */
const MIN_BYTES = 256
const MAX_BYTES = 1024

/** The public parts of an RSA key; undefined for another key, a private one, and one too short or too long. */
export function readRsaKey(jwk: JsonObject): JsonObject | undefined {
  const { kty, n, e } = jwk
  if (kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string' || !isPublicForSigning(jwk))
    return undefined
  const [modulus, exponent] = [fromBase64Url(n), fromBase64Url(e)]
  if (modulus === undefined || exponent === undefined || exponent.length > 8) return undefined
  return modulus.length < MIN_BYTES || modulus.length > MAX_BYTES ? undefined : { kty, n, e }
}
