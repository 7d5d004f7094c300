import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ApiCaller } from './api-caller.ts'
import { tokenIn } from './endorser.ts'
import { awardOf, basicsRule, completed, earning, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { allEvaluated, allOf, jobOver, subjectOf } from './job-waiting.ts'
import { addMember } from './member.ts'
import { rowCounts } from './row-counts.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('cycle-school')
  firstAid = await setUpFirstAid(school.api, 'cycle-academy')
})
afterAll(() => product?.stop())

const ruleAsking = (modules: number) => ({
  ...basicsRule(),
  when: { ...basicsRule().when, distinctOf: modules },
})
const audited = async (action: string) =>
  (await allOf<{ action: string; targetId: string }>(school.api, '/v1/audit')).filter(
    (entry) => entry.action === action,
  )

async function addVersion(document: object, ruleId = firstAid.ruleId): Promise<number> {
  const { status, body } = await school.api.post(`/v1/rules/${ruleId}/versions`, { document })
  expect([status, body.code]).toEqual([201, undefined])
  return body.version
}

async function badge(slug: string): Promise<string> {
  const made = await school.api.post('/v1/achievements', {
    issuerId: firstAid.issuerId,
    slug,
    definition: { name: { en: slug }, description: { en: 'X.' }, criteria: { en: 'X.' } },
  })
  expect((await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)).status).toBe(200)
  return made.body.id
}

describe('a dry run', () => {
  let version: number
  beforeAll(async () => {
    const near = completed('cas', 2, { data: { activity: completed('cas', 2).data.activity, score: 0.6 } })
    await school.api.post('/v1/events', [
      ...earning('ann'),
      completed('ann', 3),
      ...earning('bob'),
      completed('cas', 1),
      near,
    ])
    await awardOf(school.api, 'ann')
    await awardOf(school.api, 'bob')
    await allEvaluated(school.api)
    version = await addVersion(ruleAsking(3))
  })

  test('says who would get the badge, why, who came close, and what differs from the active version', async () => {
    const before = await rowCounts(product.running.parts.databaseUrl)
    const started = await school.api.post('/v1/rules/dry-runs', { ruleId: firstAid.ruleId, version })
    expect([started.status, started.body]).toMatchObject([
      202,
      { kind: 'dry_run', ruleId: firstAid.ruleId, progress: { done: 0, total: 3 } },
    ])
    const job = await jobOver(school.api, started.body.id)
    const [ann, bob] = [await subjectOf(school.api, 'ann'), await subjectOf(school.api, 'bob')]
    expect(job).toMatchObject({ state: 'done', error: null, progress: { done: 3, total: 3, left: 0 } })
    expect(job.result).toMatchObject({
      events: 7,
      wouldAward: 1,
      alreadyAwarded: 1,
      sample: [{ subjectId: ann, outcome: 'award', metAt: '2026-09-03T09:00:00Z' }],
      difference: { version: 1, wouldAward: 0, wouldNoLongerAward: 1 },
      nearMisses: [
        { leaf: 'modules', path: '/when', conjunct: expect.stringContaining('event.score'), people: 1 },
      ],
    })
    expect(job.result.sample[0].words.en[0]).toContain('3 of 3')
    expect(job.result.sample[0].words.nl[0]).toContain('3 van 3')
    const [lost] = job.result.difference.sample.wouldNoLongerAward
    expect(lost).toMatchObject({ subjectId: bob, outcome: null, trace: { have: 2, need: 3 } })
    expect(lost.words.nl[0]).toContain('2 van 3')

    // Nothing but the job and the line that it was asked for.
    const changed = { job: (before['job'] ?? 0) + 1, audit: (before['audit'] ?? 0) + 1 }
    expect(await rowCounts(product.running.parts.databaseUrl)).toEqual({ ...before, ...changed })
  })

  test('takes a document that was never saved, and only the events of a time', async () => {
    const started = await school.api.post('/v1/rules/dry-runs', {
      document: ruleAsking(2),
      to: '2026-09-02T00:00:00Z',
    })
    const job = await jobOver(school.api, started.body.id)
    expect(job.result).toMatchObject({ events: 3, wouldAward: 0, difference: null })
  })

  test('counts those to whom the badge would be suggested', async () => {
    const started = await school.api.post('/v1/rules/dry-runs', {
      document: { ...ruleAsking(2), mode: 'suggest' },
    })
    const job = await jobOver(school.api, started.body.id)
    expect(job.result).toMatchObject({ wouldAward: 2, sample: [{ outcome: 'would_award' }, {}] })
  })

  test('of a document with faults, of nothing, or of another badge than its rule’s is refused', async () => {
    const ask = async (body: object) => {
      const answer = await school.api.post('/v1/rules/dry-runs', body)
      return [answer.status, answer.body.code]
    }
    await badge('other')
    expect(await ask({ document: { ...ruleAsking(2), when: { all: [] } } })).toEqual([422, 'rule-invalid'])
    expect(await ask({})).toEqual([400, 'invalid-request'])
    expect(await ask({ ruleId: firstAid.ruleId })).toEqual([400, 'invalid-request'])
    expect(await ask({ ruleId: firstAid.ruleId, version: 99 })).toEqual([404, 'not-found'])
    expect(await ask({ ruleId: firstAid.ruleId, document: basicsRule('other') })).toEqual([409, 'conflict'])
  })

  test.each([
    ['that ends before it begins', { from: '2026-09-03T00:00:00Z', to: '2026-09-02T00:00:00Z' }, '/to'],
    ['that has not begun', { from: '2999-01-01T00:00:00Z' }, '/from'],
  ])('of a time %s is refused at its place', async (_name, range, pointer) => {
    const { status, body } = await school.api.post('/v1/rules/dry-runs', {
      document: ruleAsking(2),
      ...range,
    })
    expect([status, body.code]).toEqual([400, 'invalid-request'])
    expect(body.errors).toEqual([expect.objectContaining({ in: 'body', pointer, code: 'invalid-time' })])
  })

  test('of one moment is no empty time', async () => {
    const at = '2026-09-01T09:00:00Z'
    const { status } = await school.api.post('/v1/rules/dry-runs', {
      document: ruleAsking(2),
      ...{ from: at, to: at },
    })
    expect(status).toBe(202)
  })

  test('names the same people whom the activation then awards', async () => {
    const scores = Array.from({ length: 60 }, (_, n) => (n * 37) % 101)
    const events = scores.flatMap((score, n) =>
      [1, 2, 3].slice(0, 1 + (n % 3)).map((module) =>
        completed(`many.${n}`, module, {
          data: { activity: completed('x', module).data.activity, score: score / 100 },
          type: 'org.example.lms.scored',
        }),
      ),
    )
    for (let at = 0; at < events.length; at += 40)
      await school.api.post('/v1/events', events.slice(at, at + 40))
    await allEvaluated(school.api)
    await badge('scorer')
    const document = {
      ...basicsRule('scorer'),
      when: { count: 2, where: "event.type == 'scored' && event.score >= 0.5" },
    }
    const expected = scores.filter((score, n) => score >= 50 && n % 3 >= 1).length

    const dry = await school.api.post('/v1/rules/dry-runs', { document })
    const { result } = await jobOver(school.api, dry.body.id)
    expect(result.wouldAward).toBe(expected)

    const rule = await school.api.post('/v1/rules', { name: 'Scorer', document })
    const active = await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
    const backfill = await jobOver(school.api, active.body.backfillJobId)
    expect(backfill).toMatchObject({ kind: 'backfill', state: 'done', result: { decisions: expected } })
    const decisions = await allOf<{ subjectId: string }>(
      school.api,
      `/v1/decisions?ruleId=${rule.body.id}&outcome=award`,
    )
    const awarded = new Set(decisions.map(({ subjectId }) => subjectId))
    expect(awarded.size).toBe(expected)
    for (const { subjectId } of result.sample) expect(awarded).toContain(subjectId)
  })
})

describe('a version in shadow', () => {
  test('says what it would award beside the active version, and awards nothing', async () => {
    const version = await addVersion(ruleAsking(1))
    const path = `/v1/rules/${firstAid.ruleId}/versions/${version}`
    expect((await school.api.get(`${path}/shadow`)).body.code).toBe('conflict')
    const started = await school.api.post(`${path}/shadow`)
    expect([started.status, started.body.versions.at(-1).state]).toEqual([200, 'shadow'])

    await school.api.post('/v1/events', [...earning('dee'), completed('eve', 1)])
    await awardOf(school.api, 'dee')
    await allEvaluated(school.api)
    const [dee, eve] = [await subjectOf(school.api, 'dee'), await subjectOf(school.api, 'eve')]
    const report = await school.api.get(`${path}/shadow`)
    expect(report.body).toMatchObject({
      version,
      both: 1,
      onlyShadow: 1,
      onlyActive: 0,
      sample: { onlyShadow: [eve], onlyActive: [] },
    })
    expect(report.body.items.map(({ subjectId }: { subjectId: string }) => subjectId).sort()).toEqual(
      [dee, eve].sort(),
    )
    expect((await school.api.get(`/v1/awards?subjectId=${eve}`)).body.items).toEqual([])

    const health = await school.api.get(`/v1/rules/${firstAid.ruleId}/health`)
    const shadow = health.body.items.find(({ state }: { state: string }) => state === 'shadow')
    expect(shadow).toMatchObject({ wouldAward: 2, awarded: 0, matched: 3 })

    const ended = await school.api.post(`${path}/unshadow`)
    expect(ended.body.versions.at(-1).state).toBe('draft')
    await school.api.post('/v1/events', completed('fay', 1))
    await allEvaluated(school.api)
    expect((await school.api.get(`${path}/shadow`)).body.items).toHaveLength(2)
    expect((await school.api.post(`${path}/unshadow`)).body.code).toBe('conflict')
    expect(await audited('rule.shadow_started')).toHaveLength(1)
    expect(await audited('rule.shadow_ended')).toHaveLength(1)
  })
})

describe('versions', () => {
  test('are compared as data and in words: what keeps its progress is told', async () => {
    const more = {
      ...basicsRule(),
      notBefore: '2026-01-01T00:00:00Z',
      when: {
        all: [
          { ...basicsRule().when, distinctOf: 3 },
          { id: 'active', count: 2, where: "event.type == 'completed'" },
        ],
      },
    }
    const from = await addVersion({ ...basicsRule(), when: { all: [basicsRule().when] } })
    const to = await addVersion(more)
    const { status, body } = await school.api.get(
      `/v1/rules/${firstAid.ruleId}/compare?from=${from}&to=${to}`,
    )
    expect(status).toBe(200)
    expect(body.differences).toEqual([
      { path: '/notBefore', after: '2026-01-01T00:00:00Z' },
      { path: '/when/all/0/distinctOf', before: 2, after: 3 },
      { path: '/when/all/1', after: more.when.all[1] },
    ])
    expect(body.leaves).toEqual([
      { change: 'changed', id: 'modules', path: '/when/all/0', keepsProgress: true },
      { change: 'added', id: 'active', path: '/when/all/1', keepsProgress: false },
    ])
    expect(body.words.en).toContain('/when/all/0/distinctOf: 2 becomes 3.')
    expect(body.words.nl).toContain('/when/all/0/distinctOf: 2 wordt 3.')
    expect(body.words.nl.join()).toContain('“modules”')
    const same = await school.api.get(`/v1/rules/${firstAid.ruleId}/compare?from=${to}&to=${to}`)
    expect(same.body).toMatchObject({ differences: [], words: { en: ['Both versions say the same.'] } })
    expect(same.body.leaves.map(({ change }: { change: string }) => change)).toEqual(['same', 'same'])
    expect((await school.api.get(`/v1/rules/${firstAid.ruleId}/compare?from=1&to=99`)).body.code).toBe(
      'not-found',
    )
  })

  test('an earlier one is brought back as a new one, and nobody is awarded twice', async () => {
    const strict = await addVersion(ruleAsking(3))
    const rule = `/v1/rules/${firstAid.ruleId}`
    await school.api.post(`${rule}/versions/${strict}/activate`)
    expect((await school.api.post(`${rule}/rollback`, { version: strict })).body.code).toBe('conflict')
    const back = await school.api.post(`${rule}/rollback`, { version: 1 })
    expect(back.status).toBe(201)
    const newest = back.body.versions.at(-1)
    expect(newest).toMatchObject({ version: strict + 1, state: 'active', document: basicsRule() })
    expect(back.body.versions.find(({ version }: { version: number }) => version === strict).state).toBe(
      'retired',
    )
    await jobOver(school.api, back.body.backfillJobId)
    const decisions = await allOf<{ subjectId: string }>(
      school.api,
      `/v1/decisions?ruleId=${firstAid.ruleId}&outcome=award`,
    )
    const people = decisions.map(({ subjectId }) => subjectId)
    expect(new Set(people).size).toBe(people.length)
    expect(await audited('rule.rolled_back')).toHaveLength(1)
  })
})

describe('where a second person is needed', () => {
  const settings = '/v1/organisations/settings'
  const change = (body: object, tag: string) =>
    school.api.send('PATCH', settings, JSON.stringify(body), {
      'content-type': 'application/json',
      'if-match': tag,
    })
  async function signedIn(address: string): Promise<ApiCaller> {
    const link = await product.running.product.routes.signIn.link({ type: 'email', value: address })
    const answer = await new ApiCaller(product.url).post('/v1/session', { token: tokenIn(link) })
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return new ApiCaller(product.url, { cookie, origin: product.url })
  }

  test('the author is refused by name, and another member activates', async () => {
    const first = await school.api.get(settings)
    expect(first.body).toEqual({
      secondPerson: {
        activateRule: false,
        publishAchievement: false,
        changeKey: false,
        bulkRevoke: false,
      },
      expertReviews: { all: 0, microCredential: 0 },
      deadRuleDays: 30,
      expiryReminderDays: [30, 7],
      eventRetention: null,
      revision: 1,
    })
    const on = await change({ secondPerson: { activateRule: true } }, first.headers.get('etag') ?? '')
    expect([on.status, on.body.secondPerson.activateRule]).toEqual([200, true])
    const late = await change({ deadRuleDays: 5 }, first.headers.get('etag') ?? '')
    expect([late.status, late.body.code]).toEqual([412, 'precondition-failed'])

    const author = await signedIn('owner@cycle-school.example.org')
    const colleague = await signedIn('colleague@cycle-school.example.org')
    const { accountId } = (await colleague.get('/v1/session')).body
    await product.running.parts.database.asWorker((stores) =>
      addMember(stores, school, accountId, ['read', 'award']),
    )
    await badge('guarded')
    const rule = await author.post('/v1/rules', { name: 'Guarded', document: basicsRule('guarded') })
    const activate = `/v1/rules/${rule.body.id}/versions/1/activate`
    for (const by of [author, school.api]) {
      const refused = await by.post(activate)
      expect([refused.status, refused.body.code]).toEqual([403, 'second-person-needed'])
    }
    expect((await colleague.post(activate)).status).toBe(200)

    // A key of one's own is no second person.
    const made = await author.post('/v1/api-keys', { name: 'Script', rights: ['read', 'update', 'award'] })
    const script = new ApiCaller(product.url, { authorization: `Bearer ${made.body.secret}` })
    const byScript = await script.post(`/v1/rules/${rule.body.id}/versions`, {
      document: basicsRule('guarded'),
    })
    const itself = await author.post(`/v1/rules/${rule.body.id}/versions/${byScript.body.version}/activate`)
    expect([itself.status, itself.body.code]).toEqual([403, 'second-person-needed'])

    // Whoever brings back what somebody else wrote is the second person; who wrote it is not.
    const second = await author.post(`/v1/rules/${rule.body.id}/versions`, {
      document: basicsRule('guarded'),
    })
    await colleague.post(`/v1/rules/${rule.body.id}/versions/${second.body.version}/activate`)
    const rollback = `/v1/rules/${rule.body.id}/rollback`
    expect((await author.post(rollback, { version: 1 })).body.code).toBe('second-person-needed')
    expect((await colleague.post(rollback, { version: 1 })).status).toBe(201)

    const off = await change({ secondPerson: { activateRule: false } }, on.headers.get('etag') ?? '')
    expect(off.status).toBe(200)
    expect(await audited('organisation.settings_changed')).toHaveLength(2)
  })
})

describe('without a backfill', () => {
  test('what happened before gives nothing, and the next event counts', async () => {
    await badge('fresh')
    const document = { ...basicsRule('fresh'), when: { count: 1, where: "event.type == 'attended'" } }
    const attended = (learner: string) => completed(learner, 1, { type: 'org.example.lms.attended' })
    await school.api.post('/v1/events', attended('gus'))
    await allEvaluated(school.api)
    const rule = await school.api.post('/v1/rules', { name: 'Fresh', document })
    const active = await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`, { backfill: false })
    expect(active.body).toMatchObject({ backfillJobId: null })
    await school.api.post('/v1/events', attended('hal'))
    const hal = await subjectOf(school.api, 'hal')
    await vi.waitFor(
      async () => {
        const { items } = (await school.api.get(`/v1/decisions?ruleId=${rule.body.id}`)).body
        expect(items.map(({ subjectId }: { subjectId: string }) => subjectId)).toEqual([hal])
      },
      { timeout: 10_000 },
    )
  })
})

describe('the check of a draft', () => {
  test('warns of a part that no event of late would have met, and of nothing that may not happen', async () => {
    const check = async (when: object) => {
      const { body } = await school.api.post('/v1/rules/check', { document: { ...basicsRule(), when } })
      expect(body.faults).toEqual([])
      return body.warnings.map(({ code, path }: { code: string; path: string }) => [code, path])
    }
    const met = { count: 1, where: "event.type == 'completed'" }
    expect(await check(met)).toEqual([])
    expect(
      await check({
        all: [met, { count: 1, where: "event.type == 'completed' && event.activity == 'https://x.example'" }],
      }),
    ).toEqual([['rule-dead', '/when/all/1']])
    expect(await check({ all: [met, { not: { count: 1, where: "event.type == 'failed'" } }] })).toEqual([])
  })
})
