import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, earning, type FirstAid, setUpFirstAid } from '#test/product/first-aid.ts'
import { addMember, signedIn } from '#test/product/member.ts'
import { composeAgain, countingCalls } from '#test/product/second-composition.ts'
import {
  OPERATOR,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let api: ApiCaller
let firstAid: FirstAid
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('changing-school')
  api = school.api
  firstAid = await setUpFirstAid(api, 'changing-academy')
})
afterAll(() => product?.stop())

const why = { reason: 'The questions had leaked.', note: 'Board 31.' }
async function issued(...learners: string[]) {
  await api.post('/v1/events', learners.flatMap(earning))
  const ids: string[] = []
  for (const learner of learners) ids.push((await awardOf(api, learner)).id)
  return ids
}
const sqlCount = (query: string): Promise<number> =>
  withClient(product.running.parts.databaseUrl, async (client) => {
    const { rows } = await client.query(`SELECT count(*)::int AS n ${query}`)
    return rows[0].n
  })
const prepare = (body: object, by = api) => by.post('/v1/awards/revocations', { ...why, ...body })
const confirm = (change: { id: string; digest: string }, by = api, digest = change.digest) =>
  by.post(`/v1/award-changes/${change.id}/confirm`, { digest })
const stateOf = async (id: string) => (await api.get(`/v1/awards/${id}`)).body.state
const finished = (id: string) =>
  vi.waitFor(
    async () => {
      const { body } = await api.get(`/v1/award-changes/${id}`)
      expect((await api.get(`/v1/jobs/${body.jobId}`)).body.state).toMatch(/done|cancelled/)
      return body
    },
    { timeout: 20_000, interval: 100 },
  )
async function member(address: string): Promise<ApiCaller> {
  await product.running.parts.database.asWorker(async (stores) =>
    addMember(
      stores,
      school,
      await stores.access.accountOf({ type: 'email', value: address }, crypto.randomUUID() as AccountId),
    ),
  )
  return signedIn(product, address)
}

test('a selection is seen, confirmed with its digest, and revoked by a job', async () => {
  const ids = await issued('ann', 'bob')
  const prepared = await prepare({ awardIds: ids })
  expect([prepared.status, prepared.body.code]).toEqual([201, undefined])
  expect(prepared.body).toMatchObject({ state: 'prepared', count: 2, actions: { revoke: 2, reissue: 0 } })
  expect(await stateOf(ids[0] ?? '')).toBe('issued')
  const claim = await product.inbox.waitFor('ann@example.org', 20_000)
  const ann = await signedIn(product, 'ann@example.org')
  const token = /\/claim#([\w-]+)/.exec(claim.text)?.[1]
  expect((await ann.post(`/v1/claims/${token}/accept`)).status).toBe(200)
  const { items } = (await api.get(`/v1/award-changes/${prepared.body.id}/items?limit=1`)).body
  expect(items).toMatchObject([{ action: 'revoke', outcome: null }])

  const wrong = await confirm(prepared.body, api, `0x${'00'.repeat(32)}`)
  expect([wrong.status, wrong.body.code]).toEqual([409, 'award-change-moved'])
  const confirmed = await confirm(prepared.body)
  expect([confirmed.status, confirmed.body.state]).toEqual([202, 'confirmed'])
  const done = await finished(prepared.body.id)
  expect(done).toMatchObject({ outcome: { done: 2, left: 0, open: 0 } })
  const job = (await api.get(`/v1/jobs/${done.jobId}`)).body
  expect(job).toMatchObject({ kind: 'award_change', progress: { done: 2, total: 2 }, result: { revoke: 2 } })
  for (const id of ids) {
    const { body } = await api.get(`/v1/awards/${id}`)
    expect(body).toMatchObject({ state: 'revoked', reason: why.reason })
    const [edition] = (await api.get(`/v1/awards/${id}/editions`)).body.items
    expect(edition).toMatchObject({ endedBy: 'revoked', endReason: why.reason })
  }
  // One mail of it, and a notification beside it.
  const mails = () =>
    product.inbox.mails.filter(({ to, text }) => to.includes('ann@example.org') && /revoked/.test(text))
  await vi.waitFor(() => expect(mails()).not.toEqual([]), { timeout: 15_000 })
  expect((await ann.get('/v1/notifications')).body.items).toMatchObject([{ kind: 'badge-revoked' }])
  // What is told by mail has been worked off by then.
  await composeAgain(product, {}).steps.mail()
  expect(await sqlCount("FROM notification WHERE kind = 'badge-revoked' AND mail = 'open'")).toBe(0)
  expect(await sqlCount("FROM mail WHERE recipient = 'ann@example.org' AND subject LIKE '%revoked%'")).toBe(1)
  const again = await confirm(prepared.body)
  expect([again.status, again.body.code]).toEqual([409, 'award-change-over'])
})

test('what came or changed since it was seen stops a confirmation, and is left by the job', async () => {
  const [first = '', second = ''] = await issued('cas', 'dan')
  const filter = { achievementId: firstAid.achievementId, ruleId: firstAid.ruleId }
  const byFilter = await prepare({ filter })
  expect(byFilter.body.count).toBe(2)
  const [third = ''] = await issued('eva')
  const moved = await confirm(byFilter.body)
  expect([moved.status, moved.body.code]).toEqual([409, 'award-change-moved'])

  const anew = await prepare({ filter })
  expect(anew.body.count).toBe(3)
  await api.post(`/v1/awards/${first}/suspend`, { reason: 'X' })
  expect((await confirm(anew.body)).body.code).toBe('award-change-moved')

  // Between the confirmation and the job.
  const last = await prepare({ filter })
  const other = composeAgain(product, {})
  const operator = { kind: 'operator' } as const
  const [confirmed] = await Promise.all([
    confirm(last.body),
    other.routes.awards.revoke(operator, school.id, second as never, { reason: 'By hand.' }).catch(() => {}),
  ])
  if (confirmed.status === 202) {
    const { outcome } = await finished(last.body.id)
    expect(outcome.done + outcome.left).toBe(3)
  } else expect(confirmed.body.code).toBe('award-change-moved')
  expect(await stateOf(second)).toBe('revoked')
  expect([third, first].every((id) => id !== '')).toBe(true)
})

test('what cannot be revoked any more leaves nothing out that can, however much of it there is', async () => {
  const [id = ''] = await issued('ina')
  // As many badges that are over as a list may have, with ids before all others.
  await withClient(product.running.parts.databaseUrl, (client) =>
    client.query(
      `INSERT INTO award (organisation_id, id, issuer_id, achievement_id, achievement_version_id, subject_id, origin,
         state, awarded_at, granted_at, ended_at)
       SELECT organisation_id, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, issuer_id, achievement_id,
         achievement_version_id, subject_id, 'direct', 'expired', awarded_at, '2020-01-01', '2021-01-01'
       FROM award, generate_series(1, 10001) AS n WHERE id = $1`,
      [id],
    ),
  )
  const { body } = await prepare({ filter: { achievementId: firstAid.achievementId } })
  expect(body.code).toBeUndefined()
  const { items } = (await api.get(`/v1/award-changes/${body.id}/items?limit=100`)).body
  expect(items).toHaveLength(body.count)
  expect(items.map(({ awardId }: { awardId: string }) => awardId)).toContain(id)
})

test('nobody, too much, and what is not there are refused by code', async () => {
  const none = await prepare({ filter: { grantedBefore: '2000-01-01T00:00:00Z' } })
  expect([none.status, none.body.code]).toEqual([422, 'award-selection'])
  const missing = await prepare({ awardIds: ['00000000-0000-4000-8000-000000000000'] })
  expect([missing.status, missing.body.code]).toEqual([404, 'not-found'])
  const both = await prepare({ awardIds: ['00000000-0000-4000-8000-000000000000'], filter: {} })
  expect(both.status).toBe(400)
  const [id = ''] = await issued('fay')
  const { body } = await prepare({ awardIds: [id] })
  expect((await api.post(`/v1/award-changes/${body.id}/withdraw`)).body.state).toBe('withdrawn')
  const over = await confirm(body)
  expect([over.status, over.body.code]).toEqual([409, 'award-change-over'])
  expect(await stateOf(id)).toBe('issued')
})

test('of fifty confirmations in two processes one starts the job', async () => {
  const [id = ''] = await issued('gus')
  const { body } = await prepare({ awardIds: [id] })
  const other = composeAgain(product, {})
  const digest = Uint8Array.from(Buffer.from(body.digest.slice(2), 'hex'))
  const statuses = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      n % 2 === 0
        ? confirm(body).then(({ status }) => status)
        : other.routes.changeAwards.confirm({ kind: 'operator' }, school.id, body.id, digest).then(
            () => 202,
            (error: { status: number }) => error.status,
          ),
    ),
  )
  expect(statuses.filter((status) => status === 202)).toHaveLength(1)
  expect(statuses.filter((status) => status === 409)).toHaveLength(49)
  expect(await finished(body.id)).toMatchObject({ outcome: { done: 1 } })
})

test('where the organisation wants two, the one who prepared it does not confirm it', async () => {
  const settings = await api.get('/v1/organisations/settings')
  const changed = await api.send(
    'PATCH',
    '/v1/organisations/settings',
    JSON.stringify({ secondPerson: { bulkRevoke: true } }),
    { 'content-type': 'application/json', 'if-match': settings.headers.get('etag') ?? '' },
  )
  expect(changed.body.secondPerson).toMatchObject({ bulkRevoke: true })
  const [id = ''] = await issued('hal')
  const first = await member('first@changing.example.org')
  const second = await member('second@changing.example.org')
  const { body } = await prepare({ awardIds: [id] }, first)
  expect(body.needsSecondPerson).toBe(true)
  const told = async (by: ApiCaller) => (await by.get('/v1/notifications')).body.items
  expect((await told(second))[0]).toMatchObject({ kind: 'award-change-prepared' })
  expect(await told(first)).toEqual([])
  for (const by of [first, api]) {
    const refused = await confirm(body, by)
    expect([refused.status, refused.body.code]).toEqual([403, 'second-person-needed'])
  }
  const { items } = (await second.get('/v1/award-changes?state=prepared')).body
  expect(items[0].id).toBe(body.id)
  expect((await confirm(body, second)).status).toBe(202)
  expect(await finished(body.id)).toMatchObject({ outcome: { done: 1 } })
})

test('a longer list of awards, or of changes, is read with no more questions', async () => {
  const ids = await issued('una', 'vic', 'wim')
  for (const id of ids) expect((await prepare({ awardIds: [id] })).status).toBe(201)
  const reads = async (list: 'awards' | 'awardChanges', limit: number) => {
    const { database, calls } = countingCalls(product.running.parts.database)
    const { routes } = composeAgain(product, { database })
    const { items } = await { awards: routes.awards, awardChanges: routes.changeAwards }[list].list(
      OPERATOR,
      school.id,
      { limit },
      {},
    )
    expect(items).toHaveLength(limit)
    return calls()
  }
  for (const list of ['awards', 'awardChanges'] as const) {
    const few = await reads(list, 1)
    expect(few).toBeGreaterThan(0)
    expect([list, await reads(list, 3)]).toEqual([list, few])
  }
  // Their batch goes on to its block meanwhile, so the two are read until nothing moves between them.
  await vi.waitFor(
    async () => {
      const { items } = (await api.get('/v1/awards?limit=3')).body
      for (const item of items) expect(item).toEqual((await api.get(`/v1/awards/${item.id}`)).body)
    },
    { timeout: 20_000, interval: 200 },
  )
})
