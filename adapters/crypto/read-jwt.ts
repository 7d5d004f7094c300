import { isJsonArray, isJsonObject, type JsonObject, printJson } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { JwtReading } from '#services/ports/credential-suite.ts'
import { fromBase64Url } from './multibase.ts'

/** The only algorithms that are taken. `none` and HS* would let anybody sign. */
const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'RS256']

/**
 * What `typ` may say, without `application/`: VC-JOSE-COSE, its drafts, and plain tokens. A token that was made for
 * something else, as to sign in with, is no credential, whoever signed it (RFC 8725, section 3.11).
 */
const TYPES = ['jwt', 'vc+jwt', 'vp+jwt', 'vc-ld+jwt', 'vp-ld+jwt', 'vc+ld+jwt', 'vp+ld+jwt']

const REGISTERED = new Set(['iss', 'sub', 'jti', 'nbf', 'iat', 'exp', 'aud', 'nonce', 'cnf', 'vc', 'vp'])

/** Reads the parts of a compact JWS without trusting any of them. */
export function readJwt(compact: string): JwtReading {
  const parts = compact.trim().split('.')
  const [header, claims] = parts.slice(0, 2).map(readPart)
  if (parts.length !== 3 || header === undefined || claims === undefined)
    return malformed('This is no compact JWS of a JSON object.')
  const { alg, crit, b64, jwk } = header
  if (typeof alg !== 'string' || !ALGORITHMS.includes(alg)) {
    const named = printJson(alg).slice(0, 40)
    return {
      ok: false,
      code: 'proof-algorithm-refused',
      detail: `The token is signed with ${named}, which is refused.`,
    }
  }
  if (crit !== undefined || b64 !== undefined)
    return malformed('The token demands an extension (crit), and none is known here.')
  if (isJsonObject(jwk ?? null) && (jwk as JsonObject)['d'] !== undefined)
    return malformed('The token brings a private key along.')
  return readPayload(header, claims)
}

function readPayload(header: JsonObject, claims: JsonObject): JwtReading {
  const type = typeOf(header)
  if (type === undefined)
    return malformed('The token says (typ) that it is something else than a credential.')
  const { vc, vp } = claims
  const isPlain = type === 'jwt'
  const inner = vc ?? vp
  if (inner !== undefined) {
    // VC-JOSE-COSE, section 3.1.3: neither may be there. And two credentials in one token are read as either.
    if (!isPlain || (vc !== undefined && vp !== undefined) || claims['@context'] !== undefined)
      return malformed('The token has a claim vc or vp beside the credential that it is.')
    if (!isJsonObject(inner)) return malformed('The claim vc or vp of the token is no object.')
  }
  const credential = inner ?? withoutRegistered(claims)
  const isPresentation = namesType(credential, 'VerifiablePresentation')
  const says = vc !== undefined ? 'vc' : vp !== undefined ? 'vp' : isPlain ? undefined : type.slice(0, 2)
  if (says !== undefined && (says === 'vp') !== isPresentation)
    return malformed('The token holds something else than it says of itself.')
  return { ok: true, holds: isPresentation ? 'presentation' : 'credential', header, claims, credential }
}

function typeOf({ typ }: JsonObject): string | undefined {
  if (typ === undefined) return 'jwt'
  const name = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : ''
  return TYPES.includes(name) ? name : undefined
}

function namesType({ type = null }: JsonObject, name: string): boolean {
  return isJsonArray(type) ? type.includes(name) : type === name
}

function withoutRegistered(claims: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !REGISTERED.has(name)))
}

/** Above what a verifier takes, which it says itself. */
const PART_LIMITS = { maxBytes: 4_000_000, maxDepth: 512, maxNodes: 100_000, maxKeys: 100_000 }

function readPart(part: string): JsonObject | undefined {
  const bytes = fromBase64Url(part)
  if (bytes === undefined) return undefined
  // Strictly, as JSON elsewhere: of a member that stands there twice, another reader may take the other one.
  const parsed = parseStrictJson(bytes, PART_LIMITS)
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : undefined
}

const malformed = (detail: string): JwtReading => ({ ok: false, code: 'proof-malformed', detail })
