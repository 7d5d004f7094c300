import { type CryptoKey, compactVerify, importJWK, type JWK } from 'jose'
import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonObject, type Json, type JsonObject, printJson } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { ProofFailure, ProofFinding } from '#engine/verification/proof-finding.ts'
import type { JwtReading, ResolveMethod } from '#services/ports/credential-suite.ts'
import { fromBase64Url } from './multibase.ts'
import { toJwk } from './public-key.ts'
import { usableKey, usableMethod, witnessedAt } from './verify-proofs.ts'

/** The only algorithms that are taken. `none` and HS* would let anybody sign. */
const ALGORITHMS = ['EdDSA', 'ES256', 'RS256']

const REGISTERED = new Set(['iss', 'sub', 'jti', 'nbf', 'iat', 'exp', 'aud', 'cnf', 'vc', 'vp'])

/** Reads the parts of a compact JWS without trusting any of them. */
export function readJwt(compact: string): JwtReading {
  const parts = compact.trim().split('.')
  const [header, claims] = parts.slice(0, 2).map(readPart)
  if (parts.length !== 3 || header === undefined || claims === undefined) {
    return { ok: false, code: 'proof-malformed', detail: 'This is no compact JWS of a JSON object.' }
  }
  const { alg } = header
  if (typeof alg !== 'string' || !ALGORITHMS.includes(alg)) {
    const named = printJson(alg).slice(0, 40)
    return {
      ok: false,
      code: 'proof-algorithm-refused',
      detail: `The token is signed with ${named}, which is refused.`,
    }
  }
  // No extension is understood here. One of them (RFC 7797) gives the same bytes another payload, and is refused for JWTs.
  if (header['crit'] !== undefined || header['b64'] !== undefined) {
    const detail = 'The token wants an extension to be understood that is not.'
    return { ok: false, code: 'proof-malformed', detail }
  }
  const inner = claims['vc']
  return { ok: true, header, claims, credential: isJsonObject(inner) ? inner : withoutRegistered(claims) }
}

/** Checks the signature under a key of the issuer, and that each registered claim equals its twin in the credential. */
export async function verifyJwt(
  compact: string,
  resolve: ResolveMethod,
  now: Instant,
): Promise<ProofFinding> {
  const reading = readJwt(compact)
  if (!reading.ok) return failed(reading.code, reading.detail)
  const { header, claims, credential } = reading
  const alg = printJson(header['alg'])
  const kid = header['kid']
  if (typeof kid !== 'string') {
    return failed(
      'proof-key-unknown',
      'The token names no key of its issuer, and a key that it brings along proves nothing.',
    )
  }
  const issuer = issuerOf(credential)
  const name = kid.startsWith('#') && issuer !== undefined ? `${issuer}${kid}` : kid
  const found = await resolve(name)
  // A token bears no time of its own that is looked at: of a recorded key, the time of its anchor is what counts.
  const key = await jwtKey(found, name, alg, witnessedAt(found) ?? now)
  if (key.kind === 'no') return key.finding
  try {
    await compactVerify(compact.trim(), key.key, { algorithms: [alg] })
  } catch {
    return failed('proof-signature-wrong', 'The signature does not fit the token.')
  }
  const differing = differingClaim(claims, credential)
  if (differing !== undefined)
    return failed('jwt-claims-differ', `The claim ${differing} differs from the credential.`)
  const outside = outsideClaims(claims, credential, now)
  if (outside !== undefined) return outside
  const recorded = witnessedAt(found) === undefined ? {} : { recorded: true as const }
  return { outcome: 'passed', verificationMethod: name, suite: alg, ...recorded }
}

type JwtKey =
  | { readonly kind: 'yes'; readonly key: CryptoKey | Uint8Array }
  | { readonly kind: 'no'; readonly finding: ProofFinding }

async function jwtKey(
  found: Awaited<ReturnType<ResolveMethod>>,
  name: string,
  alg: string,
  now: Instant,
): Promise<JwtKey> {
  const unusable = failed('proof-key-unusable', `The key ${name} is not one for ${alg}.`)
  let jwk: JsonObject | undefined
  if (alg === 'RS256') {
    // No RSA key has a curve, so it is not among the keys that `usableKey` reads.
    const usable = usableMethod(found, name, now)
    if (usable.kind === 'no') return usable
    jwk = usable.method.publicKeyJwk
  } else {
    const key = usableKey(found, name, now)
    if (key.kind === 'no') return key
    jwk = toJwk(key.key)
  }
  if (jwk?.['kty'] !== { EdDSA: 'OKP', ES256: 'EC', RS256: 'RSA' }[alg])
    return { kind: 'no', finding: unusable }
  try {
    const { kty, crv, x, y, n, e } = jwk ?? {}
    const parts = Object.fromEntries(
      Object.entries({ kty, crv, x, y, n, e }).filter(([, part]) => part !== undefined),
    )
    return { kind: 'yes', key: await importJWK(parts as JWK, alg) }
  } catch {
    return { kind: 'no', finding: unusable }
  }
}

/** Open Badges 3.0, section 8.2.4: what is said twice must be the same. */
function differingClaim(claims: JsonObject, credential: JsonObject): string | undefined {
  const subject = credential['credentialSubject']
  const twins: readonly (readonly [string, Json | undefined])[] = [
    ['iss', issuerOf(credential)],
    ['jti', credential['id']],
    ['sub', isJsonObject(subject) ? subject['id'] : undefined],
  ]
  for (const [name, twin] of twins) {
    if (claims[name] !== undefined && twin !== undefined && claims[name] !== twin) return name
  }
  const dates = [
    ['nbf', credential['validFrom'] ?? credential['issuanceDate']],
    ['exp', credential['validUntil'] ?? credential['expirationDate']],
  ] as const
  for (const [name, twin] of dates) {
    const claim = claims[name]
    if (claim === undefined || twin === undefined) continue
    const instant = typeof twin === 'string' ? parseInstant(twin) : undefined
    if (
      typeof claim !== 'number' ||
      instant === undefined ||
      Math.floor(instant / 1000) !== Math.floor(claim)
    )
      return name
  }
  return undefined
}

/**
 * The dates of the token alone, where the credential has none of its own (VC Data Model 1.1 lets `exp` stand for
 * `expirationDate`). Those that are said twice are judged with the credential.
 */
function outsideClaims(claims: JsonObject, credential: JsonObject, now: Instant): ProofFinding | undefined {
  const { nbf, exp } = claims
  for (const [name, claim] of Object.entries({ nbf, exp })) {
    if (claim !== undefined && typeof claim !== 'number')
      return failed('proof-malformed', `The claim ${name} of the token is no number.`)
  }
  const hasStart = (credential['validFrom'] ?? credential['issuanceDate']) !== undefined
  if (typeof nbf === 'number' && !hasStart && nbf * 1000 > now)
    return failed('proof-in-future', 'The token does not count yet: its nbf is still to come.')
  const hasEnd = (credential['validUntil'] ?? credential['expirationDate']) !== undefined
  if (typeof exp === 'number' && !hasEnd && exp * 1000 <= now)
    return failed('proof-expired', 'The token counts no more: its exp has passed.')
  return undefined
}

function issuerOf(credential: JsonObject): string | undefined {
  const { issuer } = credential
  if (typeof issuer === 'string') return issuer
  return isJsonObject(issuer) && typeof issuer['id'] === 'string' ? issuer['id'] : undefined
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

const failed = (code: ProofFailure, detail: string): ProofFinding => ({ outcome: 'failed', code, detail })
