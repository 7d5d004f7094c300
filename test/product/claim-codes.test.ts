import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { ApiCaller } from './api-caller.ts'
import { tokenIn } from './endorser.ts'
import { awardOf, earning, setUpFirstAid } from './first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('code-school')
})
afterAll(() => product?.stop())

async function signedIn(address: string): Promise<ApiCaller> {
  const link = await product.running.product.routes.signIn.link({ type: 'email', value: address })
  const answer = await new ApiCaller(product.url).post('/v1/session', { token: tokenIn(link) })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return new ApiCaller(product.url, { cookie, origin: product.url })
}

let counter = 0
async function newCode(
  over: object = {},
  by = school.api,
): Promise<{ slug: string; secret: string; url: string }> {
  const slug = `code-${++counter}`
  const { status, body } = await by.post('/v1/codes', { slug, name: { en: `Code ${slug}` }, ...over })
  expect([status, body.claimCode?.slug ?? body]).toEqual([201, slug])
  return { slug, secret: body.secret, url: body.url }
}
const redeem = (by: ApiCaller, code: string, over: object = {}) =>
  by.post('/v1/codes/redeem', { code, ...over })
const usesOf = async (slug: string) => (await school.api.get(`/v1/codes/${slug}`)).body.uses
const factsOf = async (email: string) => {
  const { id } = (await school.api.get(`/v1/subjects?identifier=email:${email}`)).body
  return (await school.api.get(`/v1/subjects/${id}/facts?limit=100`)).body.items
}
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

describe('a claim code', () => {
  test('is shown once and kept as a hash', async () => {
    const key = { 'idempotency-key': crypto.randomUUID() }
    const wanted = { slug: 'shown-once', name: { en: 'Once' } }
    const first = await school.api.post('/v1/codes', wanted, key)
    expect(first.body.secret).toMatch(/^(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}$/)
    expect(first.body.url).toBe(`${product.url}/redeem#${first.body.secret}`)
    const replayed = await school.api.post('/v1/codes', wanted, key)
    expect([replayed.body.secret, replayed.body.url]).toEqual([null, null])
    const text = first.body.secret
    await withClient(product.running.parts.databaseUrl, async (client) => {
      const { rows } = await client.query('SELECT * FROM claim_code')
      const { rows: kept } = await client.query(
        "SELECT convert_from(body, 'UTF8') AS body FROM idempotency_key",
      )
      for (const form of [text, text.replaceAll('-', '')])
        expect(JSON.stringify([rows, kept]).includes(form)).toBe(false)
    })
    expect(JSON.stringify((await school.api.get('/v1/codes')).body)).not.toContain(text)
    const again = await school.api.post('/v1/codes', wanted)
    expect([again.status, again.body.code]).toEqual([409, 'already-exists'])
  })

  test('is drawn as a QR code for whoever has its text', async () => {
    const { slug, secret } = await newCode()
    const other = await newCode()
    const png = await school.api.post(`/v1/codes/${slug}/qr`, { code: secret })
    expect([png.status, png.type, [...png.bytes.slice(1, 4)]]).toEqual([200, 'image/png', [0x50, 0x4e, 0x47]])
    const svg = await school.api.post(`/v1/codes/${slug}/qr`, { code: secret, format: 'svg' })
    expect(svg.type).toBe('image/svg+xml')
    expect(new TextDecoder().decode(svg.bytes)).toMatch(/^<svg[\s\S]*<\/svg>\s*$/)
    const wrong = await school.api.post(`/v1/codes/${slug}/qr`, { code: other.secret })
    expect([wrong.status, wrong.body.code]).toEqual([404, 'code-unknown'])
  })

  test('ends after it began', async () => {
    const { body } = await school.api.post('/v1/codes', {
      slug: 'backwards',
      name: { en: 'X' },
      validFrom: inHours(2),
      validUntil: inHours(1),
    })
    expect([body.code, body.errors[0].pointer]).toEqual(['invalid-request', '/validUntil'])
  })
})

describe('redeeming by who signed in', () => {
  test('counts once for each person, however it is typed, and makes them known', async () => {
    const { slug, secret } = await newCode()
    const ann = await signedIn('ann@example.org')
    const first = await redeem(ann, secret)
    expect([first.status, first.body]).toMatchObject([200, { outcome: 'redeemed', slug }])
    const again = await redeem(ann, secret.toLowerCase().replaceAll('-', ' '))
    expect(again.body).toEqual({ ...first.body, outcome: 'already' })
    expect(await usesOf(slug)).toBe(1)
    expect(await factsOf('ann@example.org')).toMatchObject([
      { type: 'waarmerk.code', activity: slug, data: {}, time: first.body.redeemedAt },
    ])
    // Another one of the same person: they are the same person.
    const other = await newCode()
    await redeem(ann, other.secret)
    expect(await factsOf('ann@example.org')).toHaveLength(2)
  })

  test('an earner who claimed a badge may, and is whom it was given to; what a claim link opened may not', async () => {
    const academy = await product.organisation('code-academy-school')
    await setUpFirstAid(academy.api, 'code-academy')
    await academy.api.post('/v1/events', earning('bea'))
    const award = await awardOf(academy.api, 'bea')
    const mail = await product.inbox.waitFor('bea@example.org', 20_000)
    const token = /\/claim#([\w-]+)/.exec(mail.text)?.[1]
    const accepted = await new ApiCaller(product.url).post(`/v1/claims/${token}/accept`)
    const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const { secret } = await newCode({}, academy.api)
    const byLink = new ApiCaller(product.url, { cookie, origin: product.url })
    expect((await redeem(byLink, secret)).body.code).toBe('full-session-required')
    const earner = await signedIn('bea@example.org')
    expect((await redeem(earner, secret)).body.outcome).toBe('redeemed')
    const { items } = (await academy.api.get(`/v1/subjects/${award.subjectId}/facts`)).body
    expect(items).toMatchObject([{ type: 'waarmerk.code' }])
    // The organisation sees a person of its own, and not the account.
    const { accountId } = (await earner.get('/v1/session')).body
    expect(JSON.stringify((await academy.api.get('/v1/audit?limit=100')).body)).not.toContain(accountId)
  })

  test('wrong, early, late, ended and used-up codes are each refused by their own code', async () => {
    const cas = await signedIn('cas@example.org')
    const dee = await signedIn('dee@example.org')
    const early = await newCode({ validFrom: inHours(1) })
    const late = await newCode({ validFrom: inHours(-2), validUntil: inHours(-1) })
    const ended = await newCode()
    const usedUp = await newCode({ maxUses: 1 })
    expect((await redeem(cas, ended.secret)).status).toBe(200)
    await school.api.post(`/v1/codes/${ended.slug}/end`)
    expect((await school.api.post(`/v1/codes/${ended.slug}/end`)).body.endedAt).not.toBeNull()
    expect((await redeem(cas, usedUp.secret)).status).toBe(200)
    for (const [code, status, refusal] of [
      ['AAAA-AAAA-AAAA-AAAA-AAAA', 404, 'code-unknown'],
      ['nonsense', 404, 'code-unknown'],
      [early.secret, 409, 'code-not-yet'],
      [late.secret, 410, 'code-expired'],
      [ended.secret, 410, 'code-expired'],
      [usedUp.secret, 409, 'code-used-up'],
    ] as const) {
      const answer = await redeem(dee, code)
      expect([code, answer.status, answer.body.code]).toEqual([code, status, refusal])
    }
    // Who had redeemed it in time is told so, also afterwards.
    expect((await redeem(cas, ended.secret)).body.outcome).toBe('already')
    expect((await redeem(cas, usedUp.secret)).body.outcome).toBe('already')
  })

  test('nobody but who signed in, and no page of others, gets so far', async () => {
    const { secret } = await newCode()
    expect((await redeem(new ApiCaller(product.url), secret)).status).toBe(401)
    const eve = await signedIn('eve@example.org')
    const forged = await eve.post('/v1/codes/redeem', { code: secret }, { origin: 'https://evil.example' })
    expect(forged.body.code).toBe('cross-origin-refused')
  })
})

describe('redeeming by an organisation', () => {
  test('on behalf of a person, with the right to award and no other', async () => {
    const { slug, secret } = await newCode()
    const subject = 'mailto:fay@example.org'
    expect((await redeem(school.api, secret, { subject })).body).toMatchObject({ outcome: 'redeemed', slug })
    expect((await redeem(school.api, secret, { subject })).body.outcome).toBe('already')
    const missing = await redeem(school.api, secret)
    expect([missing.body.code, missing.body.errors[0].pointer]).toEqual(['invalid-request', '/subject'])
    const key = await school.api.post('/v1/api-keys', { name: 'x', rights: ['read', 'update', 'create'] })
    const weak = new ApiCaller(product.url, { authorization: `Bearer ${key.body.secret}` })
    expect((await redeem(weak, secret, { subject })).body.code).toBe('forbidden')
  })

  test('the code of another organisation is one that nobody has', async () => {
    const other = await product.organisation('code-other-school')
    const { secret } = await newCode({}, other.api)
    const { status, body } = await redeem(school.api, secret, { subject: 'mailto:gus@example.org' })
    expect([status, body.code]).toEqual([404, 'code-unknown'])
    const person = await signedIn('gus@example.org')
    const elsewhere = await person.post(`/v1/codes/redeem?organisation=${school.id}`, { code: secret })
    expect(elsewhere.body.code).toBe('code-unknown')
  })
})

describe('the most uses', () => {
  test('are never exceeded, however many redeem at once', async () => {
    const { slug, secret } = await newCode({ maxUses: 7 })
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        redeem(school.api, secret, { subject: `mailto:many-${n}@example.org` }),
      ),
    )
    const told = Object.groupBy(answers, ({ status, body }) => (status === 200 ? body.outcome : body.code))
    expect(Object.fromEntries(Object.entries(told).map(([name, all]) => [name, all?.length]))).toEqual({
      redeemed: 7,
      'code-used-up': 43,
    })
    expect(await usesOf(slug)).toBe(7)
    const { rows } = await withClient(product.running.parts.databaseUrl, (client) =>
      client.query(
        "SELECT count(*)::int AS n FROM event WHERE type = 'waarmerk.code' AND normal->>'activity' = $1",
        [slug],
      ),
    )
    expect(rows[0].n).toBe(7)
  })

  test('nor by one person who presses many times at once', async () => {
    const { slug, secret } = await newCode({ maxUses: 7 })
    const ida = await signedIn('ida@example.org')
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(ida, secret)))
    expect(answers.filter(({ body }) => body.outcome === 'redeemed')).toHaveLength(1)
    expect(answers.filter(({ body }) => body.outcome === 'already')).toHaveLength(19)
    expect(await usesOf(slug)).toBe(1)
    expect(await factsOf('ida@example.org')).toHaveLength(1)
  })

  test('taking a redemption back gives the use back', async () => {
    const { slug, secret } = await newCode({ maxUses: 1 })
    await redeem(school.api, secret, { subject: 'mailto:jan@example.org' })
    const next = () => redeem(school.api, secret, { subject: 'mailto:joy@example.org' })
    expect((await next()).body.code).toBe('code-used-up')
    const [fact] = await factsOf('jan@example.org')
    await school.api.send('DELETE', `/v1/facts/${fact.id}`, undefined)
    expect(await usesOf(slug)).toBe(0)
    expect((await next()).body.outcome).toBe('redeemed')
  })
})

test('who guesses is stopped before the next guess is looked at, and a good code does not help then', async () => {
  const { secret } = await newCode()
  const kim = await signedIn('kim@example.org')
  let refused = 0
  for (let guess = 0; guess < 25; guess++) {
    const { status, body, headers } = await redeem(kim, `AAAA-AAAA-AAAA-AAAA-${String(1000 + guess)}`)
    if (status === 429) {
      refused += 1
      expect([body.code, Number(headers.get('retry-after')) > 0]).toEqual(['rate-limited', true])
    } else expect([status, body.code]).toEqual([404, 'code-unknown'])
  }
  expect(refused).toBe(5)
  expect((await redeem(kim, secret)).body.code).toBe('rate-limited')
  // Others at the same address go on, and so does kim with everything else.
  expect((await redeem(await signedIn('lou@example.org'), secret)).status).toBe(200)
  expect((await kim.get('/v1/backpack')).status).toBe(200)
})
