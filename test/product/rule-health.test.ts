import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Product } from '#app/compose.ts'
import { DAY_MS, HOUR_MS } from '#engine/shared/duration.ts'
import type { RuleId } from '#engine/shared/ids.ts'
import { awardOf, completed, earning, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { allEvaluated } from './job-waiting.ts'
import { composeAgain, setClock } from './second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('health-school')
  firstAid = await setUpFirstAid(school.api, 'health-academy')
})
afterAll(() => product?.stop())

const healthOf = async (id: string) => (await school.api.get(`/v1/rules/${id}/health`)).body.items[0]

test('what a rule saw, matched, nearly matched and awarded is counted, with its latency', async () => {
  const low = completed('bob', 2, { data: { activity: completed('bob', 2).data.activity, score: 0.5 } })
  await school.api.post('/v1/events', [...earning('ann'), completed('bob', 1), low])
  await school.api.post('/v1/events', completed('cas', 1, { type: 'org.example.lms.attended' }))
  await awardOf(school.api, 'ann')
  await allEvaluated(school.api)
  const health = await healthOf(firstAid.ruleId)
  expect(health).toMatchObject({
    name: 'Basics',
    version: 1,
    state: 'active',
    seen: 5,
    matched: 3,
    // Not the event of another type: it is offered to no leaf.
    nearMisses: 1,
    awarded: 1,
    needsReview: 0,
    errors: 0,
    alarm: null,
    lastMatchAt: expect.any(String),
    lastAwardAt: expect.any(String),
  })
  expect(health.latency.p50).toBeGreaterThan(0)
  expect(health.latency.p95).toBeGreaterThanOrEqual(health.latency.p50)
  const { body } = await school.api.get('/v1/rules/health?days=1')
  expect(body).toMatchObject({ days: 1, organisation: { seen: 5, errors: 0, parked: 0 } })
  expect(body.items).toEqual([health])
})

test('an event that is sent again, or folded again by a backfill, is not counted again', async () => {
  await school.api.post(`/v1/rules/${firstAid.ruleId}/pause`)
  await school.api.post(`/v1/rules/${firstAid.ruleId}/resume`)
  await school.api.post('/v1/events', completed('dee', 3))
  await allEvaluated(school.api)
  expect(await healthOf(firstAid.ruleId)).toMatchObject({ seen: 6, matched: 4, awarded: 1 })
})

describe('a rule that no event matches any more', () => {
  let quiet: TestProduct
  let silent: TestOrganisation
  let ruleId: RuleId
  const clock = setClock()
  let workers: readonly Product[]
  beforeAll(async () => {
    // No worker of its own: all of them are here, and have one clock.
    quiet = await startTestProduct({}, { api: true, worker: false })
    silent = await quiet.organisation('silent-school')
    ruleId = (await setUpFirstAid(silent.api, 'silent-academy')).ruleId as RuleId
    workers = [1, 2].map(() => composeAgain(quiet, { clock }))
  })
  afterAll(() => quiet?.stop())

  const look = async () => {
    for (const { steps } of workers) await steps.jobs()
  }
  const deadNow = async () => {
    const [worker] = workers
    const { rules } = await (worker as Product).routes.overview.numbers({ kind: 'operator' }, silent.id)
    return rules.dead
  }
  const mails = async () => {
    await workers[0]?.steps.mail()
    return (await silent.api.get('/v1/mail')).body.items.filter(
      ({ kind }: { kind: string }) => kind === 'rule-silent',
    )
  }

  test('is told to who administers the organisation, once a silence, however many workers look', async () => {
    clock.advance(29 * DAY_MS)
    await look()
    expect([await deadNow(), await mails()]).toEqual([0, []])
    clock.advance(2 * DAY_MS)
    await look()
    expect(await deadNow()).toBe(1)
    expect(await mails()).toMatchObject([
      { to: 'owner@silent-school.example.org', subject: expect.stringContaining('"Basics"') },
    ])
    const { text } = await quiet.inbox.waitFor('owner@silent-school.example.org', 20_000)
    expect(text).toContain('For more than 30 days')
    clock.advance(2 * HOUR_MS)
    await look()
    expect(await mails()).toHaveLength(1)
    const report = await workers[0]?.routes.ruleHealth.ofOne({ kind: 'operator' }, silent.id, ruleId, 30)
    expect(report?.versions[0]?.deadSince).toBeDefined()
  })

  test('is alive again with its next match, and may fall silent again', async () => {
    await silent.api.post('/v1/events', completed('eve', 1))
    await workers[0]?.steps.evaluate()
    expect(await deadNow()).toBe(0)
    clock.advance(31 * DAY_MS)
    await look()
    expect([await deadNow(), (await mails()).length]).toEqual([1, 2])
  })

  test('waits for as long as the organisation says', async () => {
    const settings = { 'content-type': 'application/json', 'if-match': '"v1"' }
    const path = '/v1/organisations/settings'
    expect((await silent.api.send('PATCH', path, '{"deadRuleDays":100}', settings)).status).toBe(200)
    expect(await deadNow()).toBe(0)
  })

  test('is not told to be dead while it is paused', async () => {
    await silent.api.post(`/v1/rules/${ruleId}/pause`)
    clock.advance(200 * DAY_MS)
    expect(await deadNow()).toBe(0)
    const report = await workers[0]?.routes.ruleHealth.ofAll({ kind: 'operator' }, silent.id, 30)
    expect(report?.versions.map(({ version, deadSince }) => [version.state, deadSince])).toEqual([
      ['paused', undefined],
    ])
  })
})
