import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiCaller } from './api-caller.ts'
import { startTestProduct, type TestProduct } from './test-product.ts'

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
