import { dataModelVersion } from '#engine/credentials/data-model/data-model-version.ts'
import { asInstant, formatInstant, LATEST } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject, printJson } from '#engine/shared/json.ts'
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
  const credential = inner === undefined ? withoutRegistered(claims) : withClaims(inner, claims)
  const isPresentation = namesType(credential, 'VerifiablePresentation')
  const says = vc !== undefined ? 'vc' : vp !== undefined ? 'vp' : isPlain ? undefined : type.slice(0, 2)
  if (says !== undefined && (says === 'vp') !== isPresentation)
    return malformed('The token holds something else than it says of itself.')
  return { ok: true, holds: isPresentation ? 'presentation' : 'credential', header, claims, credential }
}

/**
 * Whether it is a token of VC-JOSE-COSE. There `exp` and `nbf` are of the signature and say nothing of the credential (its section
 * "JOSE Header Parameters and JWT Claims"); in a plain token they say once more from when until when the credential counts.
 */
export const isOfJoseCose = (header: JsonObject): boolean => typeOf(header) !== 'jwt'

function typeOf({ typ }: JsonObject): string | undefined {
  if (typ === undefined) return 'jwt'
  const name = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : ''
  return TYPES.includes(name) ? name : undefined
}

function namesType({ type = null }: JsonObject, name: string): boolean {
  return isJsonArray(type) ? type.includes(name) : type === name
}

/**
 * In a token of VC Data Model 1.1 registered claims may stand in the place of members (its section 6.3.1), and many writers leave
 * these out of `vc` and `vp`: whoever decodes it puts them back. A member that is there stays, to be held against its claim.
 */
function withClaims(inner: JsonObject, { iss, sub, jti, nbf, exp }: JsonObject): JsonObject {
  if (dataModelVersion(inner) !== '1.1') return inner
  const add = (name: string, value: Json | undefined): JsonObject =>
    value === undefined || inner[name] !== undefined ? {} : { [name]: value }
  if (namesType(inner, 'VerifiablePresentation'))
    return { ...inner, ...add('id', jti), ...add('holder', iss) }
  const { issuer, credentialSubject: subject } = inner
  return {
    ...inner,
    ...add('id', jti),
    ...(issuer === undefined ? add('issuer', iss) : { issuer: withId(issuer, iss) }),
    ...(subject === undefined ? {} : { credentialSubject: withId(subject, sub) }),
    ...add('issuanceDate', inner['validFrom'] === undefined ? dateOf(nbf) : undefined),
    ...add('expirationDate', inner['validUntil'] === undefined ? dateOf(exp) : undefined),
  }
}

const withId = (party: Json, id: Json | undefined): Json =>
  isJsonObject(party) && party['id'] === undefined && id !== undefined ? { id, ...party } : party

/** Of seconds since 1970. What is no such number adds no date, and is refused as the claim that it is. */
function dateOf(seconds: Json | undefined): string | undefined {
  if (typeof seconds !== 'number' || seconds < 0 || seconds * 1000 > LATEST) return undefined
  return formatInstant(asInstant(seconds * 1000))
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
