import { exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import type { VerificationMethod } from '#engine/credentials/did-document.ts'
import { asInstant, parseInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ResolveMethod } from '#services/ports/credential-suite.ts'
import { issuingKeyOf } from './issuing-key.ts'
import { toBase64Url } from './multibase.ts'
import { readMultikey } from './public-key.ts'
import { readJwt } from './read-jwt.ts'
import oneEdTech from './vectors/1edtech-open-badges-3.0.json' with { type: 'json' }
import jose from './vectors/w3c-vc-jose-cose.json' with { type: 'json' }
import { verifyJwt } from './verify-jwt.ts'

const NOW = parseInstant('2026-11-25T10:00:00Z') ?? asInstant(0)
const ISSUER = oneEdTech.controller
const KID = `${ISSUER}#key-1`
const credential = oneEdTech.credential as unknown as JsonObject

const CLAIMS = {
  ...credential,
  iss: ISSUER,
  jti: credential['id'],
  sub: 'did:example:ebfeb1f712ebc6f1c276e12ec21',
  nbf: (parseInstant('2010-01-01T00:00:00Z') ?? 0) / 1000,
}

async function keyFor(alg: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const publicKeyJwk = (await exportJWK(publicKey)) as unknown as JsonObject
  const resolve: ResolveMethod = async (name) =>
    name === KID
      ? {
          kind: 'found',
          forAssertion: true,
          method: { id: KID, type: 'JsonWebKey', controller: ISSUER, publicKeyJwk },
        }
      : { kind: 'not-found' }
  return { privateKey, publicKeyJwk, resolve }
}

test.each(['EdDSA', 'Ed25519', 'ES256', 'ES384', 'RS256'])(
  'a token signed with %s under a key of the issuer holds, and a changed one does not',
  async (alg) => {
    const { privateKey, resolve } = await keyFor(alg)
    const token = await new SignJWT(CLAIMS as never)
      .setProtectedHeader({ alg, kid: KID, typ: 'JWT' })
      .sign(privateKey)
    expect(await verifyJwt(token, resolve, NOW)).toMatchObject({
      outcome: 'passed',
      suite: alg,
      verificationMethod: KID,
    })
    const reading = readJwt(token)
    expect(reading.ok && reading.credential).toEqual(credential)

    const [header, , signature] = token.split('.')
    const forged = toBase64Url(new TextEncoder().encode(JSON.stringify({ ...CLAIMS, name: 'Other' })))
    expect(await verifyJwt(`${header}.${forged}.${signature}`, resolve, NOW)).toMatchObject({
      code: 'proof-signature-wrong',
    })
    expect(await verifyJwt(token, async () => ({ kind: 'not-of-issuer' }), NOW)).toMatchObject({
      code: 'proof-key-not-of-issuer',
    })
    const other = await keyFor(alg)
    expect(await verifyJwt(token, other.resolve, NOW)).toMatchObject({ code: 'proof-signature-wrong' })
  },
)

test('a multikey of the DID serves for EdDSA', async () => {
  const { publicKeyMultibase, secretKey } = issuingKeyOf(new Uint8Array(32).fill(5))
  const x = toBase64Url(readMultikey(publicKeyMultibase)?.bytes ?? new Uint8Array())
  const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x, d: toBase64Url(secretKey) }, 'EdDSA')
  const token = await new SignJWT(CLAIMS as never)
    .setProtectedHeader({ alg: 'EdDSA', kid: '#key-1' })
    .sign(key)
  const resolve: ResolveMethod = async (id) => ({
    kind: 'found',
    forAssertion: true,
    method: { id, type: 'Multikey', controller: ISSUER, publicKeyMultibase },
  })
  expect(await verifyJwt(token, resolve, NOW)).toMatchObject({ outcome: 'passed', verificationMethod: KID })
})

test('none and HS256 are refused, whatever the key', async () => {
  const { resolve, publicKeyJwk } = await keyFor('RS256')
  const none = new UnsecuredJWT(CLAIMS as never).encode()
  const secret = new TextEncoder().encode(String(publicKeyJwk['n']))
  const hs256 = await new SignJWT(CLAIMS as never).setProtectedHeader({ alg: 'HS256', kid: KID }).sign(secret)
  for (const token of [none, hs256, hs256.replace(/^[^.]+/, '')]) {
    const finding = await verifyJwt(token, resolve, NOW)
    expect(finding.outcome).toBe('failed')
    expect(['proof-algorithm-refused', 'proof-malformed']).toContain(
      finding.outcome === 'failed' ? finding.code : '',
    )
  }
})

test('a token for one algorithm is not checked with a key for another', async () => {
  const rsa = await keyFor('RS256')
  const ec = await keyFor('ES256')
  const token = await new SignJWT(CLAIMS as never)
    .setProtectedHeader({ alg: 'ES256', kid: KID })
    .sign(ec.privateKey)
  expect(await verifyJwt(token, rsa.resolve, NOW)).toMatchObject({
    outcome: 'failed',
    code: 'proof-key-unusable',
  })
})

test('a key that the token brings along proves nothing', async () => {
  const { privateKey, publicKeyJwk, resolve } = await keyFor('ES256')
  const header = { alg: 'ES256', jwk: publicKeyJwk as never }
  const token = await new SignJWT(CLAIMS as never).setProtectedHeader(header).sign(privateKey)
  expect(await verifyJwt(token, resolve, NOW)).toMatchObject({ outcome: 'failed', code: 'proof-key-unknown' })
})

test.each([
  ['iss', 'https://elsewhere.example.org'],
  ['jti', 'urn:uuid:other'],
  ['sub', 'did:example:other'],
  ['nbf', 1],
])('a claim %s that differs from the credential is refused', async (name, value) => {
  const { privateKey, resolve } = await keyFor('ES256')
  const token = await new SignJWT({ ...CLAIMS, [name]: value } as never)
    .setProtectedHeader({ alg: 'ES256', kid: KID })
    .sign(privateKey)
  expect(await verifyJwt(token, resolve, NOW)).toMatchObject({ outcome: 'failed', code: 'jwt-claims-differ' })
})

test.each(
  ['EdDSA', 'ES256', 'RS256'].flatMap((alg) => [
    [alg, { expires: '2026-11-25T09:59:59Z' }, 'proof-key-revoked'] as const,
    [alg, { revoked: '2026-11-25T09:59:59Z' }, 'proof-key-revoked'] as const,
    [alg, { expires: 'soon' }, 'proof-key-revoked'] as const,
    [alg, { expires: '2026-11-25T10:00:01Z' }, undefined] as const,
  ]),
)('a %s key counts until its end: %j', async (alg, end, code) => {
  const { privateKey, resolve } = await keyFor(alg)
  const token = await new SignJWT(CLAIMS as never).setProtectedHeader({ alg, kid: KID }).sign(privateKey)
  const ended: ResolveMethod = async (name) => {
    const found = await resolve(name)
    return found.kind === 'found' ? { ...found, method: { ...found.method, ...end } } : found
  }
  expect(await verifyJwt(token, ended, NOW)).toMatchObject(
    code === undefined ? { outcome: 'passed' } : { outcome: 'failed', code },
  )
})

test.each([
  ['exp', '2020-01-01T00:00:00Z', 'proof-expired'],
  ['exp', '2026-11-25T10:00:00Z', 'proof-expired'],
  ['exp', '2026-11-25T10:00:01Z', undefined],
  ['nbf', '2030-01-01T00:00:00Z', 'proof-in-future'],
  ['nbf', '2026-11-25T10:00:00Z', undefined],
])('without a date in the credential, %s of %s counts', async (name, date, code) => {
  const { privateKey, resolve } = await keyFor('ES256')
  const { validFrom: _, nbf: __, ...undated } = CLAIMS as typeof CLAIMS & { readonly validFrom?: unknown }
  const sign = (value: unknown) =>
    new SignJWT({ ...undated, [name]: value } as never)
      .setProtectedHeader({ alg: 'ES256', kid: KID })
      .sign(privateKey)
  expect(await verifyJwt(await sign((parseInstant(date) ?? 0) / 1000), resolve, NOW)).toMatchObject(
    code === undefined ? { outcome: 'passed' } : { outcome: 'failed', code },
  )
  expect(await verifyJwt(await sign(date), resolve, NOW)).toMatchObject({
    outcome: 'failed',
    code: 'proof-malformed',
  })
})

/** VC-JOSE-COSE: they are of the signature, and another thing than `validFrom` and `validUntil`. */
test.each([
  ['exp', '2026-11-25T10:00:01Z', undefined],
  ['exp', '2026-11-25T10:00:00Z', 'proof-expired'],
  ['nbf', '2026-11-25T10:00:00Z', undefined],
  ['nbf', '2026-11-25T10:00:01Z', 'proof-in-future'],
])(
  'beside the dates of a credential of VC-JOSE-COSE, %s of %s is that of the token',
  async (name, date, code) => {
    const { nbf: _, ...claims } = { ...CLAIMS, validUntil: '2030-01-01T00:00:00Z' }
    const payload = { ...claims, [name]: (parseInstant(date) ?? 0) / 1000 }
    for (const typ of ['vc+jwt', 'application/vc+jwt', 'vc-ld+jwt'])
      expect(await jwtOf({ typ }, payload)).toMatchObject(
        code === undefined ? { outcome: 'passed' } : { outcome: 'failed', code },
      )
  },
)

test('the end of a token counts for a presentation whatever end it says that it has', async () => {
  const past = '2020-01-01T00:00:00Z'
  const ended = { ...presentation, validUntil: past, exp: (parseInstant(past) ?? 0) / 1000 }
  expect(await jwtOf({ typ: 'vp+jwt' }, ended)).toMatchObject({ code: 'proof-expired' })
  const { exp, ...vp } = ended
  expect(await jwtOf({}, { iss: ISSUER, exp, vp })).toMatchObject({ code: 'proof-expired' })
})

/** VC Data Model 1.1, section 6.3.1. */
describe('claims of VC Data Model 1.1 in the place of members', () => {
  const V1 = ['https://www.w3.org/2018/credentials/v1']
  const bare = { '@context': V1, type: ['VerifiableCredential'], credentialSubject: { degree: 'x' } }
  const claims = {
    iss: ISSUER,
    sub: 'did:example:ann',
    jti: 'urn:uuid:1',
    nbf: 1_262_304_000,
    exp: 1_893_456_000,
  }
  const readOf = async (payload: object) => {
    const { privateKey } = await keyFor('ES256')
    const token = await new SignJWT(payload as never)
      .setProtectedHeader({ alg: 'ES256', kid: KID })
      .sign(privateKey)
    const reading = readJwt(token)
    return reading.ok ? reading.credential : reading
  }

  test('they are what the credential says', async () => {
    const whole = {
      ...bare,
      id: 'urn:uuid:1',
      issuer: ISSUER,
      issuanceDate: '2010-01-01T00:00:00Z',
      expirationDate: '2030-01-01T00:00:00Z',
      credentialSubject: { id: 'did:example:ann', degree: 'x' },
    }
    expect(await readOf({ ...claims, vc: bare })).toEqual(whole)
    expect(await jwtOf({ typ: 'JWT' }, { ...claims, vc: bare })).toMatchObject({ outcome: 'passed' })
    // A name beside the id that is left out.
    expect(await readOf({ ...claims, vc: { ...bare, issuer: { name: 'I' } } })).toEqual({
      ...whole,
      issuer: { id: ISSUER, name: 'I' },
    })
  })

  test('and of a presentation whose it is', async () => {
    const vp = { '@context': V1, type: ['VerifiablePresentation'] }
    expect(await readOf({ iss: ISSUER, jti: 'urn:uuid:2', vp })).toEqual({
      ...vp,
      id: 'urn:uuid:2',
      holder: ISSUER,
    })
  })

  test('a member that is there stays, and is held against its claim', async () => {
    expect(await jwtOf({}, { ...claims, vc: { ...bare, issuer: 'did:example:other' } })).toMatchObject({
      code: 'jwt-claims-differ',
    })
    const later = { ...bare, expirationDate: '2031-01-01T00:00:00Z' }
    expect(await jwtOf({}, { ...claims, vc: later })).toMatchObject({ code: 'jwt-claims-differ' })
  })

  test('what says no date adds none, and VC Data Model 2.0 knows nothing of it', async () => {
    expect(await readOf({ ...claims, nbf: 'now', exp: 1e15, vc: bare })).not.toHaveProperty('issuanceDate')
    expect(await readOf({ ...claims, nbf: 'now', exp: 1e15, vc: bare })).not.toHaveProperty('expirationDate')
    const newer = { ...bare, '@context': ['https://www.w3.org/ns/credentials/v2'] }
    expect(await readOf({ ...claims, vc: newer })).toEqual(newer)
  })
})

test.each(['', 'a.b', 'a.b.c', 'e30.e30.e30.e30', 'e30.bm8.x', '....'])('%j is no token', async (text) => {
  expect(readJwt(text).ok).toBe(false)
})

const jwtOf = async (header: object, payload: object = CLAIMS) => {
  const { privateKey, resolve } = await keyFor('ES256')
  const token = await new SignJWT(payload as never)
    .setProtectedHeader({ alg: 'ES256', kid: KID, ...header })
    .sign(privateKey, { crit: { 'https://extensions.example.org/x': true } })
  return verifyJwt(token, resolve, NOW)
}

const withVc = { iss: ISSUER, vc: credential }
const presentation = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiablePresentation'],
  holder: ISSUER,
}

test.each([
  ['no typ', {}, CLAIMS],
  ['a plain token', { typ: 'JWT' }, CLAIMS],
  ['a credential of VC-JOSE-COSE', { typ: 'vc+jwt', cty: 'vc' }, CLAIMS],
  ['the same as media type', { typ: 'application/vc+jwt' }, CLAIMS],
  ['the same of a draft', { typ: 'vc-ld+jwt' }, CLAIMS],
  ['a credential under vc', { typ: 'JWT' }, withVc],
  ['a presentation', { typ: 'vp+jwt', cty: 'vp' }, presentation],
  ['a presentation under vp', {}, { iss: ISSUER, vp: presentation }],
])('a token holds as %s', async (_name, header, payload) => {
  expect(await jwtOf(header, payload)).toMatchObject({ outcome: 'passed' })
})

test.each([
  ['another type', { typ: 'at+jwt' }, CLAIMS],
  ['a typ that is no text', { typ: 7 }, CLAIMS],
  [
    'an extension',
    { crit: ['https://extensions.example.org/x'], 'https://extensions.example.org/x': 1 },
    CLAIMS,
  ],
  ['a private key in the header', { jwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' } }, CLAIMS],
  ['vc in a credential of VC-JOSE-COSE', { typ: 'vc+jwt' }, { ...CLAIMS, vc: 'x' }],
  ['vc beside a credential', { typ: 'JWT' }, { ...CLAIMS, vc: credential }],
  ['vc and vp', {}, { vc: credential, vp: presentation }],
  ['a vc that is no object', {}, { iss: ISSUER, vc: 'x' }],
  ['a presentation that says that it is a credential', { typ: 'vc+jwt' }, presentation],
  ['a credential that says that it is a presentation', { typ: 'vp+jwt' }, CLAIMS],
  ['a presentation under vc', {}, { vc: presentation }],
])('a token with %s is refused', async (_name, header, payload) => {
  expect(await jwtOf(header, payload)).toMatchObject({ outcome: 'failed', code: 'proof-malformed' })
})

test('a presentation must answer the challenge, name the verifier and be signed with a key for that', async () => {
  const { privateKey, resolve } = await keyFor('ES256')
  const token = await new SignJWT({
    ...presentation,
    nonce: 'n-1',
    aud: ['https://verifier.example.org', 'x'],
  })
    .setProtectedHeader({ alg: 'ES256', kid: KID, typ: 'vp+jwt' })
    .sign(privateKey)
  const forBoth: ResolveMethod = async (name) => {
    const found = await resolve(name)
    return found.kind === 'found' ? { ...found, forAssertion: false, forAuthentication: true } : found
  }
  const expected = {
    purpose: 'authentication',
    challenge: 'n-1',
    domain: 'https://verifier.example.org',
  } as const
  expect(await verifyJwt(token, forBoth, NOW, expected)).toMatchObject({ outcome: 'passed' })
  expect(await verifyJwt(token, forBoth, NOW)).toMatchObject({ code: 'proof-key-not-for-assertion' })
  expect(await verifyJwt(token, resolve, NOW, expected)).toMatchObject({
    code: 'proof-key-not-for-authentication',
  })
  expect(await verifyJwt(token, forBoth, NOW, { ...expected, challenge: 'n-2' })).toMatchObject({
    code: 'proof-challenge-wrong',
  })
  expect(
    await verifyJwt(token, forBoth, NOW, { ...expected, domain: 'https://other.example.org' }),
  ).toMatchObject({
    code: 'proof-domain-wrong',
  })
})

test.each([
  ['its private half', { d: 'AA' }],
  ['a use for encryption', { use: 'enc' }],
  ['operations without verify', { key_ops: ['sign'] }],
  ['another algorithm', { alg: 'ES384' }],
])('a key with %s verifies nothing', async (_name, change) => {
  for (const alg of ['EdDSA', 'ES256', 'RS256']) {
    const { privateKey, resolve } = await keyFor(alg)
    const token = await new SignJWT(CLAIMS as never).setProtectedHeader({ alg, kid: KID }).sign(privateKey)
    const changed: ResolveMethod = async (name) => {
      const found = await resolve(name)
      if (found.kind !== 'found') return found
      const publicKeyJwk = { ...found.method.publicKeyJwk, ...change }
      return { ...found, method: { ...found.method, publicKeyJwk } }
    }
    expect(await verifyJwt(token, changed, NOW)).toMatchObject({ code: 'proof-key-unusable' })
  }
})

/** The keys of W3C's test suite, at the issuer that its documents name. */
const w3cKeys = async (name: string): ReturnType<ResolveMethod> => {
  const methods = jose.keys as unknown as readonly VerificationMethod[]
  const method = methods.find(({ publicKeyJwk }) => name === `${jose.controller}#${publicKeyJwk?.['kid']}`)
  return method === undefined
    ? { kind: 'not-found' }
    : { kind: 'found', method, forAssertion: true, forAuthentication: true }
}

test.each([
  ['credential-jose-minimal', 'passed'],
  ['credential-issuer-match-signed', 'passed'],
  ['presentation-jose-multiple', 'passed'],
  ['credential-jose-bad-signature', 'proof-signature-wrong'],
  ['credential-jose-unknown-extensions', 'proof-algorithm-refused'],
  ['credential-jose-vc-vp-claims', 'proof-malformed'],
] as const)("W3C's published token %s: %s", async (name, expected) => {
  // The presentation came to its end the day after it was made.
  const then = parseInstant('2024-12-16T12:00:00Z') ?? NOW
  const finding = await verifyJwt(jose.tokens[name], w3cKeys, then)
  expect(finding.outcome === 'passed' ? 'passed' : finding.code).toBe(expected)
})
