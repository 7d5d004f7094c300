import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiCaller } from '#test/product/api-caller.ts'
import { completed, setUpFirstAid } from '#test/product/first-aid.ts'
import { freePort, startTestProduct, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let anybody: ApiCaller
beforeAll(async () => {
  product = await startTestProduct()
  anybody = new ApiCaller(product.url)
})
afterAll(() => product?.stop())

async function mailedToken(email: string): Promise<string> {
  await anybody.post('/v1/sign-in-links', { email, language: 'nl' })
  const mail = await product.inbox.waitFor(email, 20_000)
  return /\/sign-in#([\w-]+)/.exec(mail.text ?? '')?.[1] ?? ''
}

async function signIn(email: string): Promise<ApiCaller> {
  const answer = await anybody.post('/v1/session', { token: await mailedToken(email) })
  expect(answer.status).toBe(201)
  const cookie = answer.headers.getSetCookie()[0] ?? ''
  expect(cookie).toMatch(/HttpOnly/)
  expect(cookie).toMatch(/SameSite=Lax/)
  return new ApiCaller(product.url, { cookie: cookie.split(';')[0] ?? '', origin: product.url })
}

test('a mailed link signs in once, and signing out ends the session', async () => {
  const person = await signIn('person@example.org')
  const { body } = await person.get('/v1/session')
  expect(body).toMatchObject({
    identities: [{ type: 'email', value: 'person@example.org' }],
    organisations: [],
  })
  expect((await person.send('DELETE', '/v1/session', undefined)).status).toBe(204)
  expect((await person.get('/v1/session')).body).toBeNull()
  expect((await person.get('/v1/backpack')).status).toBe(401)
})

test('a link that was used, or that nobody made, is refused by code', async () => {
  const token = await mailedToken('once@example.org')
  expect((await anybody.post('/v1/session', { token })).status).toBe(201)
  for (const bad of [token, 'x'.repeat(43)])
    expect((await anybody.post('/v1/session', { token: bad })).body).toMatchObject({
      status: 401,
      code: 'sign-in-link-invalid',
    })
})

test('one address is sent five links at once and no more, and the answer does not tell', async () => {
  for (let time = 0; time < 8; time++)
    expect((await anybody.post('/v1/sign-in-links', { email: 'flood@example.org' })).status).toBe(202)
  await expect
    .poll(() => product.inbox.mails.filter(({ to }) => JSON.stringify(to).includes('flood@')).length, {
      timeout: 10_000,
    })
    .toBe(5)
  await sleep(1500)
  expect(product.inbox.mails.filter(({ to }) => JSON.stringify(to).includes('flood@'))).toHaveLength(5)
})

test('whoever signs in may found an organisation, and has every right on it', async () => {
  const founder = await signIn('founder@example.org')
  const made = await founder.post('/v1/organisations', { slug: 'founded', name: 'Founded' })
  expect(made.status).toBe(201)
  expect((await founder.post('/v1/organisations', { slug: 'founded', name: 'Again' })).body.code).toBe(
    'slug-taken',
  )
  const issuer = await founder.post('/v1/issuers', { slug: 'founded-issuer', name: 'Founded' })
  expect(issuer.status).toBe(201)
})

test('another site cannot act in the name of a signed-in browser', async () => {
  const person = await signIn('csrf@example.org')
  const forged = await person.post(
    '/v1/organisations',
    { slug: 'forged', name: 'Forged' },
    { origin: 'https://evil.example' },
  )
  expect(forged.body).toMatchObject({ status: 403, code: 'cross-origin-refused' })
})

test('a claim link reaches badges and no organisation, also when it lies in an administrator’s mailbox', async () => {
  const owner = await signIn('owner@strong.example.org')
  await owner.post('/v1/organisations', { slug: 'strong', name: 'Strong' })
  const school = await product.organisation('weak-school')
  await setUpFirstAid(school.api, 'weak-academy')
  const about = { subject: 'mailto:owner@strong.example.org' }
  await school.api.post('/v1/events', [completed('x', 1, about), completed('x', 2, about)])
  const mail = await product.inbox.waitFor('owner@strong.example.org', 20_000)
  const token = /\/claim#([\w-]+)/.exec(mail.text ?? '')?.[1] ?? ''

  // The owner's own browser keeps the session that it has.
  const kept = await owner.post(`/v1/claims/${token}/accept`)
  expect(kept).toMatchObject({ status: 200 })
  expect(kept.headers.getSetCookie()).toEqual([])

  // A link that was used lets nobody in, however soon.
  const late = await anybody.post(`/v1/claims/${token}/accept`)
  expect(late.body).toMatchObject({ code: 'claim-over', parameters: { state: 'claimed' } })
  expect(late.headers.getSetCookie()).toEqual([])

  // Whoever has one that was not gets in to that badge, and as nobody more.
  const again = { subject: 'mailto:owner@strong.example.org' }
  const other = await product.organisation('weaker-school')
  await setUpFirstAid(other.api, 'weaker-academy')
  await other.api.post('/v1/events', [completed('y', 1, again), completed('y', 2, again)])
  const linkIn = () =>
    product.inbox.mails
      .filter(({ to }) => JSON.stringify(to).includes('owner@strong.example.org'))
      .flatMap(({ text }) => /\/claim#([\w-]+)/.exec(text ?? '')?.[1] ?? [])
      .find((each) => each !== token)
  await expect.poll(linkIn, { timeout: 20_000 }).toBeDefined()
  const taken = await anybody.post(`/v1/claims/${linkIn()}/accept`)
  const cookie = taken.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const holder = new ApiCaller(product.url, { cookie, origin: product.url })
  expect((await holder.get('/v1/session')).body).toMatchObject({
    scope: 'earner',
    organisations: [],
    identities: [{ type: 'email', value: 'owner@strong.example.org' }],
  })
  const { credentialId } = taken.body
  expect((await holder.get('/v1/backpack')).body.items).toMatchObject([{ credentialId }])
  expect((await holder.get(`/v1/credentials/${credentialId}`)).body.mine).toBe(true)
  const kin = `/v1/credentials/${kept.body.credentialId}`
  for (const path of [kin, `${kin}/document`, `${kin}/share-links`, `${kin}/views`])
    expect((await holder.get(path)).body.code).toBe('not-found')
  expect((await holder.put(`${kin}/visibility`, { visibility: 'public' })).body.code).toBe('not-found')
  for (const path of [
    '/v1/account',
    '/v1/account/offers',
    '/v1/backpack/export',
    '/v1/backpack/imported',
    '/v1/collections',
    '/v1/notifications',
    '/v1/organisations',
  ])
    expect([path, (await holder.get(path)).body.code]).toEqual([path, 'full-session-required'])
  const founded = await holder.post('/v1/organisations', { slug: 'stolen', name: 'Stolen' })
  expect([founded.status, founded.body.code]).toEqual([403, 'full-session-required'])
  expect((await holder.post('/v1/api-keys', { name: 'stolen', rights: ['administer'] })).status).toBe(403)
  expect((await owner.get('/v1/backpack')).body.items).toHaveLength(2)

  // Signing out everywhere else ends it, and the link opens no other.
  expect((await owner.send('DELETE', '/v1/account/sessions', undefined)).status).toBeLessThan(300)
  expect((await holder.get('/v1/backpack')).body.code).toBe('unauthenticated')
  expect((await anybody.post(`/v1/claims/${linkIn()}/accept`)).body.code).toBe('claim-over')
  expect((await owner.get('/v1/session')).body.organisations).toHaveLength(1)
})

test('no page but ours signs a browser in', async () => {
  const token = await mailedToken('login-csrf@example.org')
  const forged = await anybody.post('/v1/session', { token }, { origin: 'https://evil.example' })
  expect(forged.body).toMatchObject({ status: 403, code: 'cross-origin-refused' })
  expect((await anybody.post('/v1/session', { token })).status).toBe(201)
})

test('away from this very machine, held mail shows no secret of a link', async () => {
  const port = await freePort()
  const far = await startTestProduct({
    PORT: String(port),
    PUBLIC_URL: 'https://badges.example.org',
    SMTP_URL: '',
  })
  try {
    const { apiKey } = await far.organisation('far-school')
    const api = new ApiCaller(`http://127.0.0.1:${port}`, { authorization: `Bearer ${apiKey}` })
    await setUpFirstAid(api, 'far-academy')
    await api.post('/v1/events', [completed('far', 1), completed('far', 2)])
    await expect
      .poll(async () => (await api.get('/v1/mail')).body.items[0], { timeout: 20_000 })
      .toMatchObject({ state: 'held' })
    const [mail] = (await api.get('/v1/mail')).body.items
    expect(mail.text).toContain('https://badges.example.org/claim#…')
  } finally {
    await far.stop()
  }
})
