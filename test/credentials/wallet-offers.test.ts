import { createHash } from 'node:crypto'
import { p256 } from '@noble/curves/nist'
import { Openid4vciClient, type Openid4vciClientOptions, setGlobalConfig } from '@openid4vc/openid4vci'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toMultibase } from '#adapters/crypto/multibase.ts'
import { concat } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { createForgetOffers } from '#services/wallets/forget-offers.ts'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf } from '#test/product/first-aid.ts'
import { earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { signedIn } from '#test/product/member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

// A wallet walks through OpenID4VCI as the text of 1.0 says, with keys of its own.

let product: TestProduct
let school: TestOrganisation
let ann: ApiCaller
let badge: string
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('wallet-school')
  await setUpGradedBadge(school.api, 'wallet-academy')
  const earned = await earnAndClaim(product, school, 'wallet-ann')
  ann = earned.api
  badge = earned.credentialId
})
afterAll(() => product?.stop())

const offer = async (pin = false) => {
  const made = await ann.post(`/v1/credentials/${badge}/wallet-offers`, { pin })
  expect(made.status).toBe(201)
  const said = JSON.parse(new URL(made.body.uri).searchParams.get('credential_offer') ?? '{}')
  const grant = said.grants['urn:ietf:params:oauth:grant-type:pre-authorized_code']
  return { ...made.body, said, grant, code: grant['pre-authorized_code'] as string }
}
const post = async (url: string, body: BodyInit, headers: Record<string, string> = {}) => {
  const answer = await fetch(url, { method: 'POST', body, headers })
  return { status: answer.status, body: await answer.json(), headers: answer.headers }
}
const token = (code: string, more: Record<string, string> = {}) =>
  post(
    `${product.url}/openid4vci/token`,
    new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
      'pre-authorized_code': code,
      ...more,
    }),
  )
const nonce = async () => (await post(`${product.url}/openid4vci/nonce`, '')).body.c_nonce as string

interface ProofParts {
  readonly header?: Record<string, unknown>
  readonly payload?: Record<string, unknown>
  readonly alg?: 'ES256' | 'EdDSA'
}

async function proof({ header = {}, payload = {}, alg = 'ES256' }: ProofParts = {}): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(publicKey)
  const how = 'kid' in header ? { kid: header['kid'] === 'did:key' ? didKey(jwk) : didJwk(jwk) } : { jwk }
  return new SignJWT({ nonce: await nonce(), ...payload })
    .setProtectedHeader({ alg, typ: 'openid4vci-proof+jwt', ...header, ...how } as never)
    .setIssuedAt()
    .setAudience(String(payload['aud'] ?? product.url))
    .sign(privateKey)
}
const didJwk = (jwk: JWK) => `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}#0`
function didKey({ x = '', y = '' }: JWK): string {
  const [a, b] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]
  const bytes =
    b.length === 0
      ? concat(Uint8Array.of(0xed, 0x01), a)
      : concat(Uint8Array.of(0x80, 0x24), p256.Point.fromHex(concat(Uint8Array.of(4), a, b)).toBytes(true))
  const multikey = toMultibase(bytes)
  return `did:key:${multikey}#${multikey}`
}

const take = (by: string, jwt: string | undefined, over: object = {}) =>
  post(
    `${product.url}/openid4vci/credential`,
    JSON.stringify({
      credential_configuration_id: 'OpenBadgeCredential_ldp_vc',
      ...(jwt === undefined ? {} : { proofs: { jwt: [jwt] } }),
      ...over,
    }),
    { authorization: `Bearer ${by}`, 'content-type': 'application/json' },
  )

test('a wallet takes the badge that was offered to it, once', async () => {
  const metadata = await (await fetch(`${product.url}/.well-known/openid-credential-issuer`)).json()
  expect(metadata).toMatchObject({
    credential_issuer: product.url,
    credential_endpoint: `${product.url}/openid4vci/credential`,
    nonce_endpoint: `${product.url}/openid4vci/nonce`,
    credential_configurations_supported: {
      OpenBadgeCredential_ldp_vc: { format: 'ldp_vc' },
      OpenBadgeCredential_jwt_vc_json: { format: 'jwt_vc_json' },
    },
  })
  const server = await (await fetch(`${product.url}/.well-known/oauth-authorization-server`)).json()
  expect(server).toMatchObject({ issuer: product.url, token_endpoint: `${product.url}/openid4vci/token` })

  const made = await offer()
  expect(made).toMatchObject({
    credentialId: badge,
    state: 'offered',
    pin: null,
    qr: expect.stringContaining('<svg'),
  })
  expect(made.said).toMatchObject({
    credential_issuer: product.url,
    credential_configuration_ids: Object.keys(metadata.credential_configurations_supported),
  })
  const opened = await token(made.code)
  expect(opened.body).toMatchObject({ token_type: 'Bearer', expires_in: 300 })
  expect((await token(made.code)).body.error).toBe('invalid_grant')
  const state = async () => (await ann.get(`/v1/wallet-offers/${made.id}`)).body.state
  expect(await state()).toBe('opened')

  const taken = await take(opened.body.access_token, await proof())
  const signed = (await ann.get(`/v1/credentials/${badge}/document?format=json`)).bytes
  expect(taken.body).toEqual({ credentials: [{ credential: JSON.parse(new TextDecoder().decode(signed)) }] })
  expect(await state()).toBe('taken')
  const again = await take(opened.body.access_token, await proof())
  expect([again.status, again.body.error]).toEqual([401, 'invalid_token'])
  const [event] = (await ann.get('/v1/account/events')).body.items
  expect(event).toMatchObject({
    action: 'wallet_offer.taken',
    detail: {
      credential: badge,
      holder: expect.stringContaining('urn:ietf:params:oauth:jwk-thumbprint:sha-256:'),
    },
  })
})

/** A wallet on a library of others (OpenID4VCI 1.0), which checks every answer against its own schemas. */
async function librarysWallet(uri: string, form: string, txCode?: string) {
  setGlobalConfig({ allowInsecureUrls: true })
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const publicJwk = { ...(await exportJWK(publicKey)), kty: 'EC', alg: 'ES256' }
  const wallet = new Openid4vciClient({
    callbacks: {
      fetch,
      generateRandom: (length) => crypto.getRandomValues(new Uint8Array(length)),
      hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
      signJwt: async (_signer, { header, payload }) => ({
        jwt: await new SignJWT(payload as never).setProtectedHeader(header as never).sign(privateKey),
        signerJwk: publicJwk,
      }),
      // It is nobody in particular.
      clientAuthentication: () => {},
    },
  } as Openid4vciClientOptions)
  const credentialOffer = await wallet.resolveCredentialOffer(uri)
  const issuerMetadata = await wallet.resolveIssuerMetadata(credentialOffer.credential_issuer)
  const { accessTokenResponse } = await wallet.retrievePreAuthorizedCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    ...(txCode === undefined ? {} : { txCode }),
  })
  const { c_nonce: given } = await wallet.requestNonce({ issuerMetadata })
  const { jwt } = await wallet.createCredentialRequestJwtProof({
    issuerMetadata,
    credentialConfigurationId: form,
    nonce: given,
    signer: { method: 'jwk', publicJwk, alg: 'ES256' },
  })
  const { credentialResponse } = await wallet.retrieveCredentials({
    issuerMetadata,
    accessToken: accessTokenResponse.access_token,
    credentialConfigurationId: form,
    proofs: { jwt: [jwt] },
  })
  return { offered: credentialOffer.credential_configuration_ids, credentialResponse }
}

test('a wallet of others takes it in both forms', async () => {
  for (const pin of [false, true]) {
    const made = await offer(pin)
    const { offered, credentialResponse } = await librarysWallet(
      made.uri,
      pin ? 'OpenBadgeCredential_jwt_vc_json' : 'OpenBadgeCredential_ldp_vc',
      made.pin ?? undefined,
    )
    expect(offered).toEqual(['OpenBadgeCredential_ldp_vc', 'OpenBadgeCredential_jwt_vc_json'])
    const [taken] = (credentialResponse.credentials ?? []) as { credential: JsonObject | string }[]
    const form = pin ? 'jwt' : 'json'
    const { bytes } = await ann.get(`/v1/credentials/${badge}/document?format=${form}`)
    const text = new TextDecoder().decode(bytes)
    expect(taken?.credential).toEqual(pin ? text : JSON.parse(text))
    const { verdict } = (await ann.post('/v1/verify', { credential: taken?.credential })).body
    expect(verdict).toBe('valid')
  }
})

test('a key is named by itself, by a did:key or by a did:jwk', async () => {
  for (const alg of ['ES256', 'EdDSA'] as const)
    for (const kid of ['did:key', 'did:jwk']) {
      const { body } = await token((await offer()).code)
      const taken = await take(body.access_token, await proof({ alg, header: { kid } }))
      expect([alg, kid, taken.status]).toEqual([alg, kid, 200])
      const [event] = (await ann.get('/v1/account/events')).body.items
      expect(event.detail.holder).toMatch(new RegExp(`^${kid}:`))
    }
})

test('a proof counts for this issuer, now, and under its own key', async () => {
  const { body } = await token((await offer()).code)
  const by = body.access_token as string
  const refused = async (jwt: string | undefined, over: object = {}) => {
    const answer = await take(by, jwt, over)
    return [answer.status, answer.body.error]
  }
  expect(await refused(undefined)).toEqual([400, 'invalid_proof'])
  expect(await refused('a.b.c')).toEqual([400, 'invalid_proof'])
  expect(await refused(await proof({ payload: { aud: 'https://elsewhere.example.org' } }))).toEqual([
    400,
    'invalid_proof',
  ])
  expect(await refused(await proof({ header: { typ: 'JWT' } }))).toEqual([400, 'invalid_proof'])
  expect(await refused(await proof({ payload: { nonce: 'made up' } }))).toEqual([400, 'invalid_nonce'])
  const good = await proof()
  const [head = '', body64 = ''] = good.split('.')
  const [, , foreign = ''] = (await proof()).split('.')
  expect(await refused(`${head}.${body64}.${foreign}`)).toEqual([400, 'invalid_proof'])
  const none = Buffer.from('{"alg":"none","typ":"openid4vci-proof+jwt"}').toString('base64url')
  expect(await refused(`${none}.${body64}.`)).toEqual([400, 'invalid_proof'])
  expect(await refused(good, { credential_configuration_id: 'Other' })).toEqual([
    400,
    'unknown_credential_configuration',
  ])
  expect((await take('wrong', good)).status).toBe(401)
  // None of that used the offer up.
  expect((await take(by, good)).status).toBe(200)
})

test('of two wallets that come at once, one takes it', async () => {
  const { code } = await offer()
  const opened = await Promise.all([token(code), token(code), token(code)])
  expect(opened.filter(({ status }) => status === 200)).toHaveLength(1)
  const by = opened.find(({ status }) => status === 200)?.body.access_token as string
  const taken = await Promise.all([take(by, await proof()), take(by, await proof())])
  expect(taken.map(({ status }) => status).sort()).toEqual([200, 401])
})

test('with a pin the code alone is no use, and five wrong ones end the offer', async () => {
  const made = await offer(true)
  expect([made.pin, made.grant.tx_code]).toEqual([
    expect.stringMatching(/^\d{6}$/),
    { input_mode: 'numeric', length: 6 },
  ])
  expect((await token(made.code)).body.error).toBe('invalid_request')
  expect((await token(made.code, { tx_code: made.pin })).status).toBe(200)
  const other = await offer(true)
  const wrong = other.pin === '000000' ? '000001' : '000000'
  for (let n = 0; n < 5; n++)
    expect((await token(other.code, { tx_code: wrong })).body.error).toBe('invalid_grant')
  expect((await token(other.code, { tx_code: other.pin })).body.error).toBe('invalid_grant')
  expect((await ann.get(`/v1/wallet-offers/${other.id}`)).body.state).toBe('withdrawn')
  expect((await token((await offer()).code, { tx_code: '1' })).body.error).toBe('invalid_request')
})

test('only its earner offers a badge, and takes an offer back', async () => {
  const bob = await signedIn(product, 'wallet-bob@example.org')
  expect((await bob.post(`/v1/credentials/${badge}/wallet-offers`, { pin: false })).status).toBe(404)
  const made = await offer()
  expect((await bob.get(`/v1/wallet-offers/${made.id}`)).status).toBe(404)
  expect((await ann.send('DELETE', `/v1/wallet-offers/${made.id}`, undefined)).status).toBe(204)
  expect((await token(made.code)).body.error).toBe('invalid_grant')
  for (const body of ['', 'grant_type=password', 'grant_type=client_credentials&scope=x'])
    expect(
      (
        await post(`${product.url}/openid4vci/token`, body, {
          'content-type': 'application/x-www-form-urlencoded',
        })
      ).status,
    ).toBe(400)
})

test('a body that cannot be read is refused in the words of OAuth, and Accept names what can', async () => {
  const form = 'application/x-www-form-urlencoded'
  for (const [path, type, body, expected] of [
    ['token', 'application/json', '{}', [415, form, 'invalid_request']],
    ['token', 'multipart/form-data; boundary=x', 'x', [415, form, 'invalid_request']],
    ['token', form, 'x'.repeat(2_000_000), [413, null, 'invalid_request']],
    ['credential', 'application/jwt', 'x', [415, 'application/json', 'invalid_credential_request']],
    ['credential', 'application/json', '{"a":"\\é"', [400, null, 'invalid_credential_request']],
  ] as const) {
    const refused = await post(`${product.url}/openid4vci/${path}`, body, { 'content-type': type })
    const { headers } = refused
    expect([path, type, [refused.status, headers.get('accept'), refused.body.error]]).toEqual([
      path,
      type,
      expected,
    ])
    expect(headers.get('content-type')).toMatch(/^application\/json\b/)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(Object.keys(refused.body)).toEqual(['error', 'error_description'])
    expect(refused.body.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
  }
})

test('a nonce is given whatever is sent along', async () => {
  for (const [type, body] of [
    ['application/json', '{}'],
    ['multipart/form-data; boundary=x', 'x'],
  ] as const) {
    const given = await post(`${product.url}/openid4vci/nonce`, body, { 'content-type': type })
    expect([given.status, given.body]).toEqual([200, { c_nonce: expect.any(String) }])
  }
})

test('so many offers are open at a time, also of those that are made at once; what is over is forgotten', async () => {
  const { database } = product.running.parts
  const made = await offer()
  const now = Date.now()
  // Those of the tests before are over.
  await database.transaction('waarmerk_worker', '', (tx) =>
    tx.wallet_offer.updateMany({ data: { expires_at: new Date(now - 1_000) } }),
  )
  expect((await ann.get(`/v1/wallet-offers/${made.id}`)).body.state).toBe('over')
  for (let n = 0; n < 18; n++) await offer()
  const last = await Promise.all(
    [1, 2, 3, 4].map(() => ann.post(`/v1/credentials/${badge}/wallet-offers`, { pin: false })),
  )
  expect(last.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409])
  expect(last.find(({ status }) => status === 409)?.body.code).toBe('too-many-wallet-offers')
  // One that is taken back makes room.
  const { id } = last.find(({ status }) => status === 201)?.body ?? {}
  expect((await ann.send('DELETE', `/v1/wallet-offers/${id}`, undefined)).status).toBe(204)
  await offer()

  const left = () => database.transaction('waarmerk_worker', '', (tx) => tx.wallet_offer.count())
  const before = await left()
  const later = (ms: number) => createForgetOffers({ database, clock: { now: () => asInstant(now + ms) } })
  await later(3_600_000)()
  expect(await left()).toBe(before)
  expect(await later(2 * 86_400_000)()).toEqual({ more: false })
  expect(await left()).toBe(0)
  expect((await ann.get(`/v1/wallet-offers/${made.id}`)).status).toBe(404)
})

test('a badge that is revoked after it was offered is not handed out', async () => {
  const { body } = await token((await offer()).code)
  const award = await awardOf(school.api, 'wallet-ann')
  expect((await school.api.post(`/v1/awards/${award.id}/revoke`, { reason: 'Mistake.' })).status).toBe(200)
  const refused = await take(body.access_token, await proof())
  expect([refused.status, refused.body.error]).toEqual([400, 'credential_request_denied'])
})
