import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import type { AwardId, EventId } from '#engine/shared/ids.ts'
import { createBlastRadius } from '#services/awards/blast-radius.ts'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, basicsRule, completed, type FirstAid, setUpFirstAid } from '#test/product/first-aid.ts'
import { addMember, signedIn } from '#test/product/member.ts'
import { setClock } from '#test/product/second-composition.ts'
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
/** Ann has two modules, one of them from another source; Bob has three; Cas only of the usual source. */
let ids: Record<'ann' | 'bob' | 'cas', string>
let annsEvent: string
const OTHER = 'https://lms.example.org/other'
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('radius-school')
  api = school.api
  firstAid = await setUpFirstAid(api, 'radius-academy')
  const { body } = await api.post('/v1/events', [
    completed('ann', 1, { source: OTHER }),
    completed('ann', 2),
    completed('bob', 1, { source: OTHER }),
    completed('bob', 2),
    completed('bob', 3),
    completed('cas', 1),
    completed('cas', 2),
  ])
  annsEvent = body.items[0].id
  ids = {
    ann: (await awardOf(api, 'ann')).id,
    bob: (await awardOf(api, 'bob')).id,
    cas: (await awardOf(api, 'cas')).id,
  }
})
afterAll(() => product?.stop())

const look = (cause: object, query = '') => api.post(`/v1/blast-radius${query}`, cause)
const verdicts = (items: { awardId: string; verdict: string }[]) =>
  Object.fromEntries(
    items.map(({ awardId, verdict }) => [
      Object.entries(ids).find(([, id]) => id === awardId)?.[0] ?? awardId,
      verdict,
    ]),
  )
const otherSource = async () =>
  (await api.get('/v1/sources')).body.items.find(({ uri }: { uri: string }) => uri === OTHER).id

test('what rests on an event names it, and falls without it', async () => {
  const { status, body } = await look({ kind: 'event', id: annsEvent })
  expect([status, body.code]).toEqual([200, undefined])
  expect(body).toMatchObject({
    total: 1,
    byState: { issued: 1 },
    items: [{ awardId: ids.ann, events: [annsEvent], verdict: 'falls' }],
    next: null,
  })
})

test('what rests on a source stands where others tell enough', async () => {
  const id = await otherSource()
  const { body } = await look({ kind: 'source', id })
  const found = verdicts(body.items)
  expect(found).toMatchObject({ ann: 'falls' })
  // Whether the first or the last module of Bob made the award, two others are enough.
  if ('bob' in found) expect(found['bob']).toBe('stands')
  expect(found).not.toHaveProperty('cas')
  const pages = await look({ kind: 'source', id }, '?limit=1')
  expect(pages.body.items).toHaveLength(1)
  expect(pages.body.total).toBe(body.items.length)
})

test('a rule version, a key and an assessor have their awards, and nobody says whether these stand without', async () => {
  const award = (await api.get(`/v1/awards/${ids.cas}`)).body
  const ruleVersion = (await api.get(`/v1/decisions/${award.decisionId}`)).body.ruleVersionId
  const byRule = (await look({ kind: 'rule_version', id: ruleVersion })).body
  expect(verdicts(byRule.items)).toEqual({ ann: 'unknown', bob: 'unknown', cas: 'unknown' })
  const [edition] = (await api.get(`/v1/awards/${ids.cas}/editions`)).body.items
  expect((await look({ kind: 'key', id: edition.keyId })).body.total).toBe(3)

  // Somebody approves an award of a rule that asks for it.
  const made = await api.post('/v1/rules', {
    name: 'Approved',
    document: {
      ...basicsRule(),
      gate: { approval: { right: 'award', quorum: 1 } },
    },
  })
  expect([made.status, made.body.code]).toEqual([201, undefined])
  await api.post(`/v1/rules/${made.body.id}/versions/1/activate`)
  const waiting = await vi.waitFor(
    async () => {
      const { items } = (await api.get('/v1/awards?state=awaiting_approval')).body
      expect(items.length).toBeGreaterThan(0)
      return items[0]
    },
    { timeout: 20_000, interval: 100 },
  )
  const approved = (await api.post(`/v1/awards/${waiting.id}/approve`)).body
  const { by } = approved.approval.said[0]
  const radius = (await look({ kind: 'assessor', id: by })).body
  expect(radius.items.map(({ awardId }: { awardId: string }) => awardId)).toEqual([waiting.id])
})

test('what is not there is not found, whatever it is called', async () => {
  const id = '00000000-0000-4000-8000-000000000000'
  for (const cause of [
    ...['event', 'source', 'rule_version', 'key'].map((kind) => ({ kind, id })),
    { kind: 'assessor', id: `account:${id}` },
  ]) {
    const { status, body } = await look(cause)
    expect([cause.kind, status, body.code]).toEqual([cause.kind, 404, 'not-found'])
  }
  expect((await look({ kind: 'assessor', id: 'somebody' })).status).toBe(400)
})

test('a second person is told of a repair that revokes, and not of one that only signs anew', async () => {
  const settings = await api.get('/v1/organisations/settings')
  await api.send(
    'PATCH',
    '/v1/organisations/settings',
    JSON.stringify({ secondPerson: { bulkRevoke: true } }),
    { 'content-type': 'application/json', 'if-match': settings.headers.get('etag') ?? '' },
  )
  const second = await signedIn(product, 'second@radius.example.org')
  const { accountId } = (await second.get('/v1/session')).body
  await product.running.parts.database.asWorker((stores) => addMember(stores, school, accountId))
  const prepared = async (action: string) => {
    const awards = [{ awardId: ids.ann, action }]
    const about = { kind: 'event', id: annsEvent }
    const { body } = await api.post('/v1/blast-radius/repairs', { about, awards, reason: 'A fault.' })
    expect(await api.post(`/v1/award-changes/${body.id}/withdraw`)).toMatchObject({ status: 200 })
    return body.id
  }
  const told = async () =>
    (await second.get('/v1/notifications')).body.items.filter(
      ({ kind }: { kind: string }) => kind === 'award-change-prepared',
    )
  await prepared('reissue')
  expect(await told()).toEqual([])
  await prepared('revoke')
  expect(await told()).toHaveLength(1)
  const now = await api.get('/v1/organisations/settings')
  await api.send(
    'PATCH',
    '/v1/organisations/settings',
    JSON.stringify({ secondPerson: { bulkRevoke: false } }),
    { 'content-type': 'application/json', 'if-match': now.headers.get('etag') ?? '' },
  )
})

test('more than one call may fold is refused before anything is read, and named awards need no folding', async () => {
  const { database } = product.running.parts
  const { changeAwards } = product.running.product.routes
  const hashes = { sha256, keccak256 }
  const small = createBlastRadius({ database, clock: setClock(), hashes, changeAwards, mostFolded: 1 })
  const cause = { kind: 'event', id: annsEvent as EventId } as const
  const perVerdict = { stands: 'leave', falls: 'revoke', unknown: 'leave' } as const
  const wanted = { cause, perVerdict, perAward: new Map(), reason: 'A fault.' }
  const refused = small.prepareRepair(OPERATOR, school.id, wanted)
  await expect(refused).rejects.toMatchObject({ code: 'repair-too-large' })
  const { items } = (await look(cause)).body
  const perAward = new Map<AwardId, 'revoke' | 'leave'>(
    items.map(({ awardId }: { awardId: AwardId }) => [awardId, awardId === ids.ann ? 'revoke' : 'leave']),
  )
  const named = { ...wanted, perAward }
  const { change, counts } = await small.prepareRepair(OPERATOR, school.id, named)
  expect(counts.actions).toEqual({ revoke: 1, reissue: 0 })
  await changeAwards.withdraw(OPERATOR, school.id, change.id)
})

test('a repair does by verdict and by award what somebody chose, once it is confirmed', async () => {
  const ruleVersion = (
    await api.get(`/v1/decisions/${(await api.get(`/v1/awards/${ids.cas}`)).body.decisionId}`)
  ).body.ruleVersionId
  const repair = (body: object) =>
    api.post('/v1/blast-radius/repairs', { reason: 'The exam was not real.', ...body })
  const nothing = await repair({ about: { kind: 'rule_version', id: ruleVersion } })
  expect([nothing.status, nothing.body.code]).toEqual([422, 'award-selection'])
  const stranger = await repair({
    about: { kind: 'event', id: annsEvent },
    awards: [{ awardId: ids.cas, action: 'revoke' }],
  })
  expect([stranger.status, stranger.body.code]).toEqual([404, 'not-found'])

  const prepared = await repair({
    about: { kind: 'rule_version', id: ruleVersion },
    perVerdict: { unknown: 'reissue' },
    awards: [
      { awardId: ids.ann, action: 'revoke' },
      { awardId: ids.bob, action: 'leave' },
    ],
  })
  expect([prepared.status, prepared.body.code]).toEqual([201, undefined])
  expect(prepared.body).toMatchObject({ kind: 'repair', count: 2, actions: { revoke: 1, reissue: 1 } })
  const { id, digest } = prepared.body
  expect((await api.post(`/v1/award-changes/${id}/confirm`, { digest })).status).toBe(202)
  await vi.waitFor(
    async () => {
      expect((await api.get(`/v1/award-changes/${id}`)).body.outcome).toEqual({ done: 2, left: 0, open: 0 })
      expect((await api.get(`/v1/awards/${ids.cas}`)).body).toMatchObject({ edition: 2, nextEdition: null })
    },
    { timeout: 20_000, interval: 100 },
  )
  expect((await api.get(`/v1/awards/${ids.ann}`)).body.state).toBe('revoked')
  expect((await api.get(`/v1/awards/${ids.bob}`)).body).toMatchObject({ state: 'issued', edition: 1 })
  expect(firstAid.ruleId).not.toBe('')
})
