import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ApiCaller } from './api-caller.ts'
import { createEndorser, tokenIn } from './endorser.ts'
import { awardOf, basicsRule, completed, earning, type FirstAid, setUpFirstAid } from './first-aid.ts'
import type { ProductProcess } from './product-process.ts'
import { OPERATOR, type TestOrganisation, type TestProduct } from './test-product.ts'
import { CALLS, startTwoProcesses, type TwoProcesses, tally } from './two-processes.ts'

let processes: TwoProcesses
let product: TestProduct
let second: ProductProcess
let school: TestOrganisation
let firstAid: FirstAid
let doors: readonly ApiCaller[]
let publicDoors: readonly ApiCaller[]
let atOnce: TwoProcesses['atOnce']
let ask: TwoProcesses['ask']
let count: TwoProcesses['count']
let audited: TwoProcesses['audited']
beforeAll(async () => {
  processes = await startTwoProcesses('parallel-school')
  ;({ product, second, school, doors, publicDoors, atOnce, ask, count, audited } = processes)
  firstAid = await setUpFirstAid(school.api, 'parallel-academy')
})
afterAll(() => processes?.stop())

describe('many at once, at two processes: one effect each, and nobody is told of a fault of ours', () => {
  test('the same events, in any order, of people whom nobody knew: each is stored once', async () => {
    const events = Array.from({ length: 20 }, (_, n) => completed(`crowd-${n % 10}`, 1 + (n % 3)))
    const answers = await atOnce((api, n) =>
      api.post('/v1/events', n % 3 === 0 ? events.toReversed() : events),
    )
    expect(tally(answers)).toEqual({ 202: CALLS })
    expect(answers.reduce((sum, { body }) => sum + body.accepted, 0)).toBe(20)
    expect(answers.reduce((sum, { body }) => sum + body.duplicates, 0)).toBe((CALLS - 1) * 20)
    const ids = answers.map(({ body }) =>
      body.items
        .map(({ id }: { id: string }) => id)
        .sort()
        .join(),
    )
    expect(new Set(ids).size).toBe(1)
    expect(await count("FROM subject_identifier WHERE value LIKE 'crowd-%'")).toBe(10)
    expect(await count("FROM event WHERE normal->'actor'->>'value' LIKE 'crowd-%'")).toBe(20)
  })

  test('events that together earn a badge, each sent many times by both: one award', async () => {
    const events = earning('ann')
    await atOnce((api, n) => api.post('/v1/events', events[n % 2]))
    const award = await awardOf(school.api, 'ann')
    expect(await count('FROM award WHERE subject_id = $1', [award.subjectId])).toBe(1)
    expect(await count('FROM credential WHERE award_id = $1', [award.id])).toBe(1)
    expect(await count('FROM claim WHERE award_id = $1', [award.id])).toBe(1)
  })

  test('two contents under one id: one of them is the event, and the other is refused to the end', async () => {
    const [one, other] = ['same', 'same'].map((id, n) => completed('torn', 1, { id, data: { score: n } }))
    const answers = await atOnce((api, n) => api.post('/v1/events', n % 4 < 2 ? one : other))
    // Whoever was first has all of its own told to be the same, and the others are refused.
    const { 202: taken = 0, '409 event-conflict': refused = 0, ...rest } = tally(answers)
    expect([[24, 26].includes(taken), taken + refused, rest]).toEqual([true, CALLS, {}])
    expect(answers.reduce((sum, { body }) => sum + (body.accepted ?? 0), 0)).toBe(1)
  })

  test('one Idempotency-Key makes one thing; whoever comes too early is told to wait, later ones get the answer', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const answers = await atOnce((api) => api.post('/v1/units', { name: 'Once' }, headers))
    const { 201: made = 0, '409 idempotency-in-progress': early = 0, ...rest } = tally(answers)
    expect([made + early, rest]).toEqual([CALLS, {}])
    const ids = answers.flatMap(({ status, body }) => (status === 201 ? [body.id] : []))
    expect(new Set(ids).size).toBe(1)
    const fresh = answers.filter(
      ({ status, headers }) => status === 201 && headers.get('idempotency-replayed') === null,
    )
    expect(fresh).toHaveLength(1)
    expect(await count("FROM unit WHERE name = 'Once'")).toBe(1)
  })

  test('one slug: one issuer, one achievement', async () => {
    const issuers = await atOnce((api) => api.post('/v1/issuers', { slug: 'parallel-only', name: 'Only' }))
    expect(tally(issuers)).toEqual({ 201: 1, '409 slug-taken': CALLS - 1 })
    expect(await count("FROM issuer WHERE slug = 'parallel-only'")).toBe(1)
    const body = { issuerId: firstAid.issuerId, slug: 'only', definition: aDefinition() }
    expect(tally(await atOnce((api) => api.post('/v1/achievements', body)))).toEqual({
      201: 1,
      '409 achievement-slug-taken': CALLS - 1,
    })
  })

  test('one draft is begun and published once, with one leaf', async () => {
    const { achievementId } = firstAid
    const begun = await atOnce((api) =>
      api.post(`/v1/achievements/${achievementId}/versions`, { definition: aDefinition() }),
    )
    expect(tally(begun)).toEqual({ 201: 1, '409 draft-exists': CALLS - 1 })
    const published = await atOnce((api) => api.post(`/v1/achievements/${achievementId}/versions/2/publish`))
    expect(tally(published)).toEqual({ 200: 1, '409 version-state-wrong': CALLS - 1 })
    const { id } = published.find(({ status }) => status === 200)?.body ?? {}
    expect(await count('FROM leaf WHERE target_id = $1', [id])).toBe(1)
    const states = await ask(
      'SELECT state FROM achievement_version WHERE achievement_id = $1 ORDER BY version',
      [achievementId],
    )
    expect(states).toEqual([{ state: 'retired' }, { state: 'published' }])
  })

  test('one rule version comes into force once, and of many versions one is in force', async () => {
    const made = await school.api.post('/v1/rules', { name: 'Many', document: basicsRule() })
    const rule = `/v1/rules/${made.body.id}`
    expect(tally(await atOnce((api) => api.post(`${rule}/versions/1/activate`)))).toEqual({ 200: CALLS })
    expect(await count('FROM leaf WHERE target_id = $1', [made.body.versions[0].id])).toBe(1)
    expect(await audited('rule.activated', made.body.id)).toBe(1)

    const few = 12
    const versions = await atOnce(
      (api) => api.post(`${rule}/versions`, { document: basicsRule() }),
      doors,
      few,
    )
    expect(tally(versions)).toEqual({ 201: few })
    const numbers = versions.map(({ body }) => body.version).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: few }, (_, n) => n + 2))

    const activated = await atOnce((api, n) => api.post(`${rule}/versions/${n + 2}/activate`), doors, few)
    expect(tally(activated)).toEqual({ 200: few })
    expect(await count("FROM rule_version WHERE rule_id = $1 AND state = 'active'", [made.body.id])).toBe(1)

    expect(tally(await atOnce((api) => api.post(`${rule}/pause`)))).toEqual({
      200: 1,
      '409 conflict': CALLS - 1,
    })
    expect(tally(await atOnce((api) => api.post(`${rule}/resume`)))).toEqual({
      200: 1,
      '409 conflict': CALLS - 1,
    })
    await school.api.post(`${rule}/pause`)
  })

  test('one claim is accepted once, by one account, and lets one browser in', async () => {
    await school.api.post('/v1/events', earning('bob'))
    await awardOf(school.api, 'bob')
    const token = tokenIn(
      /\S+\/claim#[\w-]+/.exec((await product.inbox.waitFor('bob@example.org', 20_000)).text)?.[0] ?? '',
    )
    const answers = await atOnce((api) => api.post(`/v1/claims/${token}/accept`), publicDoors)
    expect(tally(answers)).toEqual({ 200: 1, '409 claim-over': CALLS - 1 })
    const [claim] = await ask(
      "SELECT id::text, account_id::text FROM claim WHERE identifier = 'bob@example.org'",
    )
    expect(await count('FROM session WHERE account_id = $1', [claim.account_id])).toBe(1)
    expect(await audited('claim.accepted', claim.id)).toBe(1)
    expect(await count("FROM account_identity WHERE value = 'bob@example.org'")).toBe(1)
    expect(await count('FROM subject_account WHERE account_id = $1', [claim.account_id])).toBe(1)
  })

  test('accepted and rejected at once, a claim is one of both', async () => {
    await school.api.post('/v1/events', earning('cas'))
    await awardOf(school.api, 'cas')
    const token = tokenIn(
      /\S+\/claim#[\w-]+/.exec((await product.inbox.waitFor('cas@example.org', 20_000)).text)?.[0] ?? '',
    )
    const answers = await atOnce(
      (api, n) => api.post(`/v1/claims/${token}/${n % 4 < 2 ? 'accept' : 'reject'}`),
      publicDoors,
    )
    const [{ state }] = await ask("SELECT state FROM claim WHERE identifier = 'cas@example.org'")
    const seen = tally(answers)
    // None of them is signed in, so of those who accept one gets in, as above.
    expect(seen).toEqual({ [state === 'claimed' ? 200 : 204]: 1, '409 claim-over': CALLS - 1 })
  })

  test('many approvals of the same few people are one transition, however many ask', async () => {
    const { issuerId } = firstAid
    const badge = await school.api.post('/v1/achievements', {
      issuerId,
      slug: 'approved',
      definition: aDefinition(),
    })
    await school.api.post(`/v1/achievements/${badge.body.id}/versions/1/publish`)
    const rule = await school.api.post('/v1/rules', {
      name: 'Approved',
      document: { ...basicsRule('approved'), gate: { approval: { right: 'award', quorum: 2 } } },
    })
    expect([rule.status, rule.body.code]).toEqual([201, undefined])
    await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
    await school.api.post('/v1/events', earning('eli'))
    const { body: person } = await school.api.get('/v1/subjects?identifier=email:eli@example.org')
    const awardsOf = async () =>
      (await school.api.get(`/v1/awards?achievementId=${badge.body.id}&subjectId=${person.id}`)).body.items
    const [waiting] = await vi.waitFor(
      async () => {
        const awards = await awardsOf()
        expect(awards).toMatchObject([{ state: 'awaiting_approval' }])
        return awards
      },
      { timeout: 20_000, interval: 100 },
    )
    const path = `/v1/awards/${waiting.id}/approve`
    // One person at both doors, many times: one yes, and not enough.
    expect(tally(await atOnce((api) => api.post(path)))).toEqual({ 200: CALLS })
    expect((await awardsOf())[0]).toMatchObject({ state: 'awaiting_approval', approval: { have: 1 } })
    expect(await audited('award.approved', waiting.id)).toBe(1)

    const people = await Promise.all(
      Array.from({ length: 4 }, () =>
        product.running.product.routes.apiKeys.create(OPERATOR, school.id, { name: 'P', rights: ['award'] }),
      ),
    )
    const answers = await atOnce((_, n) =>
      new ApiCaller([product.url, second.url][n % 2] ?? '', {
        authorization: `Bearer ${people[n % people.length]?.text}`,
      }).post(path),
    )
    expect(tally(answers)).toEqual({ 200: 1, '409 award-state': CALLS - 1 })
    expect(await audited('award.approved', waiting.id)).toBe(2)
    await vi.waitFor(async () => expect((await awardsOf())[0]).toMatchObject({ state: 'issued' }), {
      timeout: 20_000,
      interval: 100,
    })
    expect(await count('FROM award_approval WHERE award_id = $1', [waiting.id])).toBe(2)
    expect(await count('FROM credential WHERE award_id = $1', [waiting.id])).toBe(1)
    expect(await count('FROM claim WHERE award_id = $1', [waiting.id])).toBe(1)
    await school.api.post(`/v1/rules/${rule.body.id}/pause`)
  })

  test('one award is revoked once: one bit, one task for the chain, one line in the audit trail', async () => {
    await school.api.post('/v1/events', earning('dee'))
    const award = await awardOf(school.api, 'dee', { anchored: true })
    const answers = await atOnce((api) => api.post(`/v1/awards/${award.id}/revoke`, { reason: 'Test.' }))
    expect(tally(answers)).toEqual({ 200: 1, '409 award-state': CALLS - 1 })
    expect(await audited('award.revoked', award.id)).toBe(1)
    const [edition] = await ask(
      `SELECT leaf.batch_id::text AS batch, leaf.position, list.bits, edition.status_index
       FROM credential_edition edition JOIN leaf ON leaf.id = edition.leaf_id JOIN status_list list ON list.id = edition.status_list_id
       WHERE edition.credential_id = $1`,
      [award.credentialId],
    )
    const bits: Buffer = edition.bits
    expect([...bits].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)).toBe(1)
    expect(((bits[edition.status_index >> 3] ?? 0) >> (7 - (edition.status_index & 7))) & 1).toBe(1)
    expect(
      await count("FROM chain_task WHERE kind = 'revoke' AND batch_id = $1 AND $2 = ANY(positions)", [
        edition.batch,
        edition.position,
      ]),
    ).toBe(1)
  })

  test('many awards of one list are revoked at once, and no bit is lost', async () => {
    const learners = Array.from({ length: 12 }, (_, n) => `list-${n}`)
    await school.api.post('/v1/events', learners.flatMap(earning))
    const awards = await Promise.all(learners.map((learner) => awardOf(school.api, learner)))
    const answers = await Promise.all(
      awards.map(({ id }, n) =>
        (doors[n % 2] ?? school.api).post(`/v1/awards/${id}/revoke`, { reason: 'Test.' }),
      ),
    )
    expect(tally(answers)).toEqual({ 200: 12 })
    const [{ bits }] = await ask('SELECT bits FROM status_list WHERE issuer_id = $1', [firstAid.issuerId])
    const set = await ask(
      `SELECT status_index FROM credential_edition JOIN status_list list ON list.id = status_list_id
       WHERE list.issuer_id = $1 AND revoked_at IS NOT NULL`,
      [firstAid.issuerId],
    )
    expect(set.length).toBeGreaterThanOrEqual(12)
    for (const { status_index: index } of set)
      expect(((bits[index >> 3] ?? 0) >> (7 - (index & 7))) & 1).toBe(1)
  })

  test('a quarantined event is released once, an endorsement published once, a sign-in link used once', async () => {
    await school.api.post('/v1/sources', {
      uri: 'https://lms.example.org/strict',
      name: 'S',
      createsSubjects: false,
    })
    const strict = completed('stranger', 1, { source: 'https://lms.example.org/strict' })
    const event = (await school.api.post('/v1/events', strict)).body.items[0].id
    const replays = await atOnce((api) => api.post(`/v1/events/${event}/replay`, { createSubject: true }))
    expect(tally(replays)).toEqual({ 200: 1, '409 conflict': CALLS - 1 })
    expect(await count("FROM subject_identifier WHERE value = 'stranger@example.org'")).toBe(1)

    const endorser = createEndorser()
    const asked = await school.api.post('/v1/endorsements', {
      target: 'issuer',
      targetId: firstAid.issuerId,
      endorserDid: endorser.did,
      endorserName: 'E',
      comment: 'C',
    })
    const path = `/v1/endorsement-requests/${tokenIn(asked.body.requestUrl)}`
    const credential = await endorser.sign((await school.api.get(path)).body.unsigned)
    const signed = await atOnce((api) => api.post(`${path}/signature`, { credential }), publicDoors)
    expect(tally(signed)).toEqual({ 200: 1, '409 endorsement-already-signed': CALLS - 1 })
    const published = await atOnce((api) => api.post(`/v1/endorsements/${asked.body.id}/publish`))
    expect(tally(published)).toEqual({ 200: 1, '409 conflict': CALLS - 1 })
    expect(await count('FROM leaf WHERE target_id = $1', [asked.body.id])).toBe(1)

    const link = await product.running.product.routes.signIn.link({
      type: 'email',
      value: 'once@example.org',
    })
    const signIns = await atOnce((api) => api.post('/v1/session', { token: tokenIn(link) }), publicDoors)
    expect(tally(signIns)).toEqual({ 201: 1, '401 sign-in-link-invalid': CALLS - 1 })
  })

  test('keys are rotated one after the other: one is active, and none is lost from did.json', async () => {
    const before = await count("FROM issuer_key WHERE issuer_id = $1 AND purpose = 'issuing'", [
      firstAid.issuerId,
    ])
    const answers = await atOnce((api) => api.post(`/v1/issuers/${firstAid.issuerId}/rotate-key`))
    const { 200: rotated = 0, '409 conflict': refused = 0, ...rest } = tally(answers)
    expect([rotated + refused, rest]).toEqual([CALLS, {}])
    expect(rotated).toBeGreaterThan(0)
    const keys = await ask(
      "SELECT state, public_key FROM issuer_key WHERE issuer_id = $1 AND purpose = 'issuing'",
      [firstAid.issuerId],
    )
    expect(keys).toHaveLength(before + rotated)
    expect(keys.filter(({ state }) => state === 'active')).toHaveLength(1)
  })

  test('a key that one process revokes is refused by the other at its next request', async () => {
    const { body } = await school.api.post('/v1/api-keys', { name: 'Short', rights: ['read'] })
    const [, other] = [product.url, second.url].map(
      (url) => new ApiCaller(url, { authorization: `Bearer ${body.secret}` }),
    )
    expect((await other?.get('/v1/awards'))?.status).toBe(200)
    await school.api.send('DELETE', `/v1/api-keys/${body.apiKey.id}`, undefined)
    expect((await other?.get('/v1/awards'))?.status).toBe(401)
  })

  test('what is read for one answer is of one moment, whatever is written meanwhile', async () => {
    const { database } = product.running.parts
    const root = `/v1/units/${school.rootUnit}`
    const { revision } = (await school.api.get(root)).body
    await database.readingInOrganisation(school.id, async (stores) => {
      const before = await stores.organisations.find(school.id)
      const renamed = await school.api.send('PATCH', root, JSON.stringify({ name: 'Renamed' }), {
        'content-type': 'application/json',
        'if-match': `"v${revision}"`,
      })
      expect(renamed.status).toBe(200)
      expect(await stores.organisations.find(school.id)).toEqual(before)
    })
    const after = await database.inOrganisation(school.id, (stores) => stores.organisations.find(school.id))
    expect(after?.name).toBe('Renamed')
  })

  test('after all of it every event is evaluated, nothing is parked, and every badge has one leaf', async () => {
    await vi.waitFor(async () => expect(await count("FROM event WHERE state = 'received'")).toBe(0), {
      timeout: 20_000,
    })
    expect(await count('FROM event WHERE parked_at IS NOT NULL')).toBe(0)
    expect(await count('FROM award WHERE parked_at IS NOT NULL')).toBe(0)
    expect(
      await ask('SELECT target_id FROM leaf WHERE kind = 1 GROUP BY target_id HAVING count(*) > 1'),
    ).toEqual([])
  })
})

function aDefinition() {
  return { name: { en: 'First aid' }, description: { en: 'Knows it.' }, criteria: { en: 'All of it.' } }
}
