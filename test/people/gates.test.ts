import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { RIGHTS } from '#engine/access/rights.ts'
import { endorsableBytes } from '#engine/credentials/endorsable-bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { createEndorser, type Endorser, tokenIn } from '#test/product/endorser.ts'
import { basicsRule, completed, earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { suggest } from '#test/product/suggestion.ts'
import {
  OPERATOR,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let issuerId: string
/** Two more people who may do everything, each with a key that the operator made. */
let second: ApiCaller
let third: ApiCaller
let owner: ApiCaller
let anybody: ApiCaller
beforeAll(async () => {
  product = await startTestProduct()
  anybody = new ApiCaller(product.url)
  school = await product.organisation('gated-school')
  issuerId = (await setUpFirstAid(school.api, 'gated-academy')).issuerId
  second = await personWithKey()
  third = await personWithKey()
  owner = await signedIn('owner@gated-school.example.org')
})
afterAll(() => product?.stop())

async function personWithKey(): Promise<ApiCaller> {
  const { text } = await product.running.product.routes.apiKeys.create(OPERATOR, school.id, {
    name: 'person',
    rights: RIGHTS,
  })
  return new ApiCaller(product.url, { authorization: `Bearer ${text}` })
}

async function signedIn(address: string): Promise<ApiCaller> {
  const link = await product.running.product.routes.signIn.link({ type: 'email', value: address })
  const answer = await anybody.post('/v1/session', { token: tokenIn(link) })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return new ApiCaller(product.url, { cookie, origin: product.url })
}

const ask = (sql: string, values: unknown[] = []) =>
  withClient(product.running.parts.databaseUrl, async (client) => (await client.query(sql, values)).rows)
const audited = async (action: string, target: string) =>
  (await ask('SELECT actor FROM audit WHERE action = $1 AND target_id = $2', [action, target])).length

let counter = 0
/** A published achievement, and an active rule for it that two modules meet. */
async function awarding(over: { definition?: object; rule?: object } = {}) {
  const slug = `gated-${++counter}`
  const achievement = await school.api.post('/v1/achievements', {
    issuerId,
    slug,
    definition: {
      name: { en: `Badge ${counter}` },
      description: { en: 'For a test.' },
      criteria: { en: 'Two modules.' },
      ...over.definition,
    },
  })
  expect([achievement.status, achievement.body.code]).toEqual([201, undefined])
  const published = await school.api.post(`/v1/achievements/${achievement.body.id}/versions/1/publish`)
  expect([published.status, published.body.code]).toEqual([200, undefined])
  const rule = await school.api.post('/v1/rules', {
    name: slug,
    document: { ...basicsRule(slug), ...over.rule },
  })
  expect([rule.status, rule.body.code]).toEqual([201, undefined])
  const active = await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
  expect([active.status, active.body.code]).toEqual([200, undefined])
  return { slug, achievementId: achievement.body.id as string, ruleId: rule.body.id as string }
}

const people = (quorum: number) => ({ gate: { approval: { right: 'award', quorum } } })

const awardOf = async (achievementId: string, learner: string) => {
  const { body: subject } = await school.api.get(`/v1/subjects?identifier=email:${learner}@example.org`)
  const { body } = await school.api.get(
    `/v1/awards?achievementId=${achievementId}&subjectId=${subject.id}&limit=10`,
  )
  return body.items[0]
}
const reached = (achievementId: string, learner: string, state: string) =>
  vi.waitFor(
    async () => {
      const award = await awardOf(achievementId, learner)
      expect(award).toMatchObject({ state })
      return award
    },
    { timeout: 20_000, interval: 100 },
  )

/** An award that waits for people first, by a rule with this gate. */
async function waiting(learner: string, gate: object) {
  const made = await awarding({ rule: { mode: 'review', gate } })
  await school.api.post('/v1/events', earning(learner))
  const award = await reached(made.achievementId, learner, 'awaiting_approval')
  return { ...made, id: award.id as string, award: () => awardOf(made.achievementId, learner) }
}

describe('approval by several people', () => {
  test('as many different people as the rule asks for let the award go on, and nobody counts twice', async () => {
    const { achievementId } = await awarding({ rule: people(3) })
    await school.api.post('/v1/events', earning('ann'))
    const { id, approval } = await reached(achievementId, 'ann', 'awaiting_approval')
    expect(approval).toEqual({
      quorum: 3,
      have: 0,
      fourEyes: false,
      needsOtherEyes: false,
      unassessed: [],
      said: [],
    })
    const approve = (by: ApiCaller) => by.post(`/v1/awards/${id}/approve`)

    expect((await approve(second)).body).toMatchObject({ state: 'awaiting_approval', approval: { have: 1 } })
    expect((await approve(second)).body).toMatchObject({ state: 'awaiting_approval', approval: { have: 1 } })
    // A key speaks for whoever made it, however many keys lie between.
    const made = await second.post('/v1/api-keys', { name: 'Puppet', rights: RIGHTS })
    const puppet = new ApiCaller(product.url, { authorization: `Bearer ${made.body.secret}` })
    expect((await approve(puppet)).body.approval).toMatchObject({ have: 1 })
    const again = await puppet.post('/v1/api-keys', { name: 'Puppet of a puppet', rights: ['award', 'read'] })
    expect(
      (await approve(new ApiCaller(product.url, { authorization: `Bearer ${again.body.secret}` }))).body
        .approval,
    ).toMatchObject({ have: 1 })

    expect((await approve(owner)).body).toMatchObject({ state: 'awaiting_approval', approval: { have: 2 } })
    expect(await audited('award.approved', id)).toBe(2)
    const { body } = await approve(third)
    expect(body).toMatchObject({ state: 'due', approval: { have: 3 } })
    expect(body.approval.said.map(({ decision }: { decision: string }) => decision)).toEqual(
      Array(3).fill('approved'),
    )
    expect(body.approval.said[1].by).toMatch(/^account:/)
    await reached(achievementId, 'ann', 'issued')
    const late = await approve(school.api)
    expect([late.status, late.body.code]).toEqual([409, 'award-state'])
    expect(await audited('award.approved', id)).toBe(3)
  })

  test('one refusal with its reason ends it, also of who agreed before', async () => {
    const { achievementId } = await awarding({ rule: people(2) })
    await school.api.post('/v1/events', earning('bob'))
    const { id } = await reached(achievementId, 'bob', 'awaiting_approval')
    await second.post(`/v1/awards/${id}/approve`)
    const { body } = await second.post(`/v1/awards/${id}/refuse`, { reason: 'I looked again.' })
    expect(body).toMatchObject({
      state: 'refused',
      reason: 'I looked again.',
      approval: { have: 0, said: [{ decision: 'refused', reason: 'I looked again.' }] },
    })
    expect((await third.post(`/v1/awards/${id}/approve`)).body.code).toBe('award-state')
    expect([await audited('award.approved', id), await audited('award.refused', id)]).toEqual([1, 1])
  })

  test('more people than there are cannot be asked for, at the moment of saving', async () => {
    const { slug } = await awarding()
    const document = { ...basicsRule(slug), ...people(90) }
    const { body } = await school.api.post('/v1/rules/check', { document })
    expect(body.faults).toEqual([
      expect.objectContaining({ code: 'rule-quorum-impossible', path: '/gate/approval/quorum' }),
    ])
    expect((await school.api.post('/v1/rules', { name: 'Many', document })).body.code).toBe('rule-invalid')
    // The owner and three keys of the operator: the keys that a key made are nobody more.
    expect(
      (await school.api.post('/v1/rules', { name: 'x', document: { ...document, ...people(4) } })).status,
    ).toBe(201)
    const five = await school.api.post('/v1/rules', { name: 'x', document: { ...document, ...people(5) } })
    expect(five.body.code).toBe('rule-invalid')
  })

  test('four eyes: who wrote the rule may agree, and is not enough', async () => {
    const gate = { approval: { right: 'award', quorum: 1, fourEyes: true } }
    const { id, achievementId } = await waiting('cas', gate)
    const own = await school.api.post(`/v1/awards/${id}/approve`)
    expect(own.body).toMatchObject({
      state: 'awaiting_approval',
      approval: { have: 1, quorum: 1, fourEyes: true, needsOtherEyes: true, said: [{ hadAHand: true }] },
    })
    const other = await second.post(`/v1/awards/${id}/approve`)
    expect(other.body).toMatchObject({ state: 'due', approval: { have: 2, needsOtherEyes: false } })
    await reached(achievementId, 'cas', 'issued')
  })

  test('four eyes: who let an event in that counts had a hand in it, too', async () => {
    await school.api.post('/v1/sources', {
      uri: 'https://lms.example.org/strict',
      name: 'Strict',
      createsSubjects: false,
    })
    const gate = { approval: { right: 'award', quorum: 1, fourEyes: true } }
    const { achievementId } = await awarding({ rule: { gate } })
    const strict = { source: 'https://lms.example.org/strict' }
    const sent = await school.api.post('/v1/events', completed('dee', 1, strict))
    const released = await second.post(`/v1/events/${sent.body.items[0].id}/replay`, { createSubject: true })
    expect(released.status).toBe(200)
    await school.api.post('/v1/events', completed('dee', 2))
    const { id } = await reached(achievementId, 'dee', 'awaiting_approval')
    expect((await second.post(`/v1/awards/${id}/approve`)).body.approval).toMatchObject({
      have: 1,
      needsOtherEyes: true,
    })
    expect((await third.post(`/v1/awards/${id}/approve`)).body.state).toBe('due')
  })
})

describe('endorsers', () => {
  const gateOf = (quorum: number, endorsers: readonly Endorser[]) => ({
    endorsement: { quorum, of: endorsers.map(({ did }) => did) },
  })
  /** The path of the request to an endorser, by a new link. */
  async function pathFor(
    award: { endorsement: { of: { did: string; endorsementId: string }[] } },
    did: string,
  ) {
    const asked = award.endorsement.of.find((each) => each.did === did)
    const { status, body } = await school.api.post(`/v1/endorsements/${asked?.endorsementId}/link`, {})
    expect([status, body.code]).toEqual([200, undefined])
    return `/v1/endorsement-requests/${tokenIn(body.requestUrl)}`
  }
  async function sign(path: string, endorser: Endorser) {
    const { body } = await anybody.get(path)
    return anybody.post(`${path}/signature`, { credential: await endorser.sign(body.unsigned) })
  }

  test('they vouch for the prepared document, and then exactly that is signed and served, with theirs beside it', async () => {
    const endorsers = [createEndorser(), createEndorser(), createEndorser()] as const
    const [one, two, three] = endorsers
    // One of them was asked by mail before.
    await school.api.post('/v1/endorsements', {
      target: 'issuer',
      targetId: issuerId,
      endorserDid: one.did,
      endorserName: 'Trade association',
      endorserEmail: 'one@trade.example.org',
      comment: 'C',
    })
    await product.inbox.waitFor('one@trade.example.org', 20_000)
    const { id, achievementId, slug, award } = await waiting('endorsed-ann', gateOf(2, endorsers))
    const asking = await awarding({ rule: { when: { holds: slug } } })
    await second.post(`/v1/awards/${id}/approve`)
    const held = await reached(achievementId, 'endorsed-ann', 'awaiting_endorsement')
    expect(held).toMatchObject({ issuedAt: null, endorsement: { quorum: 2, have: 0 } })
    expect(held.endorsement.of.map(({ state }: { state: string }) => state)).toEqual(
      Array(3).fill('requested'),
    )
    // Nobody can read it yet, and nobody holds it.
    const unread = (await school.api.get(`/v1/credentials/${held.credentialId}`)).body
    expect(unread.code).toBe('credential-not-signed')
    const progress = `/v1/subjects/${held.subjectId}/progress/${achievementId}`
    expect((await school.api.get(progress)).body.held).toBe(false)

    // 1. Who has an address gets a mail; for the others the issuer makes a link.
    const mail = await product.inbox.waitFor('one@trade.example.org', 20_000)
    const mailed = `/v1/endorsement-requests/${/\/endorse#([\w-]+)/.exec(mail.text)?.[1]}`
    const request = (await anybody.get(mailed)).body
    expect(request).toMatchObject({ endorserDid: one.did, what: expect.stringContaining('Badge') })
    expect(request.target.credentialSubject.achievement.name).toContain('Badge')
    expect(request.target.proof).toBeUndefined()

    // 2. One is not enough; the issuing key may change meanwhile.
    expect((await sign(mailed, one)).status).toBe(200)
    expect(await award()).toMatchObject({ state: 'awaiting_endorsement', endorsement: { have: 1 } })
    await school.api.post(`/v1/issuers/${issuerId}/rotate-key`)
    const link = await pathFor(held, two.did)
    const stale = await pathFor(held, three.did)
    const fresh = await pathFor(held, three.did)
    expect((await anybody.get(stale)).status).toBe(404)
    expect((await sign(link, two)).status).toBe(200)
    const issued = await reached(achievementId, 'endorsed-ann', 'issued')
    expect(issued.endorsement.of.map(({ state }: { state: string }) => state)).toEqual([
      'published',
      'published',
      'requested',
    ])
    expect(await audited('award.endorsed', id)).toBe(1)

    // 3. What is signed is what they read, to the last byte.
    const { body: view } = await school.api.get(`/v1/credentials/${issued.credentialId}`)
    const { proof: _, ...unproofed } = view.document
    expect(unproofed).toEqual(request.target)
    const digest = await crypto.subtle.digest('SHA-256', endorsableBytes(view.document) as BufferSource)
    expect(request.digest).toBe(`sha256-${Buffer.from(digest).toString('base64')}`)
    expect(view.endorsements.map((each: { endorserDid: string }) => each.endorserDid).sort()).toEqual(
      [one.did, two.did].sort(),
    )
    const { body: report } = await anybody.post('/v1/verify', {
      credential: view.document,
      endorsements: view.endorsements.map((each: { document: unknown }) => each.document),
    })
    expect(report.verdict).toBe('valid')
    for (const endorsement of report.endorsements)
      expect(endorsement.checks).toContainEqual(
        expect.objectContaining({ name: 'endorsements', outcome: 'passed' }),
      )
    // 4. It is held now, and whoever asks for it is looked at.
    expect((await school.api.get(progress)).body.held).toBe(true)
    await reached(asking.achievementId, 'endorsed-ann', 'issued')
    // 5. Who comes later may still vouch; it is published by hand.
    expect((await sign(fresh, three)).status).toBe(200)
  })

  test('when so many say no that the quorum cannot be reached, the award is refused and nobody is asked any more', async () => {
    const endorsers = [createEndorser(), createEndorser(), createEndorser()] as const
    const { id, achievementId, award } = await waiting('endorsed-bob', gateOf(2, endorsers))
    await second.post(`/v1/awards/${id}/approve`)
    const held = await reached(achievementId, 'endorsed-bob', 'awaiting_endorsement')
    const paths = await Promise.all(endorsers.map(({ did }) => pathFor(held, did)))
    await anybody.post(`${paths[0]}/reject`)
    expect((await award()).state).toBe('awaiting_endorsement')
    await anybody.post(`${paths[1]}/reject`)
    const refused = await award()
    expect(refused).toMatchObject({ state: 'refused', reason: expect.stringContaining('quorum') })
    expect(refused.endorsement.of.map(({ state }: { state: string }) => state)).toEqual([
      'rejected',
      'rejected',
      'withdrawn',
    ])
    expect((await sign(paths[2] ?? '', endorsers[2])).body.code).toBe('conflict')
    expect(await audited('award.refused', id)).toBe(1)
  })

  test('who said no can be asked again while the award waits', async () => {
    const endorsers = [createEndorser(), createEndorser()] as const
    const { id, achievementId } = await waiting('endorsed-cas', gateOf(1, endorsers))
    await second.post(`/v1/awards/${id}/approve`)
    const held = await reached(achievementId, 'endorsed-cas', 'awaiting_endorsement')
    await anybody.post(`${await pathFor(held, endorsers[0].did)}/reject`)
    const asked = await school.api.post('/v1/endorsements', {
      target: 'credential',
      targetId: held.credentialId,
      endorserDid: endorsers[0].did,
      endorserName: 'E',
      comment: 'Please.',
    })
    await sign(`/v1/endorsement-requests/${tokenIn(asked.body.requestUrl)}`, endorsers[0])
    await reached(achievementId, 'endorsed-cas', 'issued')
  })

  test('all at once they are one transition, one leaf and one claim', async () => {
    const endorsers = Array.from({ length: 6 }, createEndorser)
    const { id, achievementId } = await waiting('endorsed-eve', gateOf(4, endorsers))
    await second.post(`/v1/awards/${id}/approve`)
    const held = await reached(achievementId, 'endorsed-eve', 'awaiting_endorsement')
    const paths = await Promise.all(endorsers.map(({ did }) => pathFor(held, did)))
    const answers = await Promise.all(
      endorsers.map(async (endorser, n) => (await sign(paths[n] ?? '', endorser)).status),
    )
    expect(answers).toEqual(Array(6).fill(200))
    await reached(achievementId, 'endorsed-eve', 'issued')
    expect(await audited('award.endorsed', id)).toBe(1)
    expect(await ask('SELECT 1 FROM leaf WHERE target_id = $1', [held.credentialId])).toHaveLength(1)
    expect(await ask('SELECT 1 FROM claim WHERE award_id = $1', [id])).toHaveLength(1)
  })

  test('an award that waits for endorsers can be taken back, and is never signed', async () => {
    const endorser = createEndorser()
    const { id, achievementId } = await waiting('endorsed-fay', gateOf(1, [endorser]))
    await second.post(`/v1/awards/${id}/approve`)
    const held = await reached(achievementId, 'endorsed-fay', 'awaiting_endorsement')
    const path = await pathFor(held, endorser.did)
    expect((await school.api.post(`/v1/awards/${id}/revoke`, { reason: 'Test.' })).body.state).toBe('revoked')
    expect((await sign(path, endorser)).body.code).toBe('conflict')
    expect((await awardOf(achievementId, 'endorsed-fay')).state).toBe('revoked')
    expect(
      await ask("SELECT 1 FROM credential_edition WHERE credential_id = $1 AND state = 'signed'", [
        held.credentialId,
      ]),
    ).toEqual([])
  })
})

describe('suggestions', () => {
  const results = [
    { id: 'exam', name: { en: 'Exam', nl: 'Examen' }, type: 'Percent', valueMin: '0', valueMax: '100' },
    { id: 'level', name: { en: 'Level' }, type: 'ext:Level', requiredValue: 'B1' },
  ]

  test('a person awards what a rule suggests, once, and the badge says how well and on what', async () => {
    const { achievementId } = await awarding({
      definition: { resultDescriptions: results },
      rule: {
        mode: 'suggest',
        results: [
          { resultDescription: 'exam', value: 'modules.avg' },
          { resultDescription: 'level', value: 'modules.last.data.level' },
        ],
        evidence: 'modules',
      },
    })
    const module = (n: number, score: number) => {
      const { data, ...event } = completed('suggested-sam', n)
      return { ...event, data: { ...data, score, level: `B${n}`, remark: 'sam was late' } }
    }
    await school.api.post('/v1/events', [module(1, 0.7), module(3, 0.8)])
    const decisionId = await vi.waitFor(
      async () => {
        const { body: sam } = await school.api.get('/v1/subjects?identifier=email:suggested-sam@example.org')
        const asked = `/v1/decisions?outcome=would_award&subjectId=${sam.id}`
        const found = (await school.api.get(asked)).body.items.find(
          (each: { achievementId: string }) => each.achievementId === achievementId,
        )
        expect(found).toBeDefined()
        return found.id as string
      },
      { timeout: 20_000, interval: 100 },
    )
    expect(await awardOf(achievementId, 'suggested-sam')).toBeUndefined()
    expect((await school.api.get('/v1/decisions?outcome=would_award')).body.items).toContainEqual(
      expect.objectContaining({ id: decisionId, awardId: null }),
    )
    const answer = await second.post(`/v1/decisions/${decisionId}/award`)
    expect([answer.status, answer.body.code]).toEqual([201, undefined])
    const { credentialId, ...award } = await reached(achievementId, 'suggested-sam', 'issued')
    expect(award).toMatchObject({
      results: [
        { resultDescription: 'exam', value: '0.75' },
        { resultDescription: 'level', value: 'B3' },
      ],
      evidence: [
        { type: 'completed', on: '2026-09-01' },
        { type: 'completed', on: '2026-09-03' },
      ],
    })
    // What the rule decided stays what it decided; now it is known what came of it, and it is anchored.
    const { body: decision } = await school.api.get(`/v1/decisions/${decisionId}`)
    expect(decision).toMatchObject({ outcome: 'would_award', awardId: award.id })
    expect(await ask('SELECT 1 FROM leaf WHERE target_id = $1', [decisionId])).toHaveLength(1)
    expect(award.approval).toMatchObject({ quorum: 1, have: 1 })
    const again = await second.post(`/v1/decisions/${decisionId}/award`)
    expect([again.status, again.body.code]).toEqual([409, 'conflict'])

    const { body } = await school.api.get(`/v1/credentials/${credentialId}`)
    const { achievement, result } = body.document.credentialSubject
    expect(achievement.resultDescription).toEqual([
      {
        id: `${achievement.id}#result-exam`,
        type: ['ResultDescription'],
        name: 'Exam',
        resultType: 'Percent',
        valueMin: '0',
        valueMax: '100',
      },
      {
        id: `${achievement.id}#result-level`,
        type: ['ResultDescription'],
        name: 'Level',
        resultType: 'ext:Level',
        requiredValue: 'B1',
      },
    ])
    expect(result).toEqual([
      { type: ['Result'], resultDescription: `${achievement.id}#result-exam`, value: '0.75' },
      { type: ['Result'], resultDescription: `${achievement.id}#result-level`, value: 'B3' },
    ])
    expect(body.document.evidence.map(({ narrative }: { narrative: string }) => narrative)).toEqual([
      '2026-09-01: completed, https://courses.example.org/activities/first-aid/module-1',
      '2026-09-03: completed, https://courses.example.org/activities/first-aid/module-3',
    ])
    expect(JSON.stringify(body.document)).not.toMatch(/sam|@example|late/)
    const { body: report } = await anybody.post('/v1/verify', { credential: body.document })
    expect(report.verdict).toBe('valid')
  })

  test('a result that the achievement does not describe is refused when the rule is written', async () => {
    const { slug } = await awarding({ definition: { resultDescriptions: results } })
    const document = (resultDescription: string) => ({
      ...basicsRule(slug),
      results: [{ resultDescription, value: 'modules.count' }],
    })
    const faults = async (of: object) =>
      (await school.api.post('/v1/rules/check', { document: of })).body.faults.map(
        ({ code, path }: { code: string; path: string }) => `${code} ${path}`,
      )
    expect(await faults(document('exam'))).toEqual([])
    expect(await faults(document('hours'))).toEqual(['rule-result-unknown /results/0/resultDescription'])
    const made = await school.api.post('/v1/rules', { name: 'x', document: document('hours') })
    expect(made.body.code).toBe('rule-invalid')
  })

  test('whoever awards has approved, and the rule may ask for more', async () => {
    const { achievementId, ruleId } = await awarding({ rule: people(2) })
    const { decisionId } = await suggest(product, school.id, school.api, 'suggested-tom', ruleId)
    const { body } = await second.post(`/v1/decisions/${decisionId}/award`)
    expect(body).toMatchObject({ state: 'awaiting_approval', approval: { quorum: 2, have: 1 } })
    await third.post(`/v1/awards/${body.id}/approve`)
    await reached(achievementId, 'suggested-tom', 'issued')
  })

  test('pressed many times at once it is one award', async () => {
    const { achievementId, ruleId } = await awarding()
    const { decisionId, subjectId } = await suggest(product, school.id, school.api, 'suggested-una', ruleId)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? second : third).post(`/v1/decisions/${decisionId}/award`),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.code === 'conflict')).toHaveLength(19)
    await reached(achievementId, 'suggested-una', 'issued')
    expect(await ask('SELECT 1 FROM award WHERE subject_id = $1', [subjectId])).toHaveLength(1)
  })

  test('what is no suggestion, or no longer one, is not awarded', async () => {
    const { ruleId } = await awarding()
    const award = async (id: string) => {
      const { status, body } = await second.post(`/v1/decisions/${id}/award`)
      return [status, body.code]
    }
    const shadow = await suggest(product, school.id, school.api, 'suggested-vic', ruleId, {
      outcome: 'retracted',
    })
    expect(await award(shadow.decisionId)).toEqual([409, 'conflict'])
    const first = await suggest(product, school.id, school.api, 'suggested-wim', ruleId)
    await suggest(product, school.id, school.api, 'suggested-wim', ruleId, { outcome: 'retracted' })
    expect(await award(first.decisionId)).toEqual([409, 'conflict'])
    const paused = await suggest(product, school.id, school.api, 'suggested-xia', ruleId)
    await school.api.post(`/v1/rules/${ruleId}/pause`)
    expect(await award(paused.decisionId)).toEqual([409, 'conflict'])
    await school.api.post(`/v1/rules/${ruleId}/resume`)
    expect(await award(paused.decisionId)).toEqual([201, undefined])
    expect(await award(crypto.randomUUID())).toEqual([404, 'not-found'])
  })
})

describe('validity', () => {
  test('a badge that is over is expired and not revoked, and is held no longer', async () => {
    const { achievementId, slug } = await awarding({ definition: { validFor: 'PT15S' } })
    const metAt = Date.now()
    const time = new Date(metAt).toISOString()
    await school.api.post('/v1/events', [
      completed('ending-ann', 1, { time }),
      completed('ending-ann', 2, { time }),
    ])
    const issued = await reached(achievementId, 'ending-ann', 'issued')
    expect(Date.parse(issued.validUntil)).toBe(metAt + 15_000)
    const progress = `/v1/subjects/${issued.subjectId}/progress/${achievementId}`
    expect((await school.api.get(progress)).body.held).toBe(true)

    const expired = await reached(achievementId, 'ending-ann', 'expired')
    expect(expired).toMatchObject({ endedAt: issued.validUntil, reason: null })
    expect(await audited('award.expired', issued.id)).toBe(1)
    expect((await school.api.get(progress)).body.held).toBe(false)
    const { body: view } = await school.api.get(`/v1/credentials/${issued.credentialId}`)
    expect(view.document.validUntil).toBe(issued.validUntil)
    expect(view).toMatchObject({ state: 'expired', revocationReason: null })
    const { body: report } = await anybody.post('/v1/verify', { credential: view.document })
    const check = (wanted: string) => report.checks.find(({ name }: { name: string }) => name === wanted)
    expect([check('validity').code, check('status').outcome]).toEqual(['expired', 'passed'])
    // Who asks for it is not met by what is over.
    const asking = await awarding({ rule: { when: { all: [{ holds: slug }, { event: 'completed' }] } } })
    await school.api.post('/v1/events', completed('ending-ann', 2))
    await vi.waitFor(
      async () => expect(await ask("SELECT 1 FROM event WHERE state = 'received'", [])).toEqual([]),
      { timeout: 15_000 },
    )
    expect(await awardOf(asking.achievementId, 'ending-ann')).toBeUndefined()
  })

  test('the end is a date of the calendar, from when it was earned', async () => {
    const { achievementId, ruleId } = await awarding({ definition: { validFor: 'P2Y1M' } })
    const metAt = asInstant(Date.UTC(2026, 0, 31, 12))
    const { decisionId } = await suggest(product, school.id, school.api, 'ending-bob', ruleId, { metAt })
    await second.post(`/v1/decisions/${decisionId}/award`)
    const { validUntil } = await reached(achievementId, 'ending-bob', 'issued')
    expect(validUntil).toBe('2028-02-29T12:00:00Z')
    const bad = await school.api.post('/v1/achievements', {
      issuerId,
      slug: 'bad-term',
      definition: { name: { en: 'X' }, description: { en: 'X' }, criteria: { en: 'X' }, validFor: 'P0D' },
    })
    expect(bad.body.code).toBe('duration-invalid')
  })

  test('what is earned again before it is over is a new award and a new badge', async () => {
    const { achievementId } = await awarding({
      definition: { validFor: 'P2Y' },
      rule: { renewal: { before: 'P600D' } },
    })
    const at = (module: number, date: string) =>
      completed('ending-eve', module, { time: `${date}T09:00:00Z` })
    await school.api.post('/v1/events', [at(1, '2025-02-01'), at(2, '2025-02-02')])
    const first = await reached(achievementId, 'ending-eve', 'issued')
    expect(first).toMatchObject({ validUntil: '2027-02-02T09:00:00Z', occurrence: 'once' })
    // Too early to count for a renewal, and then in time.
    await school.api.post('/v1/events', at(3, '2025-04-01'))
    await school.api.post('/v1/events', [at(1, '2025-08-10'), at(3, '2025-08-11')])
    const renewed = await vi.waitFor(
      async () => {
        const award = await awardOf(achievementId, 'ending-eve')
        expect(award).toMatchObject({ state: 'issued', validUntil: '2027-08-11T09:00:00Z' })
        expect(award).toMatchObject({ occurrence: 'renewal:1' })
        return award
      },
      { timeout: 20_000, interval: 100 },
    )
    expect(renewed.credentialId).not.toBe(first.credentialId)
    expect((await school.api.get(`/v1/awards/${first.id}`)).body).toMatchObject({
      state: 'superseded',
      occurrence: 'once',
    })
    // Fraud comes to light: it can still be taken back, since it would still verify.
    const revoked = await school.api.post(`/v1/awards/${first.id}/revoke`, { reason: 'Test.' })
    expect(revoked.body.state).toBe('revoked')
  })

  test('a renewal that cannot be, or reaches too far back, is warned of', async () => {
    const warningsWith = async (definition: object, before: string) => {
      const { slug } = await awarding({ definition })
      const document = { ...basicsRule(slug), renewal: { before } }
      const { body } = await school.api.post('/v1/rules/check', { document })
      expect(body.faults).toEqual([])
      return body.warnings.map(({ code, path }: Record<string, string>) => [code, path])
    }
    expect(await warningsWith({}, 'P60D')).toEqual([['rule-renewal-endless', '/renewal']])
    expect(await warningsWith({ validFor: 'P1Y' }, 'P2Y')).toEqual([
      ['rule-renewal-too-early', '/renewal/before'],
    ])
    expect(await warningsWith({ validFor: 'P2Y' }, 'P60D')).toEqual([])
  })

  test('a renewal takes the place of what it renews, in whichever order they are issued', async () => {
    const { achievementId, ruleId } = await awarding({ definition: { validFor: 'P1Y' } })
    const states = async (learner: string) => {
      const { body: subject } = await school.api.get(`/v1/subjects?identifier=email:${learner}@example.org`)
      return ask(
        'SELECT occurrence, state FROM award WHERE subject_id = $1 AND rule_id = $2 ORDER BY occurrence',
        [subject.id, ruleId],
      )
    }
    const give = async (learner: string, occurrence: string) => {
      const { decisionId } = await suggest(product, school.id, school.api, learner, ruleId, { occurrence })
      expect((await second.post(`/v1/decisions/${decisionId}/award`)).status).toBe(201)
    }
    await give('ending-cas', 'once')
    const first = await reached(achievementId, 'ending-cas', 'issued')
    await give('ending-cas', 'renewal:1')
    await vi.waitFor(
      async () =>
        expect(await states('ending-cas')).toEqual([
          { occurrence: 'once', state: 'superseded' },
          { occurrence: 'renewal:1', state: 'issued' },
        ]),
      { timeout: 20_000 },
    )
    expect(await audited('award.superseded', first.id)).toBe(1)
    // The earlier badge is as true as it was: no bit is set.
    const { body: view } = await school.api.get(`/v1/credentials/${first.credentialId}`)
    expect(view.state).toBe('superseded')
    expect((await anybody.post('/v1/verify', { credential: view.document })).body.verdict).toBe('valid')
    const { body: subject } = await school.api.get('/v1/subjects?identifier=email:ending-cas@example.org')
    expect((await school.api.get(`/v1/subjects/${subject.id}/progress/${achievementId}`)).body.held).toBe(
      true,
    )

    for (const occurrence of ['renewal:10', 'renewal:2', 'once', 'renewal:9'])
      await give('ending-dee', occurrence)
    await vi.waitFor(
      async () =>
        expect(await states('ending-dee')).toEqual([
          { occurrence: 'once', state: 'superseded' },
          { occurrence: 'renewal:10', state: 'issued' },
          { occurrence: 'renewal:2', state: 'superseded' },
          { occurrence: 'renewal:9', state: 'superseded' },
        ]),
      { timeout: 20_000 },
    )
  })
})
