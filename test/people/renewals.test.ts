import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { AwardId } from '#engine/shared/ids.ts'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, basicsRule, completed, earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { composeAgain, setClock } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let api: ApiCaller
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('renewing-school')
  api = school.api
  await setUpFirstAid(api, 'renewing-academy')
})
afterAll(() => product?.stop())

const sql = (text: string, values: unknown[] = []) =>
  withClient(product.running.parts.databaseUrl, async (client) => (await client.query(text, values)).rows)
async function issued(learner: string) {
  await api.post('/v1/events', earning(learner))
  return awardOf(api, learner)
}
const read = async (id: string) => (await api.get(`/v1/awards/${id}`)).body
const renew = (id: string, body: object = {}) =>
  api.post(`/v1/awards/${id}/renew`, { reason: 'Refreshed.', ...body })
const reached = (id: string, state: string) =>
  vi.waitFor(async () => expect(await read(id)).toMatchObject({ state }), { timeout: 20_000, interval: 50 })
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()
const endIn = async (id: string, days: number) => {
  const { revision } = await read(id)
  const body = { changes: { validUntil: inDays(days) }, reason: 'An end.' }
  const { status } = await api.post(`/v1/awards/${id}/correct`, body, { 'if-match': `"v${revision}"` })
  expect(status).toBe(200)
  await vi.waitFor(async () => expect((await read(id)).nextEdition).toBeNull(), { timeout: 20_000 })
}
const reminders = async (learner: string) =>
  (
    await sql("SELECT subject FROM mail WHERE recipient = $1 AND subject LIKE '%over soon%'", [
      `${learner}@example.org`,
    ])
  ).length

test('a renewal is a new award, and takes the place of the earlier one once it is issued', async () => {
  const award = await issued('ann')
  const renewed = await renew(award.id, { validUntil: '2099-01-01T00:00:00Z' })
  expect([renewed.status, renewed.body.code]).toEqual([201, undefined])
  expect(renewed.body).toMatchObject({
    renews: award.id,
    origin: 'direct',
    validUntil: '2099-01-01T00:00:00Z',
  })
  await reached(renewed.body.id, 'issued')
  expect(await read(award.id)).toMatchObject({ state: 'superseded', renewedBy: renewed.body.id })
  // The earlier badge is as true as it was: no bit is set.
  const [edition] = (await api.get(`/v1/awards/${award.id}/editions`)).body.items
  expect(edition.endedBy).toBeNull()
  const again = await renew(award.id)
  expect([again.status, again.body.code]).toEqual([409, 'award-renewed'])
  // The renewal can be renewed in its turn, and one that came to nothing leaves its place.
  const next = await renew(renewed.body.id)
  expect(next.status).toBe(201)
  await reached(next.body.id, 'issued')
  await api.post(`/v1/awards/${next.body.id}/revoke`, { reason: 'X' })
  expect((await renew(renewed.body.id)).body.code).toBe('award-state')
})

test('what is revoked or suspended is not renewed, and an end in the past is none', async () => {
  const award = await issued('bob')
  const past = await renew(award.id, { validUntil: '2020-01-01T00:00:00Z' })
  expect([past.status, past.body.code]).toEqual([422, 'correction-unfit'])
  await api.post(`/v1/awards/${award.id}/suspend`, { reason: 'X' })
  expect((await renew(award.id)).body.code).toBe('award-state')
  await api.post(`/v1/awards/${award.id}/revoke`, { reason: 'X' })
  const refused = await renew(award.id)
  expect([refused.status, refused.body.code]).toEqual([409, 'award-state'])
  expect(refused.body.detail).toContain('What is possible: reinstate.')
})

const revoke = async (id: string) =>
  expect((await api.post(`/v1/awards/${id}/revoke`, { reason: 'X' })).status).toBe(200)
const reinstate = async (id: string) => {
  const { status, body } = await api.post(`/v1/awards/${id}/reinstate`, { reason: 'It was right.' })
  return [status, body.code, body.parameters?.by]
}
const renewed = async (id: string): Promise<string> => {
  const { body } = await renew(id)
  await reached(body.id, 'issued')
  return body.id
}

test('nobody gets back what a renewal has taken the place of', async () => {
  const first = (await issued('hal')).id
  const second = await renewed(first)
  await revoke(first)
  expect(await reinstate(first)).toEqual([409, 'award-replaced', second])
  // However far down the line one stands.
  const third = await renewed(second)
  await revoke(second)
  expect(await reinstate(first)).toEqual([409, 'award-replaced', third])
  expect(await reinstate(second)).toEqual([409, 'award-replaced', third])
  // Where nothing stands, one of them comes back, and then no other.
  await revoke(third)
  expect((await reinstate(first))[0]).toBe(200)
  expect(await reinstate(third)).toEqual([409, 'award-replaced', first])
  await reached(first, 'issued')
  expect(await reinstate(second)).toEqual([409, 'award-replaced', first])
})

test('a renewal comes back only where nothing else renews the same badge', async () => {
  const first = (await issued('ivo')).id
  await endIn(first, 1)
  await sql('UPDATE award SET valid_until = now() WHERE id = $1', [first])
  await reached(first, 'expired')
  const second = await renewed(first)
  await revoke(second)
  const third = await renewed(first)
  expect(await reinstate(second)).toEqual([409, 'award-replaced', third])
  await revoke(third)
  // Also while the edition by which it comes back waits to be signed.
  expect((await reinstate(second))[0]).toBe(200)
  expect((await renew(first)).body.code).toBe('award-renewed')
  await reached(second, 'issued')
})

test('of whoever reinstates and renews in two processes at once, one comes through', async () => {
  const first = (await issued('jet')).id
  await endIn(first, 1)
  await sql('UPDATE award SET valid_until = now() WHERE id = $1', [first])
  await reached(first, 'expired')
  const second = await renewed(first)
  await revoke(second)
  const { routes } = composeAgain(product, {})
  const operator = { kind: 'operator' } as const
  const [id, other] = [second as AwardId, first as AwardId]
  const done = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      n % 2 === 0
        ? routes.afterIssuing.reinstate(operator, school.id, id, { reason: 'Back.' })
        : product.running.product.routes.renewAward(operator, school.id, other, { reason: 'Anew.' }),
    ),
  )
  expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  await vi.waitFor(
    async () =>
      expect(await sql("SELECT FROM award WHERE renews = $1 AND state = 'issued'", [first])).toHaveLength(1),
    { timeout: 20_000 },
  )
  expect(await sql('SELECT FROM credential_edition WHERE last_error IS NOT NULL')).toEqual([])
})

test('of fifty renewals in two processes there is one', async () => {
  const award = await issued('cas')
  const other = composeAgain(product, {})
  const statuses = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      n % 2 === 0
        ? renew(award.id).then(({ status }) => status)
        : other.routes.renewAward({ kind: 'operator' }, school.id, award.id, { reason: 'At once.' }).then(
            () => 201,
            (error: { status: number }) => error.status,
          ),
    ),
  )
  expect(statuses.filter((status) => status === 201)).toHaveLength(1)
  expect(statuses.filter((status) => status === 409)).toHaveLength(49)
  await reached(award.id, 'superseded')
})

test('an earner is reminded thirty and seven days before the end, each once, and not of what is renewed', async () => {
  const [dan, eva, fay] = [await issued('dan'), await issued('eva'), await issued('fay')]
  for (const { id } of [dan, eva, fay]) await endIn(id, 40)
  await api.post(`/v1/awards/${fay.id}/suspend`, { reason: 'X' })
  const clock = setClock()
  const [one, two] = [composeAgain(product, { clock }), composeAgain(product, { clock })]
  const look = () => Promise.all([one.steps.expire(), two.steps.expire(), one.steps.expire()])
  const counts = async () => [await reminders('dan'), await reminders('eva'), await reminders('fay')]

  await look()
  expect(await counts()).toEqual([0, 0, 0])
  clock.advance(11 * DAY_MS)
  await look()
  await look()
  expect(await counts()).toEqual([1, 1, 0])
  await renew(eva.id)
  await reached(eva.id, 'superseded')
  clock.advance(23 * DAY_MS)
  await look()
  await look()
  expect(await counts()).toEqual([2, 1, 0])
  const [mail] = await sql(
    "SELECT text FROM mail WHERE recipient = 'dan@example.org' AND subject LIKE '%over soon%'",
  )
  expect(mail.text).toContain(inDays(40).slice(0, 10))

  // A later end is a matter of its own.
  await endIn(dan.id, 80)
  await look()
  expect(await counts()).toEqual([2, 1, 0])
  clock.advance(20 * DAY_MS)
  await look()
  expect(await counts()).toEqual([3, 1, 0])
})

test('an organisation says when its earners are reminded', async () => {
  const settings = await api.get('/v1/organisations/settings')
  expect(settings.body.expiryReminderDays).toEqual([30, 7])
  const change = (expiryReminderDays: number[], etag: string) =>
    api.send('PATCH', '/v1/organisations/settings', JSON.stringify({ expiryReminderDays }), {
      'content-type': 'application/json',
      'if-match': etag,
    })
  const etag = settings.headers.get('etag') ?? ''
  expect((await change([0], etag)).status).toBe(400)
  expect((await change([3], etag)).body.expiryReminderDays).toEqual([3])
  const { id } = await issued('gus')
  await endIn(id, 10)
  const clock = setClock()
  const other = composeAgain(product, { clock })
  clock.advance(6 * DAY_MS)
  await other.steps.expire()
  expect(await reminders('gus')).toBe(0)
  clock.advance(2 * DAY_MS)
  await other.steps.expire()
  expect(await reminders('gus')).toBe(1)
})

test('a rule that is met again after a renewal by hand takes its place, and of all of them one stands', async () => {
  const { issuerId } = (await api.get('/v1/achievements')).body.items[0]
  const text = { en: 'Text.' }
  const definition = { name: text, description: text, criteria: text, validFor: 'P2Y' }
  const made = await api.post('/v1/achievements', { issuerId, slug: 'lasting', definition })
  await api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  const document = { ...basicsRule('lasting'), renewal: { before: 'P600D' } }
  const rule = await api.post('/v1/rules', { name: 'Lasting', document })
  await api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
  const earn = async (modules: readonly number[], time: string) => {
    const events = modules.map((module) => completed('lena', module, { time }))
    expect((await api.post('/v1/events', events)).status).toBe(202)
  }
  const given = async (count: number) =>
    vi.waitFor(
      async () => {
        // Others of this file meet the rule too.
        const [lena] = await sql(
          "SELECT subject_id AS id FROM subject_identifier WHERE value = 'lena@example.org'",
        )
        const of = `achievementId=${made.body.id}&subjectId=${lena?.['id']}`
        const { items } = (await api.get(`/v1/awards?${of}`)).body
        expect(items).toHaveLength(count)
        for (const { state } of items) expect(state).not.toBe('due')
        return items as { id: string; state: string; occurrence: string | null; renews: string | null }[]
      },
      { timeout: 40_000, interval: 100 },
    )
  // A year ago, so that it is not over yet and may be earned again.
  await earn([1, 2], new Date(Date.now() - 365 * DAY_MS).toISOString())
  const [first] = await given(1)
  const byHand = await renew(first?.id ?? '')
  expect([byHand.status, byHand.body.code]).toEqual([201, undefined])
  await reached(byHand.body.id, 'issued')
  expect((await read(first?.id ?? '')).state).toBe('superseded')

  await earn([1, 3], new Date().toISOString())
  const awards = await given(3)
  const byRule = awards.find(({ occurrence }) => occurrence === 'renewal:1')
  expect(byRule?.state).toBe('issued')
  await reached(byHand.body.id, 'superseded')
  const again = await read(byHand.body.id)
  // Both earlier badges are as true as they were.
  for (const { id } of awards) {
    const [edition] = (await api.get(`/v1/awards/${id}/editions`)).body.items
    expect(edition.endedBy).toBeNull()
  }
  expect(again.renews).toBe(first?.id)
  const trail = await sql(
    "SELECT count(*)::int AS n FROM audit WHERE action = 'award.superseded' AND target_id = $1",
    [byHand.body.id],
  )
  expect(trail).toEqual([{ n: 1 }])
}, 120_000)
