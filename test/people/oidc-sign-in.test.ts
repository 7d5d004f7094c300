import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { BrowserLike } from '#test/product/browser-like.ts'
import { type OidcServer, startOidcServer } from '#test/product/oidc-server.ts'
import { freePort, startTestProduct, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: OidcServer
/** Offers no place to sign out. */
let endless: OidcServer
beforeAll(async () => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const callbacks = ['school', 'strict', 'other'].map((id) => `${origin}/sign-in/callback/${id}`)
  school = await startOidcServer(callbacks)
  endless = await startOidcServer([`${origin}/sign-in/callback/endless`], { signOut: false })
  const shared = {
    issuer: school.issuer,
    clientId: school.client.id,
    clientSecret: school.client.secret,
    scopes: ['openid', 'email'],
  }
  const providers = [
    {
      ...shared,
      id: 'school',
      name: 'School',
      proves: [
        { as: 'account', claim: 'sub' },
        { as: 'account', claim: 'eduid', homePage: 'https://eduid.example.org' },
        { as: 'eppn', claim: 'eduperson_principal_name' },
        { as: 'email', claim: 'email' },
      ],
    },
    {
      ...shared,
      id: 'strict',
      name: 'Strict',
      proves: [{ as: 'email', claim: 'email', domains: ['strict.example.org'] }],
      requires: { schac_home_organization: ['strict.example.org'] },
      acrValues: ['urn:two-factors'],
      prompt: 'login',
      maxAgeS: 300,
    },
    {
      ...shared,
      id: 'other',
      name: 'Other',
      proves: [{ as: 'email', claim: 'email' }],
      returnsAfterSignOut: true,
    },
    { ...shared, id: 'endless', name: 'Endless', issuer: endless.issuer },
    { ...shared, id: 'away', name: 'Away', issuer: `http://localhost:${await freePort()}` },
    { ...shared, id: 'misnamed', name: 'Misnamed', issuer: `${school.issuer}/tenant` },
  ]
  product = await startTestProduct({ PORT: String(port), OIDC_PROVIDERS: JSON.stringify(providers) })
})
afterAll(async () => {
  await product?.stop()
  await school?.close()
  await endless?.close()
})
beforeEach(() => {
  school.tamper(undefined)
  school.down(false)
})

const verified = (email: string, more: object = {}) => ({ email, email_verified: true, ...more })
const browser = () => new BrowserLike(product.url)
const identitiesOf = async (who: BrowserLike): Promise<string[]> =>
  ((await who.get('/v1/account')).body.identities as { type: string; value: string }[]).map(
    ({ type, value }) => `${type}:${value}`,
  )

describe('the whole road', () => {
  test('somebody signs in with the provider, is known by all that it proves, and comes back to where they were', async () => {
    school.people.set('ann', {
      ...verified('Ann@school.example.org'),
      eduid: 'e-1',
      eduperson_principal_name: ['ann@school.example.org'],
    })
    const ann = browser()
    expect((await ann.get('/v1/sign-in-providers')).body.items[0]).toEqual({ id: 'school', name: 'School' })
    const done = await ann.signIn('ann', { returnTo: '/console?organisation=x', language: 'nl' })
    expect(done).toMatchObject({
      status: 200,
      body: { outcome: 'signed-in', returnTo: '/console?organisation=x', merges: [] },
    })
    const cookie = done.headers.getSetCookie()[0]
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(await identitiesOf(ann)).toEqual([
      `account:${school.issuer}#ann`,
      'account:https://eduid.example.org#e-1',
      'eppn:ann@school.example.org',
      'email:ann@school.example.org',
    ])
    expect((await ann.get('/v1/account')).body.language).toBe('nl')
    expect((await ann.get('/v1/account/events')).body.items[0]).toMatchObject({ action: 'account.signed_in' })
  })

  test('the question carries PKCE, state and nonce, new ones each time', async () => {
    const seen = new Set<string | null>()
    for (let time = 0; time < 2; time++) {
      await browser().visit('ann', { language: 'nl' })
      const asked = school.lastRequest()
      expect(asked.get('code_challenge_method')).toBe('S256')
      expect(asked.get('response_type')).toBe('code')
      expect(asked.get('ui_locales')).toBe('nl')
      for (const name of ['state', 'nonce', 'code_challenge']) {
        expect(asked.get(name)?.length).toBeGreaterThan(42)
        seen.add(asked.get(name))
      }
    }
    expect(seen.size).toBe(6)
  })

  test('the same person gets the same account, by a link too, and signing out ends it here', async () => {
    school.people.set('bea', verified('bea@school.example.org'))
    const first = browser()
    await first.signIn('bea')
    const { id } = (await first.get('/v1/account')).body
    const again = browser()
    await again.signIn('bea')
    expect((await again.get('/v1/account')).body.id).toBe(id)
    const byLink = browser()
    const link = await product.running.product.routes.signIn.link({
      type: 'email',
      value: 'bea@school.example.org',
    })
    await byLink.signInByToken(link.split('#')[1] ?? '')
    expect((await byLink.get('/v1/account')).body.id).toBe(id)
    expect((await again.remove('/v1/session')).status).toBe(204)
    expect((await again.get('/v1/account')).status).toBe(401)
    expect((await first.get('/v1/account')).status).toBe(200)
  })

  test('two sign-ins of one new person at once make one account', async () => {
    school.people.set('twin', verified('twin@school.example.org', { eduid: 'twin' }))
    const many = Array.from({ length: 6 }, browser)
    const answers = await Promise.all(many.map(async (each) => each.visit('twin')))
    const done = await Promise.all(
      many.map((each, at) => each.finish(answers[at] ?? { provider: '', query: '' })),
    )
    expect(done.map(({ status }) => status)).toEqual(many.map(() => 200))
    const ids = await Promise.all(many.map(async (each) => (await each.get('/v1/account')).body.id))
    expect(new Set(ids).size).toBe(1)
    expect(await identitiesOf(many[0] ?? browser())).toHaveLength(3)
  })

  test('keys that the provider takes anew are known at once, and the old ones are not honoured', async () => {
    expect((await browser().signIn('ann')).status).toBe(200)
    const byOldKey = school.signer()
    await school.rotateKeys()
    expect((await browser().signIn('ann')).status).toBe(200)
    const late = browser()
    const answer = await late.visit('ann')
    school.tamper(byOldKey)
    expect((await late.finish(answer)).body.code).toBe('provider-answer-invalid')
  })

  test('several tabs of one browser may be under way, and each counts once', async () => {
    const ann = browser()
    const [one, two] = [await ann.visit('ann'), await ann.visit('ann')]
    expect((await ann.finish(two)).status).toBe(200)
    expect((await ann.finish(one)).status).toBe(200)
    expect((await ann.finish(two)).body.code).toBe('sign-in-attempt-invalid')
  })
})

describe('what must not sign anybody in', () => {
  const HOSTILE: Readonly<Record<string, (claims: Record<string, unknown>) => Promise<string> | string>> = {
    'another nonce': (claims) => school.sign({ ...claims, nonce: 'another' }),
    'no nonce': ({ nonce: _, ...claims }) => school.sign(claims),
    'another audience': (claims) => school.sign({ ...claims, aud: 'somebody-else' }),
    'several audiences and another party': (claims) =>
      school.sign({ ...claims, aud: ['waarmerk', 'else'], azp: 'else' }),
    'another issuer': (claims) => school.sign({ ...claims, iss: 'https://evil.example' }),
    'no subject': ({ sub: _, ...claims }) => school.sign(claims),
    'a token that is over': (claims) => school.sign({ ...claims, exp: now() - 120, iat: now() - 600 }),
    'a token without an end': ({ exp: _, ...claims }) => school.sign(claims),
    'a token without a signature': (claims) => school.forge.unsigned(claims),
    'a signature of a stranger': (claims) => school.forge.stranger(claims),
    'a signature by the shared secret': (claims) => school.forge.sharedSecret(claims),
    'no token at all': () => 'not.a.token',
    'another person than UserInfo tells of': (claims) => school.sign({ ...claims, sub: 'mallory' }),
  }

  for (const [what, make] of Object.entries(HOSTILE))
    test(what, async () => {
      const who = browser()
      const answer = await who.visit('ann')
      school.tamper(make)
      expect((await who.finish(answer)).body).toMatchObject({ status: 403, code: 'provider-answer-invalid' })
      expect((await who.get('/v1/session')).body).toBeNull()
    })

  test('a token that ended a few seconds ago by our clock still counts: clocks differ', async () => {
    const who = browser()
    const answer = await who.visit('ann')
    school.tamper((claims) => school.sign({ ...claims, exp: now() - 5 }))
    expect((await who.finish(answer)).status).toBe(200)
  })

  test('another state, none, or one of an attempt in another browser', async () => {
    const victim = browser()
    const answer = await victim.visit('ann')
    const params = new URLSearchParams(answer.query)
    params.set('state', 'x'.repeat(43))
    const wrong = { provider: 'school', query: params.toString() }
    params.delete('state')
    const missing = { provider: 'school', query: params.toString() }
    // The attacker's own answer, put into the victim's browser: they would work in the attacker's account.
    const attacker = browser()
    school.people.set('mallory', verified('mallory@evil.example.org'))
    const planted = await attacker.visit('mallory')
    for (const bad of [wrong, missing, planted])
      expect((await victim.finish(bad)).body).toMatchObject({ status: 403, code: 'sign-in-attempt-invalid' })
    expect((await browser().finish(answer)).body.code).toBe('sign-in-attempt-invalid')
    expect((await victim.get('/v1/session')).body).toBeNull()
    expect((await victim.finish(answer)).status).toBe(200)
  })

  test('an answer that is shown twice, and a code that another attempt has used', async () => {
    const who = browser()
    const answer = await who.visit('ann')
    expect((await who.finish(answer)).status).toBe(200)
    expect((await who.finish(answer)).body.code).toBe('sign-in-attempt-invalid')
    const next = await who.visit('ann')
    const stolen = new URLSearchParams(next.query)
    stolen.set('code', new URLSearchParams(answer.query).get('code') ?? '')
    expect((await who.finish({ provider: 'school', query: stolen.toString() })).body.code).toBe(
      'provider-answer-invalid',
    )
  })

  test('twenty at once with one answer: one is signed in', async () => {
    const who = browser()
    const answer = await who.visit('ann')
    const done = await Promise.all(Array.from({ length: 20 }, () => who.finish(answer)))
    expect(done.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('the answer of one provider shown as that of another, or with the word of another issuer', async () => {
    const who = browser()
    const answer = await who.visit('ann')
    expect((await who.finish({ ...answer, provider: 'other' })).body.code).toBe('sign-in-attempt-invalid')
    const mixed = new URLSearchParams((await who.visit('ann')).query)
    mixed.set('iss', 'https://evil.example')
    expect((await who.finish({ provider: 'school', query: mixed.toString() })).body.code).toBe(
      'provider-answer-invalid',
    )
  })

  test('an attempt that is over', async () => {
    const who = browser()
    const answer = await who.visit('ann')
    await withClient(product.running.parts.databaseUrl, (client) =>
      client.query(
        "UPDATE sign_in_attempt SET expires_at = now() - interval '1 second' WHERE used_at IS NULL",
      ),
    )
    expect((await who.finish(answer)).body.code).toBe('sign-in-attempt-invalid')
  })

  test('a page that is not ours', async () => {
    const who = browser()
    const forged = { ...(await who.visit('ann')) }
    const answer = await fetch(`${product.url}/v1/sign-in-attempts/finish`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
      body: JSON.stringify(forged),
    })
    expect(await answer.json()).toMatchObject({ status: 403, code: 'cross-origin-refused' })
  })

  test('an unverified address proves nothing: its owner’s account stays closed', async () => {
    const owner = browser()
    school.people.set('owner', verified('owner@mail.example.org'))
    await owner.signIn('owner', { provider: 'other' })
    for (const email_verified of [false, 'true', undefined]) {
      school.people.set('thief', { email: 'owner@mail.example.org', email_verified })
      const thief = browser()
      expect((await thief.signIn('thief', { provider: 'other' })).body).toMatchObject({
        status: 403,
        code: 'no-usable-identity',
      })
      // With a number of their own they get an account of their own, without the address.
      const withNumber = browser()
      expect((await withNumber.signIn('thief')).status).toBe(200)
      expect(await identitiesOf(withNumber)).toEqual([`account:${school.issuer}#thief`])
    }
  })

  test('whoever gets the address of somebody who left does not get into their account', async () => {
    const address = verified('reception@school.example.org')
    school.people.set('former', address)
    school.people.set('successor', address)
    const [former, successor] = [browser(), browser()]
    await former.signIn('former')
    const done = await successor.signIn('successor')
    expect(done).toMatchObject({ status: 200, body: { merges: [] } })
    expect(await identitiesOf(successor)).toEqual([`account:${school.issuer}#successor`])
    expect(await identitiesOf(former)).toEqual([
      `account:${school.issuer}#former`,
      'email:reception@school.example.org',
    ])
  })

  test('nothing that leads elsewhere is gone back to', async () => {
    for (const returnTo of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:1'])
      expect((await browser().signIn('ann', { returnTo })).body.returnTo).toBe('/')
  })
})

describe('a strict provider', () => {
  const strict = { provider: 'strict' }
  test('lets in whom it may, with the strength that was asked for', async () => {
    const home = { schac_home_organization: 'strict.example.org' }
    school.people.set('weak', verified('weak@strict.example.org', home))
    school.people.set('strong', verified('strong@strict.example.org', { ...home, acr: 'urn:two-factors' }))
    school.people.set('guest', verified('g@strict.example.org', { acr: 'urn:two-factors' }))
    school.people.set('far', verified('far@else.example.org', { ...home, acr: 'urn:two-factors' }))
    const codes = []
    for (const login of ['weak', 'guest', 'far', 'strong']) {
      const { status, body } = await browser().signIn(login, strict)
      codes.push([login, status, body.code])
    }
    expect(codes).toEqual([
      ['weak', 403, 'provider-answer-invalid'],
      ['guest', 403, 'sign-in-not-admitted'],
      ['far', 403, 'no-usable-identity'],
      ['strong', 200, undefined],
    ])
    const asked = school.lastRequest()
    expect([asked.get('acr_values'), asked.get('prompt'), asked.get('max_age')]).toEqual([
      'urn:two-factors',
      'login',
      '300',
    ])
  })
})

describe('what a person is told', () => {
  test('who stops there, or is refused, is told by a code and no stack', async () => {
    const who = browser()
    const { body } = await who.finish(await who.visit(null))
    expect(body).toMatchObject({
      status: 403,
      code: 'provider-refused',
      parameters: { error: 'access_denied' },
    })
    expect(JSON.stringify(body)).not.toMatch(/ at |node_modules/)
  })

  test('a provider that is down, is nobody, or calls itself something else', async () => {
    for (const provider of ['away', 'misnamed'])
      expect((await browser().post('/v1/sign-in-attempts', { provider })).body).toMatchObject({
        status: 503,
        code: 'provider-unavailable',
        retry: true,
      })
    expect((await browser().post('/v1/sign-in-attempts', { provider: 'nobody' })).body).toMatchObject({
      status: 404,
      code: 'provider-unknown',
    })
    const who = browser()
    const answer = await who.visit('ann')
    school.down(true)
    expect((await who.finish(answer)).body).toMatchObject({ status: 503, code: 'provider-unavailable' })
    school.down(false)
    expect((await who.signIn('ann')).status).toBe(200)
  })

  test('nothing in the database opens anything: neither state, nor nonce, nor verifier stands there', async () => {
    const who = browser()
    const { query } = await who.visit('ann')
    const state = new URLSearchParams(query).get('state') ?? ''
    const nonce = school.lastRequest().get('nonce') ?? ''
    await withClient(product.running.parts.databaseUrl, async (client) => {
      const { rows } = await client.query('SELECT sign_in_attempt::text AS row FROM sign_in_attempt')
      const text = JSON.stringify(rows)
      for (const secret of [state, nonce]) expect(text).not.toContain(secret)
    })
  })
})

const now = (): number => Math.floor(Date.now() / 1000)

describe('signing out', () => {
  const begin = async (who: BrowserLike, provider = 'school') =>
    (await who.post('/v1/sign-in-attempts', { provider })).body.url as string

  test('ends the session here, and at the provider that opened it, which knows whose it is', async () => {
    school.people.set('mia', verified('mia@school.example.org'))
    const mia = browser()
    await mia.signIn('mia')
    expect(await mia.atProvider.isKnown(await begin(mia))).toBe(true)
    // The ID token names people: it is kept sealed, and only while the session lasts.
    const kept = async () =>
      withClient(product.running.parts.databaseUrl, async (client) => {
        const { rows } = await client.query(
          'SELECT id_token FROM session WHERE provider = $1 AND id_token IS NOT NULL',
          ['school'],
        )
        return rows.map(({ id_token }) => Buffer.from(id_token))
      })
    const before = await kept()
    expect(before.length).toBeGreaterThan(0)
    for (const sealed of before) expect(sealed.toString('latin1')).not.toMatch(/eyJ/)

    const ended = await mia.post('/v1/session/end')
    expect(ended.status).toBe(200)
    expect((await mia.get('/v1/account')).status).toBe(401)
    expect(await kept()).toHaveLength(before.length - 1)
    const url = new URL(ended.body.providerUrl)
    expect(url.origin).toBe(school.issuer)
    expect(url.searchParams.get('client_id')).toBe(school.client.id)
    expect(url.searchParams.get('post_logout_redirect_uri')).toBeNull()
    const [, payload = ''] = (url.searchParams.get('id_token_hint') ?? '').split('.')
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ sub: 'mia' })
    await mia.atProvider.signOut(url.href)
    expect(await mia.atProvider.isKnown(await begin(mia))).toBe(false)
    expect((await mia.post('/v1/session/end')).status).toBe(401)
  })

  test('the provider sends the browser back home where that address is registered there', async () => {
    school.people.set('ned', verified('ned@school.example.org'))
    const ned = browser()
    await ned.signIn('ned', { provider: 'other' })
    const { providerUrl } = (await ned.post('/v1/session/end')).body
    const back = await ned.atProvider.signOut(providerUrl)
    expect(back).toBe(`${product.url}/`)
  })

  test('is over here whatever the provider offers or answers, and asks none where a link signed in', async () => {
    for (const [login, provider, isDown] of [
      ['oli', 'endless', false],
      ['pia', 'school', true],
    ] as const) {
      const server = provider === 'school' ? school : endless
      server.people.set(login, verified(`${login}@${provider}.example.org`))
      const who = browser()
      expect((await who.signIn(login, { provider })).status).toBe(200)
      school.down(isDown)
      const ended = await who.post('/v1/session/end')
      expect([provider, ended.status]).toEqual([provider, 200])
      if (!isDown) expect(ended.body.providerUrl).toBeNull()
      expect((await who.get('/v1/account')).status).toBe(401)
      school.down(false)
    }
    const byLink = browser()
    const { signIn } = product.running.product.routes
    const link = await signIn.link({ type: 'email', value: 'ric@school.example.org' })
    await byLink.signInByToken(link.split('#')[1] ?? '')
    expect((await byLink.post('/v1/session/end')).body).toEqual({ providerUrl: null })
  })

  test('nobody is signed out at the provider by a page elsewhere', async () => {
    school.people.set('sue', verified('sue@school.example.org'))
    const sue = browser()
    const done = await sue.signIn('sue')
    const cookie = done.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const elsewhere = await fetch(`${product.url}/v1/session/end`, {
      method: 'POST',
      headers: { cookie, origin: 'https://elsewhere.example.org' },
    })
    expect(elsewhere.status).toBe(403)
    expect((await sue.get('/v1/account')).status).toBe(200)
  })
})
