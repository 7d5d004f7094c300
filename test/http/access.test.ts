import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endSessionCookie, sessionCookieName, startSessionCookie } from '#api/http/cookies.ts'
import {
  asJson,
  PUBLIC_URL,
  problemIn,
  roomyLimits,
  type SampleApi,
  startSampleApi,
  withKey,
} from './sample-api.ts'

let api: SampleApi
beforeAll(async () => {
  api = await startSampleApi()
})
afterAll(() => api.close())

const create = (headers: Record<string, string>, on = api) =>
  on.call('/v1/things', { method: 'POST', body: '{"name":"a"}', headers: { ...asJson, ...headers } })
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
const cookie = 'waarmerk-session=good-session'

describe('who is let in', () => {
  test.each([
    ['nothing', {}],
    ['a wrong key', { authorization: 'Bearer wrong' }],
    ['an empty key', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Digest x' }],
    ['a wrong session', { cookie: 'waarmerk-session=wrong', origin: PUBLIC_URL }],
    ['a session under another name', { cookie: '__Host-waarmerk-session=good-session', origin: PUBLIC_URL }],
  ])('%s is refused where rights are needed', async (_what, headers) => {
    const response = await create(headers as Record<string, string>)
    expect(await problemIn(response)).toMatchObject({ code: 'unauthenticated', status: 401 })
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  test('a key without the right is refused by the name of the right', async () => {
    expect(await problemIn(await create({ authorization: 'Bearer reading-key' }))).toMatchObject({
      code: 'forbidden',
      status: 403,
      parameters: { right: 'create' },
    })
  })

  test('a key may come as Basic, for xAPI clients', async () => {
    expect((await create({ authorization: basic('x', 'full-key') })).status).toBe(201)
  })

  test('a wrong key is refused even where none is needed, an old session is not', async () => {
    expect(
      await problemIn(await api.call('/badges/a', { headers: { authorization: 'Bearer wrong' } })),
    ).toMatchObject({
      code: 'unauthenticated',
    })
    expect((await api.call('/badges/a', { headers: { cookie: 'waarmerk-session=old' } })).status).toBe(200)
  })

  test('what is for a person is not for a key', async () => {
    expect(await problemIn(await api.call('/v1/me', { headers: withKey }))).toMatchObject({
      code: 'session-required',
    })
    expect((await api.call('/v1/me', { headers: { cookie } })).status).toBe(200)
  })

  test('nobody without rights gets to see whether their body is right', async () => {
    const response = await api.call('/v1/things', { method: 'POST', body: '{', headers: asJson })
    expect(await problemIn(response)).toMatchObject({ code: 'unauthenticated' })
  })
})

describe('a session changes things from our own pages only', () => {
  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port', { origin: `${PUBLIC_URL}:8080` }],
    ['a sandboxed frame', { origin: 'null' }],
    ['no origin and no word from the browser', {}],
    ['a link from the same site', { 'sec-fetch-site': 'same-site' }],
  ])('%s is refused', async (_what, headers) => {
    expect(await problemIn(await create({ cookie, ...(headers as Record<string, string>) }))).toMatchObject({
      code: 'cross-origin-refused',
      status: 403,
    })
  })

  test('our own pages are not', async () => {
    expect((await create({ cookie, origin: PUBLIC_URL })).status).toBe(201)
  })
})

describe('the session cookie', () => {
  test('on https it is bound to the host', () => {
    expect(sessionCookieName('https://badges.example')).toBe('__Host-waarmerk-session')
    expect(startSessionCookie('https://badges.example', 'token', 60)).toBe(
      '__Host-waarmerk-session=token; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax',
    )
  })

  test('on plain http it has a plain name, since a browser would refuse the other', () => {
    expect(startSessionCookie(PUBLIC_URL, 'token', 60)).toBe(
      'waarmerk-session=token; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
    )
    expect(endSessionCookie(PUBLIC_URL)).toBe('waarmerk-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax')
  })
})

describe('rate limits', () => {
  const limits = (rate: Partial<typeof roomyLimits.rate>) => ({
    ...roomyLimits,
    rate: { ...roomyLimits.rate, ...rate },
  })

  test('a key is stopped after its share, and told for how long; another key is not', async () => {
    const small = await startSampleApi({ limits: limits({ perPrincipal: 2 }) })
    const list = (key: string) => small.call('/v1/things', { headers: { authorization: `Bearer ${key}` } })
    const first = await list('full-key')
    expect(first.headers.get('ratelimit')).toMatch(/r=1/)
    await list('full-key')
    const third = await list('full-key')
    expect(await problemIn(third)).toMatchObject({ code: 'rate-limited', status: 429, retry: true })
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await list('reading-key')).status).toBe(200)
    await small.close()
  })

  test('an address without a key is stopped, and cannot pass for another by X-Forwarded-For', async () => {
    const small = await startSampleApi({ limits: limits({ perAddress: 1 }) })
    const see = (from: string) => small.call('/badges/a', { headers: { 'x-forwarded-for': from } })
    expect((await see('192.0.2.1')).status).toBe(200)
    expect(await problemIn(await see('192.0.2.2'))).toMatchObject({ code: 'rate-limited' })
    await small.close()
  })

  test('what a request comes to is done in the name of whom the limits know', async () => {
    const callers: (() => string)[] = []
    const small = await startSampleApi({
      asCaller: (caller, act) => {
        callers.push(caller)
        return act()
      },
    })
    for (const key of ['full-key', 'reading-key'])
      await small.call('/v1/things', { headers: { authorization: `Bearer ${key}` } })
    await small.call('/badges/a')
    const [one, other, nobody] = callers.map((caller) => caller())
    expect(one).not.toBe(other)
    expect(nobody).toMatch(/^address:/)
    await small.close()
  })

  test('behind a trusted proxy the address is the one that the proxy names', async () => {
    const small = await startSampleApi({ limits: limits({ perAddress: 1 }), trustedProxies: ['loopback'] })
    const see = (from: string) => small.call('/badges/a', { headers: { 'x-forwarded-for': from } })
    expect((await see('192.0.2.1')).status).toBe(200)
    expect((await see('192.0.2.2')).status).toBe(200)
    expect((await see('192.0.2.1')).status).toBe(429)
    await small.close()
  })

  test('an address that guesses keys is stopped, and whoever has a good credential there is not', async () => {
    const small = await startSampleApi({ limits: limits({ wrongCredentials: 3 }) })
    for (let tries = 0; tries < 3; tries++)
      expect((await create({ authorization: `Bearer ${tries}` }, small)).status).toBe(401)
    expect((await create({ authorization: 'Bearer another' }, small)).status).toBe(429)
    expect((await create({ cookie: 'waarmerk-session=over', origin: PUBLIC_URL }, small)).status).toBe(429)
    expect((await create(withKey, small)).status).toBe(201)
    const person = { cookie: 'waarmerk-session=good-session', origin: PUBLIC_URL }
    expect((await create(person, small)).status).toBe(201)
    expect((await create({ authorization: 'Bearer another' }, small)).status).toBe(429)
    expect((await small.call('/badges/a')).status).toBe(200)
    await small.close()
  })

  test('a busy caller with a good key is not taken for one that guesses', async () => {
    const small = await startSampleApi({ limits: limits({ wrongCredentials: 3 }) })
    const calls = await Promise.all(Array.from({ length: 20 }, () => create(withKey, small)))
    expect(calls.map(({ status }) => status)).toEqual(new Array(20).fill(201))
    await small.close()
  })
})
