import { createHash } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import { authorizationCodeGrant, type Configuration, refreshTokenGrant, tokenRevocation } from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { didKeyMethod, didKeyOf } from '#adapters/crypto/did-key.ts'
import { issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { toBase64Url } from '#adapters/crypto/multibase.ts'
import { readMultikey } from '#adapters/crypto/public-key.ts'
import { OB_SCOPES } from '#engine/open-badges-api/scopes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { createEndorser } from '#test/product/endorser.ts'
import { awardOf, completed } from '#test/product/first-aid.ts'
import { earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { strangersBadgeOf } from '#test/product/strangers-badge.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import {
  ALL_SCOPES,
  askFor,
  CLIENT_METADATA,
  connect,
  RETURNS_TO,
  registerApplication,
} from './application.ts'
import { Visitor } from './visitor.ts'

// The Open Badges API as applications of others meet it: over HTTP, with a certified OAuth client.

let product: TestProduct
let school: TestOrganisation
let ann: Visitor
let annsBackpack: ApiCaller
let annsBadge: string
let wallet: Configuration
let token: string
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('host-school')
  await setUpGradedBadge(school.api, 'host-academy')
  const earned = await earnAndClaim(product, school, 'host-ann')
  annsBackpack = earned.api
  annsBadge = earned.credentialId
  ann = await new Visitor(product).signIn('host-ann@example.org')
  wallet = await registerApplication(product)
  token = (await connect(wallet, ann)).access_token
})
afterAll(() => product?.stop())

async function call(
  method: string,
  path: string,
  { by = token, body, type }: { by?: string | undefined; body?: string | Uint8Array; type?: string } = {},
) {
  const answer = await fetch(`${product.url}/ims/ob/v3p0${path}`, {
    method,
    headers: {
      ...(by === undefined || by === '' ? {} : { authorization: `Bearer ${by}` }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body: body as BodyInit }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    type: answer.headers.get('content-type'),
    text,
    // biome-ignore lint/suspicious/noExplicitAny: a test looks at answers of every shape
    json: (/json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined) as any,
  }
}
const push = (document: object, by?: string) =>
  call('POST', '/credentials', { by, body: JSON.stringify(document), type: 'application/json' })

/** How everything below this path is refused. */
const refusal = (value: string) => ({
  imsx_codeMajor: expect.stringMatching(/^(failure|unsupported)$/),
  imsx_severity: 'error',
  imsx_description: expect.any(String),
  imsx_CodeMinor: {
    imsx_codeMinorField: [{ imsx_codeMinorFieldName: expect.any(String), imsx_codeMinorFieldValue: value }],
  },
})

const stranger = createEndorser()
/** A badge of somebody whom this server does not know. */
const strangersBadge = (over: JsonObject = {}): Promise<JsonObject> =>
  stranger.sign({ ...strangersBadgeOf(stranger.did), ...over })

describe('letting an application in', () => {
  test('what the service description says leads a certified client through', async () => {
    const { status, json } = await call('GET', '/discovery', { by: '' })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      openapi: '3.0.1',
      info: { title: 'Waarmerk', termsOfService: product.url, 'x-imssf-privacyPolicyUrl': product.url },
      servers: [{ url: `${product.url}/ims/ob/v3p0` }],
    })
    const { OAuth2ACG } = json.components.securitySchemes
    const { authorization_endpoint, token_endpoint, registration_endpoint, revocation_endpoint } =
      wallet.serverMetadata()
    expect(OAuth2ACG).toMatchObject({
      type: 'oauth2',
      'x-imssf-registrationUrl': registration_endpoint,
      flows: {
        authorizationCode: {
          authorizationUrl: authorization_endpoint,
          tokenUrl: token_endpoint,
          refreshUrl: token_endpoint,
          'x-imssf-revocationUrl': revocation_endpoint,
        },
      },
    })
    expect(Object.keys(OAuth2ACG.flows.authorizationCode.scopes).sort()).toEqual([...ALL_SCOPES].sort())
  })

  test('a client registers with what it says of itself, and gets a secret', async () => {
    const answer = await fetch(`${product.url}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(CLIENT_METADATA),
    })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toMatchObject({
      ...CLIENT_METADATA,
      client_id: expect.any(String),
      client_secret: expect.any(String),
    })
    for (const wrong of [
      { ...CLIENT_METADATA, redirect_uris: ['javascript:alert(1)'] },
      { ...CLIENT_METADATA, redirect_uris: [] },
      { ...CLIENT_METADATA, token_endpoint_auth_method: 'none' },
      { ...CLIENT_METADATA, client_name: 'x'.repeat(1000) },
      { ...CLIENT_METADATA, sector_identifier_uri: 'https://wallet.example.org/sector.json' },
    ]) {
      const refused = await fetch(`${product.url}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(wrong),
      })
      expect([refused.status, wrong.redirect_uris]).toEqual([400, wrong.redirect_uris])
    }
  })

  test('the person is told who asks for what, and only in the browser that was sent', async () => {
    const { url } = await askFor(wallet, ALL_SCOPES)
    const asked = await ann.send('GET', url.href)
    const page = asked.headers.get('location') ?? ''
    const told = await ann.send('GET', page)
    expect(await told.json()).toMatchObject({
      client: { name: 'TEST Wallet', privacyUrl: CLIENT_METADATA.policy_uri },
      returnsTo: 'wallet.example.org',
      scopes: ALL_SCOPES,
    })
    const lured = await new Visitor(product).signIn('host-lured@example.org')
    for (const answer of [
      await lured.send('GET', page),
      await lured.send('POST', page, { decision: 'allow' }),
    ])
      expect([answer.status, (await answer.json()).code]).toEqual([404, 'access-request-over'])
    const nobody = await new Visitor(product).send('GET', page)
    expect(nobody.status).toBe(401)
  })

  test('a no is told to the application', async () => {
    const { url, checks } = await askFor(wallet, ALL_SCOPES)
    const back = await ann.answerRequest(url.href, 'refuse')
    await expect(authorizationCodeGrant(wallet, back, checks)).rejects.toMatchObject({
      error: 'access_denied',
    })
  })

  test('without state, with plain PKCE or none, and without a scope, nobody is asked', async () => {
    const wrong = async (change: (query: URLSearchParams) => void) => {
      const { url } = await askFor(wallet, ALL_SCOPES)
      change(url.searchParams)
      const back = await ann.answerRequest(url.href)
      return `${back.origin}${back.pathname} ${back.searchParams.get('error')}`
    }
    expect(await wrong((query) => query.delete('state'))).toBe(`${RETURNS_TO} invalid_request`)
    expect(await wrong((query) => query.set('code_challenge_method', 'plain'))).toBe(
      `${RETURNS_TO} invalid_request`,
    )
    expect(
      await wrong((query) => {
        query.delete('code_challenge')
        query.delete('code_challenge_method')
      }),
    ).toBe(`${RETURNS_TO} invalid_request`)
    expect(await wrong((query) => query.set('scope', 'offline_access'))).toBe(`${RETURNS_TO} invalid_scope`)
  })

  test('an address that the application did not register is never gone to', async () => {
    const { url } = await askFor(wallet, ALL_SCOPES)
    url.searchParams.set('redirect_uri', 'https://elsewhere.example.org/')
    const answer = await ann.send('GET', url.href, undefined, { accept: 'text/html' })
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    expect(await answer.text()).toContain('Verbinden lukt niet')
  })

  test('a code works once, and whoever tries it again ends what it gave', async () => {
    const { url, checks } = await askFor(wallet, [...ALL_SCOPES, 'offline_access'])
    const back = await ann.answerRequest(url.href)
    const tokens = await authorizationCodeGrant(wallet, back, checks)
    expect(tokens).toMatchObject({
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: expect.any(String),
    })
    expect(tokens.scope?.split(' ').sort()).toEqual([...ALL_SCOPES, 'offline_access'].sort())
    expect((await call('GET', '/profile', { by: tokens.access_token })).status).toBe(200)
    await expect(authorizationCodeGrant(wallet, back, checks)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    expect((await call('GET', '/profile', { by: tokens.access_token })).status).toBe(401)
  })

  test('another verifier than the challenge was made of is refused', async () => {
    const { url, checks } = await askFor(wallet, ALL_SCOPES)
    const back = await ann.answerRequest(url.href)
    const other = createHash('sha256').update('other').digest('base64url')
    await expect(
      authorizationCodeGrant(wallet, back, { ...checks, pkceCodeVerifier: other }),
    ).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('a refresh gives other tokens, and the old one is no use any more', async () => {
    const first = await connect(wallet, ann)
    const second = await refreshTokenGrant(wallet, first.refresh_token ?? '')
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect((await call('GET', '/credentials', { by: second.access_token })).status).toBe(200)
    await expect(refreshTokenGrant(wallet, first.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    // Whoever shows a used one may have stolen it: everything of that grant ends.
    expect((await call('GET', '/credentials', { by: second.access_token })).status).toBe(401)
  })

  test('without offline_access there is no refresh token', async () => {
    expect((await connect(wallet, ann, [OB_SCOPES.readProfile])).refresh_token).toBeUndefined()
  })

  test('a token that was revoked is refused from then on', async () => {
    const { access_token: mine } = await connect(wallet, ann)
    expect((await call('GET', '/credentials', { by: mine })).status).toBe(200)
    await tokenRevocation(wallet, mine)
    const refused = await call('GET', '/credentials', { by: mine })
    expect([refused.status, refused.json]).toEqual([401, refusal('unauthorizedrequest')])
  })

  test('the holder sees what is connected, and withdraws it', async () => {
    const other = await registerApplication(product)
    const { access_token: mine, refresh_token: refresh } = await connect(other, ann, [
      OB_SCOPES.readCredentials,
      'offline_access',
    ])
    const { items } = (await annsBackpack.get('/v1/applications')).body
    expect(items[0]).toMatchObject({
      client: { name: 'TEST Wallet' },
      scopes: [OB_SCOPES.readCredentials, 'offline_access'],
    })
    const bob = await new Visitor(product).signIn('host-bob@example.org')
    expect((await bob.send('DELETE', `/v1/applications/${items[0].id}`)).status).toBe(404)
    expect((await annsBackpack.send('DELETE', `/v1/applications/${items[0].id}`, undefined)).status).toBe(204)
    expect((await call('GET', '/credentials', { by: mine })).status).toBe(401)
    await expect(refreshTokenGrant(other, refresh ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
    const left = (await annsBackpack.get('/v1/applications')).body.items
    expect(left).toHaveLength(items.length - 1)
    const events = (await annsBackpack.get('/v1/account/events')).body.items
    expect(events.map(({ action }: { action: string }) => action).slice(0, 2)).toEqual([
      'application.withdrawn',
      'application.connected',
    ])
  })

  test('a token that is written while its grant is withdrawn is withdrawn with it', async () => {
    const { database } = product.running.parts
    const eve = await new Visitor(product).signIn('host-eve@example.org')
    const account = await database.asWorker((stores) =>
      stores.access.findAccount({ type: 'email', value: 'host-eve@example.org' }),
    )
    if (account === undefined) throw new Error('There is no such account.')
    const other = await registerApplication(product)
    const grantOf = async () => {
      const [grant] = await database.asWorker((stores) =>
        stores.oauth.grantsOf(account, asInstant(Date.now())),
      )
      if (grant?.clientHash === undefined || grant.grantHash === undefined) throw new Error('No grant.')
      return { client: grant.clientHash, grant: grant.grantHash }
    }
    const tokensLeft = (client: Uint8Array) =>
      database.transaction('waarmerk_worker', '', (tx) =>
        tx.oauth_record.count({ where: { account_id: account, client_hash: new Uint8Array(client) } }),
      )
    const gate = () => {
      let open = (): void => {}
      const shut = new Promise<void>((settle) => {
        open = settle
      })
      return { open, shut }
    }

    // The withdrawal is not committed yet when a refresh writes tokens: they wait for it, and are refused.
    const first = await connect(other, eve)
    const held = await grantOf()
    const [withdrawn, committed] = [gate(), gate()]
    const withdrawing = database.asWorker(async (stores) => {
      expect(await stores.oauth.withdraw(account, held.client)).toBe(1)
      withdrawn.open()
      await committed.shut
    })
    await withdrawn.shut
    const refreshing = refreshTokenGrant(other, first.refresh_token ?? '').then(
      () => 'given',
      (error) => error.error,
    )
    await new Promise((settle) => setTimeout(settle, 200))
    committed.open()
    await withdrawing
    expect(await refreshing).toBe('invalid_grant')
    expect(await tokensLeft(held.client)).toBe(0)

    // The token is not committed yet when the grant is withdrawn: the withdrawal waits, and takes it along.
    await connect(other, eve)
    const again = await grantOf()
    const [written, over] = [gate(), gate()]
    const writing = database.asWorker(async (stores) => {
      expect(await stores.oauth.holdGrant(again.grant)).toEqual(expect.any(Number))
      await stores.oauth.put({
        id: crypto.randomUUID(),
        model: 'AccessToken',
        keyHash: crypto.getRandomValues(new Uint8Array(32)),
        sealed: new Uint8Array(1),
        grantHash: again.grant,
        clientHash: again.client,
        accountId: account,
        createdAt: asInstant(Date.now()),
      })
      written.open()
      await over.shut
    })
    await written.shut
    const taking = database.asWorker((stores) => stores.oauth.withdraw(account, again.client))
    await new Promise((settle) => setTimeout(settle, 200))
    over.open()
    await writing
    expect(await taking).toBe(1)
    expect(await tokensLeft(again.client)).toBe(0)
    // And without a grant there is no place for one.
    const orphan = database.asWorker((stores) =>
      stores.oauth.put({
        id: crypto.randomUUID(),
        model: 'AccessToken',
        keyHash: crypto.getRandomValues(new Uint8Array(32)),
        sealed: new Uint8Array(1),
        grantHash: again.grant,
        createdAt: asInstant(Date.now()),
      }),
    )
    await expect(orphan).rejects.toThrow()
  })

  test('what the address of a request says, and not what its headers say, stands in answers', async () => {
    const answer = await fetch(`${product.url}/oauth/.well-known/oauth-authorization-server`, {
      headers: { 'x-forwarded-host': 'evil.example.org', 'x-forwarded-proto': 'https' },
    })
    expect(await answer.json()).toMatchObject({
      issuer: `${product.url}/oauth`,
      token_endpoint: `${product.url}/oauth/token`,
      code_challenge_methods_supported: ['S256'],
    })
  })
})

describe('what an application reads', () => {
  test('the badges of its holder, whole and verifiable, and nobody else’s', async () => {
    const { status, json, headers } = await call('GET', '/credentials')
    expect([status, headers.get('x-total-count'), headers.get('link')]).toEqual([200, '1', null])
    const signed = (await annsBackpack.get(`/v1/credentials/${annsBadge}/document?format=json`)).bytes
    expect(json).toEqual({ credential: [JSON.parse(new TextDecoder().decode(signed))], compactJwsString: [] })
    const verified = await annsBackpack.post('/v1/verify', { credential: json.credential[0] })
    expect(verified.body.verdict).toBe('valid')

    const bob = await new Visitor(product).signIn('host-bob@example.org')
    const { access_token: bobs } = await connect(wallet, bob)
    expect((await call('GET', '/credentials', { by: bobs })).json).toEqual({
      credential: [],
      compactJwsString: [],
    })
  })

  test('in pages, and since a moment', async () => {
    const cas = await new Visitor(product).signIn('host-cas@example.org')
    const { access_token: mine } = await connect(wallet, cas)
    for (let n = 1; n <= 5; n++)
      expect((await push(await strangersBadge({ validFrom: `2026-01-0${n}T00:00:00Z` }), mine)).status).toBe(
        201,
      )
    const dates: string[] = []
    let next: string | undefined = '/credentials?limit=2&offset=0'
    for (let pages = 0; next !== undefined && pages < 9; pages++) {
      const { headers, json } = await call('GET', next, { by: mine })
      expect(headers.get('x-total-count')).toBe('5')
      dates.push(...json.credential.map(({ validFrom }: { validFrom: string }) => validFrom))
      const link = headers.get('link') ?? ''
      expect(link).toMatch(/rel="last".*rel="first"/)
      expect(/rel="prev"/.test(link)).toBe(pages > 0)
      next = /<[^>]+\/ims\/ob\/v3p0([^>]+)>; rel="next"/.exec(link)?.[1]
    }
    expect(dates).toEqual([1, 2, 3, 4, 5].map((n) => `2026-01-0${n}T00:00:00Z`))
    // Pages stay as they are while others come in, also such as were issued long ago.
    const second = async () =>
      (await call('GET', '/credentials?limit=2&offset=2', { by: mine })).json.credential
    const before = await second()
    const old = await strangersBadge({ validFrom: '2019-01-01T00:00:00Z' })
    expect((await push(old, mine)).status).toBe(201)
    const newer = { ...before[0], validFrom: '2026-01-03T12:00:00Z' }
    delete newer.proof
    expect((await push(await stranger.sign(newer), mine)).status).toBe(200)
    const after = await second()
    expect(after.map(({ id }: { id: string }) => id)).toEqual(before.map(({ id }: { id: string }) => id))
    const last = await call('GET', '/credentials?limit=2&offset=4', { by: mine })
    expect([last.headers.get('x-total-count'), last.json.credential[1]]).toEqual(['6', old])
    expect(last.headers.get('link')).toMatch(/offset=4>; rel="last".*offset=2>; rel="prev"/)
    const beyond = await call('GET', '/credentials?limit=2&offset=60', { by: mine })
    expect([beyond.status, beyond.json.credential]).toEqual([200, []])
    expect(beyond.headers.get('link')).toMatch(/^<[^>]*offset=4>; rel="last"/)

    // The same moment in other words; one with an offset to the east, not encoded.
    for (const moment of [
      '2026-01-04T00:00:00%2B01:00',
      '2026-01-04T00:00:00+01:00',
      '2026-01-03T18:00:00.0-05:00',
    ]) {
      const { headers } = await call('GET', `/credentials?since=${moment}`, { by: mine })
      expect([moment, headers.get('x-total-count')]).toEqual([moment, '2'])
    }
    const since = await call('GET', '/credentials?since=2026-01-03T23:00:00Z&limit=1', { by: mine })
    expect(since.headers.get('x-total-count')).toBe('2')
    expect(since.headers.get('link')).toContain('since=2026-01-03')
    const wrongTimes = [
      'yesterday',
      '',
      '2026-01-04',
      '2026-01-04T00:00:00',
      '2026-13-01T00:00:00Z',
      '1767484800',
    ]
    for (const wrong of [
      ...['limit=0', 'limit=x', 'offset=-1', 'limit=1e3', 'offset=99999999999'],
      ...wrongTimes.map((each) => `since=${each}`),
    ]) {
      const refused = await call('GET', `/credentials?${wrong}`, { by: mine })
      expect([refused.status, refused.json]).toEqual([400, refusal('invalid_query_parameter')])
    }
  })

  test('a badge that was revoked is handed out no longer', async () => {
    await school.api.post('/v1/events', [completed('host-dan', 1), completed('host-dan', 2)])
    const { api, credentialId } = await earnAndClaim(product, school, 'host-dan')
    const dan = await new Visitor(product).signIn('host-dan@example.org')
    const { access_token: mine } = await connect(wallet, dan)
    const ids = async () =>
      (await call('GET', '/credentials', { by: mine })).json.credential.map(({ id }: { id: string }) => id)
    expect(await ids()).toEqual([expect.stringContaining(credentialId)])
    const award = await awardOf(school.api, 'host-dan')
    expect((await school.api.post(`/v1/awards/${award.id}/revoke`, { reason: 'Mistake.' })).status).toBe(200)
    expect(await ids()).toEqual([])
    expect((await api.get('/v1/backpack')).body.items).toHaveLength(1)
  })
})

describe('what an application pushes', () => {
  test('is created, replaced by what is newer and kept where that is older', async () => {
    const id = `urn:uuid:${crypto.randomUUID()}`
    const document = await strangersBadge({ id })
    const created = await push(document)
    expect([created.status, created.type, created.json]).toEqual([201, 'application/json', document])
    expect((await push(document)).status).toBe(200)
    // The same badge by another spelling of its id.
    const newer = await strangersBadge({ id, validFrom: '2026-02-01T00:00:00Z', name: 'Rescuer, renewed' })
    expect((await push(newer)).status).toBe(200)
    const older = await push(document)
    expect([older.status, older.text]).toEqual([304, ''])
    const held = (await call('GET', '/credentials')).json.credential.filter(
      (each: JsonObject) => each['id'] === id,
    )
    expect(held).toEqual([newer])
    const kept = (await annsBackpack.get('/v1/backpack/imported')).body.items
    expect(kept.filter(({ name }: { name: string }) => name === 'Rescuer')).toHaveLength(1)
  })

  test('a compact JWS comes and goes as it is', async () => {
    const issuer = issuingKeyOf(crypto.getRandomValues(new Uint8Array(32)))
    const did = didKeyOf(issuer.publicKeyMultibase)
    const { proof: _, ...document } = await strangersBadge({ id: `urn:uuid:${crypto.randomUUID()}` })
    const credential: JsonObject = { ...document, issuer: { id: did, type: ['Profile'], name: 'Stranger' } }
    const key = await importJWK({
      kty: 'OKP',
      alg: 'EdDSA',
      crv: 'Ed25519',
      d: toBase64Url(issuer.secretKey),
      x: toBase64Url(readMultikey(issuer.publicKeyMultibase)?.bytes ?? new Uint8Array()),
    })
    const compact = await new SignJWT({ ...credential })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: didKeyMethod(issuer.publicKeyMultibase) })
      .setIssuer(did)
      .setJti(String(credential['id']))
      .setSubject('did:example:somebody')
      .setNotBefore(new Date('2026-01-01T00:00:00Z'))
      .sign(key)
    const created = await call('POST', '/credentials', { body: compact, type: 'text/plain' })
    expect([created.status, created.type, created.text]).toEqual([201, 'text/plain', compact])
    expect((await call('POST', '/credentials', { body: compact, type: 'text/plain' })).status).toBe(200)
    expect((await call('GET', '/credentials')).json.compactJwsString).toEqual([compact])
    const [head = '', , signature = ''] = compact.split('.')
    const other = Buffer.from(JSON.stringify({ ...credential, name: 'Other' })).toString('base64url')
    const forged = await call('POST', '/credentials', {
      body: `${head}.${other}.${signature}`,
      type: 'text/plain',
    })
    expect([forged.status, forged.json]).toEqual([400, refusal('invalid_data')])
  })

  test('of many at once of one badge, the newest stays, once', async () => {
    const id = `urn:uuid:${crypto.randomUUID()}`
    const all = await Promise.all(
      [1, 2, 3, 4].map((n) => strangersBadge({ id, validFrom: `2026-03-0${n}T00:00:00Z` })),
    )
    const statuses = (await Promise.all(all.map((each) => push(each)))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.every((status) => [200, 201, 304].includes(status))).toBe(true)
    const held = (await call('GET', '/credentials')).json.credential.filter(
      (each: JsonObject) => each['id'] === id,
    )
    expect(held).toEqual([all[3]])
  })

  test('a badge that was claimed here stays as it was issued', async () => {
    const mine = async () =>
      (await call('GET', '/credentials')).json.credential.find(({ id }: { id: string }) =>
        id.includes(annsBadge),
      )
    const own = await mine()
    expect((await push(own)).status).toBe(200)
    expect((await push({ ...own, name: 'Changed' })).status).toBe(304)
    expect(await mine()).toEqual(own)
  })

  test('what does not verify, and what is no badge, is refused', async () => {
    const document = await strangersBadge()
    const changed = await push({ ...document, name: 'Changed after signing' })
    expect([changed.status, changed.json]).toEqual([400, refusal('invalid_data')])
    expect(changed.json.imsx_description).toMatch(/does not verify/)
    for (const [body, type] of [
      ['{"id":"urn:x:1"}', 'application/json'],
      ['[]', 'application/json'],
      ['{', 'application/json'],
      ['', 'application/json'],
      ['no.jws', 'text/plain'],
      ['a.b.c', 'text/plain'],
    ] as const) {
      const refused = await call('POST', '/credentials', { body, type })
      expect([body, refused.status, refused.json]).toEqual([body, 400, refusal('invalid_data')])
    }
    const picture = await call('POST', '/credentials', { body: '<svg/>', type: 'image/svg+xml' })
    expect([picture.status, picture.json]).toEqual([415, refusal('invalid_data')])
    const large = await call('POST', '/credentials', {
      body: JSON.stringify({ ...document, name: 'x'.repeat(1_100_000) }),
      type: 'application/json',
    })
    expect([large.status, large.json]).toEqual([413, refusal('invalid_data')])
  })

  test('a profile, whole', async () => {
    expect((await call('GET', '/profile')).json).toMatchObject({
      type: ['Profile'],
      email: 'host-ann@example.org',
    })
    const profile = {
      id: 'https://1edtech.org/issuers/cert',
      type: 'Profile',
      name: 'Ann',
      phone: '111-222-3333',
    }
    const put = await call('PUT', '/profile', { body: JSON.stringify(profile), type: 'application/json' })
    expect([put.status, put.json]).toEqual([200, profile])
    expect((await call('GET', '/profile')).json).toEqual(profile)
    for (const wrong of [
      '{}',
      '[]',
      '{"id":"x y","type":["Profile"]}',
      '{"id":"urn:x:1","type":["Profile"],"name":1}',
    ]) {
      const refused = await call('PUT', '/profile', { body: wrong, type: 'application/json' })
      expect([refused.status, refused.json]).toEqual([400, refusal('invalid_data')])
    }
  })
})

describe('refusals', () => {
  test('without a token, with a wrong one, an API key, or without the scope', async () => {
    for (const by of ['', 'wrong', school.apiKey]) {
      const refused = await call('GET', '/credentials', { by })
      expect([refused.status, refused.json]).toEqual([401, refusal('unauthorizedrequest')])
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/)
    }
    const { access_token: reader } = await connect(wallet, ann, [OB_SCOPES.readCredentials])
    for (const [method, path] of [
      ['POST', '/credentials'],
      ['GET', '/profile'],
      ['PUT', '/profile'],
    ] as const) {
      const refused = await call(method, path, { by: reader })
      expect([refused.status, refused.json]).toEqual([403, refusal('forbidden')])
      expect(refused.headers.get('www-authenticate')).toContain('insufficient_scope')
    }
    // A token of the Open Badges API opens nothing else.
    expect(
      (await fetch(`${product.url}/v1/account`, { headers: { authorization: `Bearer ${token}` } })).status,
    ).toBe(401)
  })

  test('of an unknown path, another method and a broken address', async () => {
    for (const path of ['', '/', '/nothing', '/credentials/', '/Credentials']) {
      const refused = await call('GET', path)
      expect([path, refused.status, refused.json]).toEqual([path, 404, refusal('not_found')])
    }
    const method = await call('DELETE', '/credentials')
    expect([method.status, method.headers.get('allow'), method.json]).toEqual([
      405,
      'GET, POST',
      refusal('not_allowed'),
    ])
    // Whatever stands in the way: a body that is cut off or in the wrong coding, and a method that nobody knows.
    for (const [init, status] of [
      [
        { method: 'POST', body: 'x', headers: { 'content-encoding': 'gzip', 'content-type': 'text/plain' } },
        415,
      ],
      [{ method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } }, 415],
      [{ method: 'POST', body: 'x', headers: { 'content-type': 'application/json; charset=utf-16' } }, 415],
      [{ method: 'PATCH', body: '{}', headers: { 'content-type': 'application/json' } }, 405],
      [{ method: 'PROPFIND' }, 405],
    ] as const) {
      const refused = await fetch(`${product.url}/ims/ob/v3p0/credentials`, {
        ...init,
        headers: { ...('headers' in init ? init.headers : {}), authorization: `Bearer ${token}` },
      })
      expect([init, refused.status, await refused.json()]).toEqual([
        init,
        status,
        refusal(status === 405 ? 'not_allowed' : 'invalid_data'),
      ])
    }
    const other = await call('PUT', '/profile', { body: '{}', type: 'text/csv' })
    expect([other.status, other.headers.get('accept')]).toEqual([
      415,
      'application/json, application/ld+json, application/vc, application/vc+ld+json, application/vp',
    ])
    const broken = await call('GET', '/credentials%zz')
    expect([broken.status, broken.json]).toEqual([400, refusal('invalid_data')])
  })

  test('of whoever guesses tokens', async () => {
    let refused = await call('GET', '/credentials', { by: 'guess' })
    for (let n = 0; n < 200 && refused.status === 401; n++)
      refused = await call('GET', '/credentials', { by: `guess-${n}` })
    expect([refused.status, refused.json]).toEqual([429, refusal('server_busy')])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    // A good one is let through.
    expect((await call('GET', '/profile')).status).toBe(200)
  })
})
