import { exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { asInstant, parseInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ResolveMethod } from '#services/ports/credential-suite.ts'
import { issuingKeyOf } from './issuing-key.ts'
import { toBase64Url } from './multibase.ts'
import { readMultikey } from './public-key.ts'
import oneEdTech from './vectors/1edtech-open-badges-3.0.json' with { type: 'json' }
import { readJwt, verifyJwt } from './verify-jwt.ts'

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

test.each(['EdDSA', 'ES256', 'RS256'])(
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

test.each(['', 'a.b', 'a.b.c', 'e30.e30.e30.e30', 'e30.bm8.x', '....'])('%j is no token', async (text) => {
  expect(readJwt(text).ok).toBe(false)
})
