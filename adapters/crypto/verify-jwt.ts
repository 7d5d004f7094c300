import { type CryptoKey, compactVerify, importJWK, type JWK } from 'jose'
import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonObject, type Json, type JsonObject, printJson } from '#engine/shared/json.ts'
import type { ProofFailure, ProofFinding, ProofPurpose } from '#engine/verification/proof-finding.ts'
import type { ResolveMethod } from '#services/ports/credential-suite.ts'
import type { ProofExpectation } from '#services/ports/proof-expectation.ts'
import { toJwk } from './public-key.ts'
import { isOfJoseCose, readJwt } from './read-jwt.ts'
import { readRsaKey } from './rsa-key.ts'
import { compromisedSince, signedNoLaterThan, usableKey, usableMethod, witnessedAt } from './verify-proofs.ts'

/** The `alg` of a token and the kind of key that it takes. */
const KEY_TYPES: Readonly<Record<string, readonly [kty: string, crv?: string]>> = {
  EdDSA: ['OKP', 'Ed25519'],
  Ed25519: ['OKP', 'Ed25519'],
  ES256: ['EC', 'P-256'],
  ES384: ['EC', 'P-384'],
  RS256: ['RSA'],
}

/** Checks the signature under a key of the issuer, and that each registered claim equals its twin in the credential. */
export async function verifyJwt(
  compact: string,
  resolve: ResolveMethod,
  now: Instant,
  expected: ProofExpectation = {},
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
  const addressed = checkAddressee(claims, expected)
  if (addressed !== undefined) return addressed
  const name = nameOfKey(kid, signerOf(credential) ?? claims['iss'])
  const found = await resolve(name)
  // A token bears no time of its own that is looked at: of a recorded key, the time of its anchor is what counts.
  const key = await jwtKey(found, name, alg, signedNoLaterThan(found) ?? now, expected.purpose)
  if (key.kind === 'no') return key.finding
  try {
    await compactVerify(compact.trim(), key.key, { algorithms: [alg] })
  } catch {
    return failed('proof-signature-wrong', 'The signature does not fit the token.')
  }
  const hasTwins = !isOfJoseCose(header)
  const differing = differingClaim(claims, credential, hasTwins)
  if (differing !== undefined)
    return failed('jwt-claims-differ', `The claim ${differing} differs from the credential.`)
  // A presentation has no dates of its own that anybody judges.
  const outside = outsideClaims(claims, hasTwins && reading.holds === 'credential' ? credential : {}, now)
  if (outside !== undefined) return outside
  const recorded = witnessedAt(found) === undefined ? {} : { recorded: true as const }
  const since = compromisedSince(found)
  const compromised = since === undefined ? {} : { compromisedSince: since }
  return { outcome: 'passed', verificationMethod: name, suite: alg, ...recorded, ...compromised }
}

type JwtKey =
  | { readonly kind: 'yes'; readonly key: CryptoKey | Uint8Array }
  | { readonly kind: 'no'; readonly finding: ProofFinding }

async function jwtKey(
  found: Awaited<ReturnType<ResolveMethod>>,
  name: string,
  alg: string,
  now: Instant,
  purpose: ProofPurpose | undefined,
): Promise<JwtKey> {
  const unusable = failed('proof-key-unusable', `The key ${name} is not one for ${alg}.`)
  let jwk: JsonObject | undefined
  if (alg === 'RS256') {
    // No RSA key has a curve, so it is not among the keys that `usableKey` reads.
    const usable = usableMethod(found, name, now, purpose)
    if (usable.kind === 'no') return usable
    jwk = readRsaKey(usable.method.publicKeyJwk ?? {})
  } else {
    const key = usableKey(found, name, now, purpose)
    if (key.kind === 'no') return key
    jwk = toJwk(key.key)
  }
  const [kty, crv] = KEY_TYPES[alg] ?? []
  if (jwk === undefined || jwk['kty'] !== kty || jwk['crv'] !== crv) return { kind: 'no', finding: unusable }
  // A key that is meant for one algorithm is not used with another.
  const meant = found.kind === 'found' ? found.method.publicKeyJwk?.['alg'] : undefined
  if (meant !== undefined && meant !== alg) return { kind: 'no', finding: unusable }
  try {
    return { kind: 'yes', key: await importJWK(jwk as unknown as JWK, alg) }
  } catch {
    return { kind: 'no', finding: unusable }
  }
}

/** Open Badges 3.0, section 8.2.4: what is said twice must be the same; dates only where they are said twice. */
function differingClaim(claims: JsonObject, credential: JsonObject, hasTwins: boolean): string | undefined {
  const subject = credential['credentialSubject']
  const twins: readonly (readonly [string, Json | undefined])[] = [
    ['iss', signerOf(credential)],
    ['jti', credential['id']],
    ['sub', isJsonObject(subject) ? subject['id'] : undefined],
  ]
  for (const [name, twin] of twins) {
    if (claims[name] !== undefined && twin !== undefined && claims[name] !== twin) return name
  }
  if (!hasTwins) return undefined
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

/** The dates of the token alone, where the credential has none that say the same: these are judged with the credential. */
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

/** Who must have signed: the issuer of a credential, the holder of a presentation. */
function signerOf({ issuer, holder }: JsonObject): string | undefined {
  const signer = issuer ?? holder ?? null
  if (typeof signer === 'string') return signer
  return isJsonObject(signer) && typeof signer['id'] === 'string' ? signer['id'] : undefined
}

/** `kid` is the address of a key, or the name that a key has at its owner (VC-JOSE-COSE, section 4.1), or its owner. */
function nameOfKey(kid: string, signer: Json | undefined): string {
  if (kid === signer) return `${signer}#`
  if (typeof signer !== 'string' || /^[a-z][a-z0-9+.-]*:/i.test(kid)) return kid
  return kid.startsWith('#') ? `${signer}${kid}` : `${signer}#${kid}`
}

function checkAddressee(
  claims: JsonObject,
  { challenge, domain }: ProofExpectation,
): ProofFinding | undefined {
  if (challenge !== undefined && claims['nonce'] !== challenge)
    return failed('proof-challenge-wrong', 'The token does not answer the challenge of the verifier.')
  const audience: readonly Json[] = [claims['aud'] ?? []].flat()
  if (domain !== undefined && ![domain].flat().every((name) => audience.includes(name)))
    return failed('proof-domain-wrong', 'The token was made for somebody else than this verifier.')
  return undefined
}

const failed = (code: ProofFailure, detail: string): ProofFinding => ({ outcome: 'failed', code, detail })
