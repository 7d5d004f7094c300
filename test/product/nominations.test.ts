import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { Right } from '#engine/access/rights.ts'
import { ApiCaller } from './api-caller.ts'
import { tokenIn } from './endorser.ts'
import { completed, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { addMember } from './member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
/** A colleague with no right but to read. */
let member: ApiCaller
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('nomination-school')
  firstAid = await setUpFirstAid(school.api, 'nomination-academy')
  for (const learner of ['ann', 'bob', 'cas', 'dee', 'eve', 'fay']) await known(learner)
  member = await memberWith('member@example.org', ['read'])
})
afterAll(() => product?.stop())

async function known(learner: string): Promise<string> {
  await school.api.post('/v1/events', completed(learner, 1))
  return idOf(learner)
}
const idOf = async (learner: string): Promise<string> =>
  (await school.api.get(`/v1/subjects?identifier=email:${learner}@example.org`)).body.id

async function signedIn(address: string): Promise<ApiCaller> {
  const link = await product.running.product.routes.signIn.link({ type: 'email', value: address })
  const answer = await new ApiCaller(product.url).post('/v1/session', { token: tokenIn(link) })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return new ApiCaller(product.url, { cookie, origin: product.url })
}
async function memberWith(address: string, rights: readonly Right[], of = school): Promise<ApiCaller> {
  const person = await signedIn(address)
  const { accountId } = (await person.get('/v1/session')).body
  await product.running.parts.database.inOrganisation(of.id, (stores) =>
    addMember(stores, of, accountId, rights),
  )
  return person
}
/** A person of the organisation whom no badge was ever given to: known by the address that they have proven. */
const personOf = (learner: string): Promise<ApiCaller> => signedIn(`${learner}@example.org`)

const nominate = (by: ApiCaller, learner: string, over: object = {}) =>
  by.post('/v1/nominations', {
    achievement: 'first-aid-basics',
    subject: `mailto:${learner}@example.org`,
    ...over,
  })
const nominationFactsOf = async (learner: string) =>
  (await school.api.get(`/v1/subjects/${await idOf(learner)}/facts?limit=100`)).body.items.filter(
    ({ type }: { type: string }) => type === 'waarmerk.nomination',
  )

describe('a nomination', () => {
  test('by a member counts once; the reason stands beside the event and not in it', async () => {
    const reason = 'Helped me when I fell down the stairs.'
    const first = await nominate(member, 'ann', { reason })
    expect([first.status, first.body.outcome]).toEqual([201, 'made'])
    const again = await nominate(member, 'ann', { reason: 'Another reason.' })
    expect([again.status, again.body]).toEqual([200, { ...first.body, outcome: 'already' }])
    const facts = await nominationFactsOf('ann')
    expect(facts).toMatchObject([{ activity: 'first-aid-basics', data: { nominator: expect.any(String) } }])
    const { items } = (await school.api.get(`/v1/nominations?subjectId=${await idOf('ann')}`)).body
    expect(items).toMatchObject([{ id: first.body.id, reason, withdrawnAt: null }])
    await withClient(product.running.parts.databaseUrl, async (client) => {
      const { rows } = await client.query("SELECT normal::text, convert_from(raw, 'UTF8') AS raw FROM event")
      expect(JSON.stringify(rows)).not.toContain('stairs')
      expect(JSON.stringify(rows)).not.toContain('member@example.org')
    })
  })

  test('by a person whom the organisation knows, who names it or belongs to it alone', async () => {
    const bob = await personOf('bob')
    expect((await nominate(bob, 'cas')).status).toBe(201)
    const named = await bob.post(`/v1/nominations?organisation=${school.id}`, {
      achievement: 'first-aid-basics',
      subject: 'mailto:dee@example.org',
    })
    expect(named.status).toBe(201)
    // The same nominator is the same in every fact, and two are two.
    await nominate(member, 'cas')
    const byBob = (await nominationFactsOf('dee'))[0].data.nominator
    const ofCas = (await nominationFactsOf('cas')).map(
      ({ data }: { data: { nominator: string } }) => data.nominator,
    )
    expect(ofCas).toHaveLength(2)
    expect(new Set(ofCas).size).toBe(2)
    expect(ofCas).toContain(byBob)
    expect(byBob).toMatch(/^[0-9a-f]{32}$/)
  })

  test('by nobody for themselves, by whichever address', async () => {
    const eve = await personOf('eve')
    const self = await nominate(eve, 'eve')
    expect([self.status, self.body.code]).toEqual([422, 'nomination-of-oneself'])
    expect((await nominate(member, 'member')).body.code).toBe('nomination-of-oneself')
    // An identity that the account has proven, and that is another person of the organisation as yet.
    const { accountId } = (await eve.get('/v1/session')).body
    await withClient(product.running.parts.databaseUrl, (client) =>
      client.query(
        "INSERT INTO account_identity (type, value, account_id) VALUES ('email', 'fay@example.org', $1)",
        [accountId],
      ),
    )
    expect((await nominate(eve, 'fay')).body.code).toBe('nomination-of-oneself')
    const behalf = await nominate(school.api, 'eve', { nominator: 'mailto:eve@example.org' })
    expect(behalf.body.code).toBe('nomination-of-oneself')
    expect(await nominationFactsOf('eve')).toEqual([])
  })

  test('by no stranger, for no stranger, and for no achievement that is not there', async () => {
    const stranger = await signedIn('stranger@example.org')
    expect((await nominate(stranger, 'ann')).body.code).toBe('no-organisation')
    const named = await stranger.post(`/v1/nominations?organisation=${school.id}`, {
      achievement: 'first-aid-basics',
      subject: 'mailto:ann@example.org',
    })
    expect([named.status, named.body.code]).toEqual([404, 'not-found'])
    expect((await nominate(new ApiCaller(product.url), 'ann')).status).toBe(401)
    const unknown = await nominate(member, 'nobody-knows')
    expect([unknown.status, unknown.body.parameters.faults]).toMatchObject([
      422,
      [{ code: 'subject-unknown', path: '/subject' }],
    ])
    expect((await nominate(member, 'ann', { achievement: 'no-such' })).body.code).toBe('not-found')
    const { issuerId } = firstAid
    const definition = { name: { en: 'X' }, description: { en: 'X.' }, criteria: { en: 'X.' } }
    await school.api.post('/v1/achievements', { issuerId, slug: 'unpublished', definition })
    expect((await nominate(member, 'ann', { achievement: 'unpublished' })).body.code).toBe('not-found')
  })

  test('in the name of somebody takes the right to award', async () => {
    const made = await nominate(school.api, 'bob', { nominator: 'mailto:cas@example.org' })
    expect(made.status).toBe(201)
    expect((await nominate(school.api, 'bob', { nominator: 'mailto:cas@example.org' })).status).toBe(200)
    const missing = await nominate(school.api, 'bob')
    expect([missing.body.code, missing.body.errors[0].pointer]).toEqual(['invalid-request', '/nominator'])
    const refused = await nominate(member, 'bob', { nominator: 'mailto:cas@example.org' })
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
  })

  test('made many times at once is one', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => nominate(member, 'dee')))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  })
})

describe('withdrawing', () => {
  test('takes the fact back and erases the reason; it may be made again after', async () => {
    const fay = await personOf('fay')
    const { id } = (await nominate(fay, 'ann', { reason: 'Kind.' })).body
    const withdraw = () => fay.send('DELETE', `/v1/nominations/${id}`, undefined)
    expect((await withdraw()).status).toBe(204)
    expect((await withdraw()).status).toBe(204)
    const list = async () =>
      (await school.api.get(`/v1/nominations?subjectId=${await idOf('ann')}`)).body.items.find(
        (each: { id: string }) => each.id === id,
      )
    expect(await list()).toMatchObject({ reason: null, withdrawnAt: expect.any(String) })
    const facts = await nominationFactsOf('ann')
    expect(facts[0]).toMatchObject({ takenBack: true })

    const again = await nominate(fay, 'ann', { reason: 'Still kind.' })
    expect([again.status, again.body.id]).toEqual([201, id])
    expect(await list()).toMatchObject({ reason: 'Still kind.', withdrawnAt: null })
    expect((await nominationFactsOf('ann'))[0]).toMatchObject({ takenBack: false, data: facts[0].data })
    // Taken back as a fact, it is withdrawn as well.
    const [fact] = await nominationFactsOf('ann')
    await school.api.send('DELETE', `/v1/facts/${fact.id}`, undefined)
    expect(await list()).toMatchObject({ reason: null, withdrawnAt: expect.any(String) })
  })

  test('is for who made it, and for who may award', async () => {
    const { id } = (await nominate(member, 'bob')).body
    const path = `/v1/nominations/${id}`
    const bob = await personOf('bob')
    expect((await bob.send('DELETE', path, undefined)).body.code).toBe('not-found')
    const reader = await memberWith('reader@example.org', ['read'])
    expect((await reader.send('DELETE', path, undefined)).body.code).toBe('forbidden')
    expect((await school.api.send('DELETE', path, undefined)).status).toBe(204)
    const unknown = await member.send('DELETE', `/v1/nominations/${crypto.randomUUID()}`, undefined)
    expect(unknown.body.code).toBe('not-found')
  })
})

test('who tries addresses to find out whom the organisation knows is stopped', async () => {
  const bob = await personOf('bob')
  const statuses: number[] = []
  for (let guess = 0; guess < 22; guess++) statuses.push((await nominate(bob, `guess-${guess}`)).status)
  expect(statuses.filter((status) => status === 422)).toHaveLength(20)
  expect(statuses.slice(20)).toEqual([429, 429])
  expect((await nominate(bob, 'ann')).status).toBe(429)
})
