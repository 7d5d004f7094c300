import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiAnswer, ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { addMember, signedIn } from '#test/product/member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let api: ApiCaller
let issuerId: string
let achievementId: string
beforeAll(async () => {
  product = await startTestProduct({ FETCH_LOCALHOST: 'true' })
  school = await product.organisation('stale-school')
  api = school.api
  ;({ issuerId, achievementId } = await setUpFirstAid(api, 'stale-academy'))
})
afterAll(() => product?.stop())

/** A thing to move: where it is read, and what came with it. */
interface Thing {
  readonly path: string
  readonly etag: string
}
const tagOf = ({ headers, body }: ApiAnswer): string => headers.get('etag') ?? `"v${body.revision}"`
const thing = async (path: string): Promise<Thing> => ({ path, etag: tagOf(await api.get(path)) })

let count = 0
async function version(...moves: readonly string[]): Promise<Thing> {
  const text = { en: 'Text.' }
  const made = await api.post('/v1/achievements', {
    issuerId,
    slug: `stale-${++count}`,
    definition: { name: text, description: text, criteria: text },
  })
  const path = `/v1/achievements/${made.body.id}/versions/1`
  for (const move of moves) {
    const { status } = await api.post(`${path}/${move}`, undefined, { 'if-match': '"v1"' })
    expect([move, status]).toEqual([move, 200])
  }
  return { path, etag: '"v1"' }
}
async function award(...moves: readonly string[]): Promise<Thing> {
  const learner = `stale${++count}`
  await api.post('/v1/events', earning(learner))
  const { id } = await awardOf(api, learner)
  const path = `/v1/awards/${id}`
  for (const move of moves) expect((await api.post(`${path}/${move}`, { reason: 'Why.' })).status).toBe(200)
  return thing(path)
}
async function directAward(): Promise<Thing> {
  const identifier = `stale${++count}@example.org`
  const { body } = await api.post('/v1/direct-awards', { achievementId, identifier })
  return thing(`/v1/direct-awards/${body.directAward.id}`)
}
async function webhook(): Promise<Thing> {
  const { body } = await api.post('/v1/webhooks', {
    url: 'http://127.0.0.1:9/hook',
    description: 'X',
    eventTypes: ['award.*'],
  })
  return thing(`/v1/webhooks/${body.webhook.id}`)
}
async function member(): Promise<Thing> {
  const by = await signedIn(product, `stale${++count}@example.org`)
  const { accountId } = (await by.get('/v1/session')).body
  await product.running.parts.database.asWorker((stores) => addMember(stores, school, accountId, ['read']))
  const { items } = (await api.get('/v1/members')).body
  const { id } = items.find((each: { accountId: string }) => each.accountId === accountId)
  return thing(`/v1/members/${id}`)
}
async function role(): Promise<Thing> {
  const { body } = await api.post('/v1/roles', { name: `Role ${++count}`, description: '', rights: ['read'] })
  return thing(`/v1/roles/${body.id}`)
}
async function unit(): Promise<Thing> {
  const { body } = await api.post('/v1/units', { name: `Unit ${++count}` })
  return thing(`/v1/units/${body.id}`)
}

const why = { reason: 'Why.' }
/** Every move of a thing that counts its versions and can be made without `If-Match`. */
const MOVES: [string, () => Promise<Thing>, string | undefined, (object | undefined)?][] = [
  ['publish a version', () => version(), 'publish'],
  ['return a version', () => version('submit'), 'return', why],
  ['retire a version', () => version('publish'), 'retire'],
  ['withdraw a version', () => version('publish'), 'withdraw', why],
  ['suspend an award', () => award(), 'suspend', why],
  ['reinstate an award', () => award('suspend'), 'reinstate', why],
  ['reissue an award', () => award(), 'reissue', why],
  ['renew an award', () => award(), 'renew', why],
  ['revoke an award', () => award(), 'revoke', why],
  ['send a direct award again', directAward, 'resend'],
  ['undo a direct award', directAward, 'undo'],
  ['revoke a direct award', directAward, 'revoke', why],
  ['delete a direct award', directAward, undefined],
  ['rotate the secret of a webhook', webhook, 'rotate-secret', { overlapSeconds: 0 }],
  ['test a webhook', webhook, 'test'],
  ['delete a webhook', webhook, undefined],
  ['remove a member', member, undefined],
  ['delete a role', role, undefined],
  ['delete a unit', unit, undefined],
]

test.each(MOVES)(
  'to %s of a stale version is refused, and of the one that was read is not',
  async (_name, make, move, body) => {
    const { path, etag } = await make()
    const moved = (ifMatch: string) =>
      move === undefined
        ? api.send('DELETE', path, undefined, { 'if-match': ifMatch })
        : api.post(`${path}/${move}`, body, { 'if-match': ifMatch })
    for (const stale of ['"v99"', 'W/"v1"', '*']) {
      const refused = await moved(stale)
      expect([stale, refused.status, refused.body?.code]).toEqual([stale, 412, 'precondition-failed'])
    }
    const made = await moved(etag)
    expect([made.status < 300, made.body?.code]).toEqual([true, undefined])
  },
)

test('a draft that was edited after it was read is not published unseen', async () => {
  const { path, etag } = await version()
  const text = { en: 'Other text.' }
  const edited = await api.put(
    path,
    { definition: { name: text, description: text, criteria: text } },
    { 'if-match': etag },
  )
  expect(edited.status).toBe(200)
  const unseen = await api.post(`${path}/publish`, undefined, { 'if-match': etag })
  expect([unseen.status, unseen.body.parameters]).toEqual([412, { current: 2 }])
  const seen = await api.post(`${path}/publish`, undefined, { 'if-match': tagOf(edited) })
  expect([seen.status, seen.body.state, tagOf(seen)]).toEqual([200, 'published', '"v2"'])
})
