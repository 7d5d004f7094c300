import { compactVerify, decodeJwt, decodeProtectedHeader, importJWK } from 'jose'
import { expect, test } from 'vitest'
import { readDidDocument } from '#engine/credentials/did-document.ts'
import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { asInstant, parseInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ResolveMethod } from '#services/ports/credential-suite.ts'
import { createCredentialSuite } from './credential-suite.ts'
import { didKeyOf } from './did-key.ts'
import { generateIssuingKey } from './issuing-key.ts'
import { readMultikey, toJwk } from './public-key.ts'
import { signingKeyOf } from './signing-key.ts'

const NOW = parseInstant('2026-11-25T10:00:00Z') ?? asInstant(0)
const suite = createCredentialSuite()

const keyOn = (curve: 'Ed25519' | 'P-256') => {
  const { publicKeyMultibase, secretKey } = generateIssuingKey(curve)
  return signingKeyOf(didKeyOf(publicKeyMultibase), secretKey, undefined, curve)
}

const resolve: ResolveMethod = async (name) => {
  const document = readDidDocument(suite.resolveByText(name.split('#')[0] ?? '') ?? {})
  const method = document?.methods.find(({ id }) => id === name)
  return method === undefined ? { kind: 'not-found' } : { kind: 'found', method, forAssertion: true }
}

const credentialOf = (issuer: string, change: JsonObject = {}) =>
  ({
    '@context': [
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
    ],
    id: 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000001',
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: { id: issuer, type: ['Profile'], name: 'Sample Institute' },
    validFrom: '2026-11-01T10:00:00.250Z',
    validUntil: '2029-11-01T10:00:00Z',
    name: 'Sample',
    credentialSubject: { id: 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000002', type: ['AchievementSubject'] },
    ...change,
  }) as unknown as PreparedCredential

const version1 = (issuer: string) =>
  credentialOf(issuer, {
    '@context': [
      'https://www.w3.org/2018/credentials/v1',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
    ],
    issuanceDate: '2026-11-01T10:00:00Z',
    expirationDate: '2029-11-01T10:00:00Z',
  })

const CURVES = [
  ['Ed25519', 'EdDSA'],
  ['P-256', 'ES256'],
] as const

test.each(CURVES)('vc+jwt on %s is the credential and nothing else, signed with %s', async (curve, alg) => {
  const key = keyOn(curve)
  const credential = credentialOf(key.controller)
  const token = await suite.signJwt(credential, key, 'vc+jwt')
  expect(decodeProtectedHeader(token)).toEqual({ alg, kid: key.verificationMethod, typ: 'vc+jwt', cty: 'vc' })
  expect(decodeJwt(token)).toEqual(credential)
  expect(await suite.verifyJwt(token, resolve, NOW)).toMatchObject({ outcome: 'passed', suite: alg })
  const jwk = toJwk(readMultikey(key.publicKeyMultibase) ?? expect.unreachable()) as never
  await expect(compactVerify(token, await importJWK(jwk, alg))).resolves.toBeDefined()
})

test.each(CURVES)('the token of Open Badges 3.0 on %s repeats what it says as claims', async (curve, alg) => {
  const key = keyOn(curve)
  const credential = credentialOf(key.controller)
  const claims = {
    iss: key.controller,
    jti: credential['id'],
    sub: 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000002',
    nbf: Date.parse('2026-11-01T10:00:00Z') / 1000,
    exp: Date.parse('2029-11-01T10:00:00Z') / 1000,
  }
  const token = await suite.signJwt(credential, key, 'ob3')
  expect(decodeProtectedHeader(token)).toEqual({ alg, kid: key.verificationMethod, typ: 'JWT' })
  expect(decodeJwt(token)).toEqual({ ...credential, ...claims })
  expect(await suite.verifyJwt(token, resolve, NOW)).toMatchObject({ outcome: 'passed' })
  expect(suite.readJwt(token)).toMatchObject({ ok: true, holds: 'credential', credential })

  const older = version1(key.controller)
  const olderToken = await suite.signJwt(older, key, 'ob3')
  expect(decodeJwt(olderToken)).toEqual({ ...claims, vc: older })
  expect(await suite.verifyJwt(olderToken, resolve, NOW)).toMatchObject({ outcome: 'passed' })
  expect(suite.readJwt(olderToken)).toMatchObject({ ok: true, credential: older })
})

test.each([
  ['id', '/id'],
  ['issuer', '/issuer/id'],
  ['validFrom', '/validFrom'],
  ['credentialSubject', '/credentialSubject/id'],
])('without %s there is no token of Open Badges 3.0', async (member, path) => {
  const key = keyOn('P-256')
  const { [member]: _, ...rest } = credentialOf(key.controller)
  await expect(suite.signJwt(rest as unknown as PreparedCredential, key, 'ob3')).rejects.toMatchObject({
    code: 'credential-unfit',
    parameters: { faults: [{ path }] },
  })
})

test('vc+jwt does not take VC Data Model 1.1', async () => {
  const key = keyOn('P-256')
  await expect(suite.signJwt(version1(key.controller), key, 'vc+jwt')).rejects.toMatchObject({
    code: 'credential-unfit',
  })
})
