import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ApiCaller } from './api-caller.ts'
import { awardOf, basicsRule, completed, earning, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { allEvaluated, allOf, jobOver, subjectOf } from './job-waiting.ts'
import { composeAgain } from './second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

const LEARNERS = Array.from({ length: 40 }, (_, n) => `learner.${n}`)
/** Forty people at this rate take ten seconds. */
const RATE = 4

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
beforeAll(async () => {
  product = await startTestProduct({ BACKFILL_SUBJECTS_PER_S: String(RATE) })
  school = await product.organisation('jobs-school')
  firstAid = await setUpFirstAid(school.api, 'jobs-academy')
  await school.api.post(`/v1/rules/${firstAid.ruleId}/pause`)
  await school.api.post('/v1/events', LEARNERS.flatMap(earning))
  await allEvaluated(school.api)
})
afterAll(() => product?.stop())

const awards = async () =>
  (
    await allOf<{ subjectId: string }>(school.api, `/v1/decisions?ruleId=${firstAid.ruleId}&outcome=award`)
  ).map(({ subjectId }) => subjectId)

describe('a backfill', () => {
  let first: string

  test('goes at its rate, shows how far it is, and is cancelled where it is; live events go on', async () => {
    const resumed = await school.api.post(`/v1/rules/${firstAid.ruleId}/resume`)
    first = resumed.body.backfillJobId
    await vi.waitFor(
      async () => {
        const { body } = await school.api.get(`/v1/jobs/${first}`)
        expect(body).toMatchObject({ state: 'running', kind: 'backfill', ruleId: firstAid.ruleId })
        expect(body.progress.done).toBeGreaterThan(0)
      },
      { timeout: 10_000, interval: 50 },
    )
    const { status, body } = await school.api.post(`/v1/jobs/${first}/cancel`)
    expect([status, body.state]).toEqual([200, 'cancelled'])
    expect(body.progress).toMatchObject({
      total: LEARNERS.length,
      left: LEARNERS.length - body.progress.done,
    })
    expect(body.progress.left).toBeGreaterThan(0)

    // Nothing happens after it, and what was done is done; the version decides on new events.
    const { done } = body.progress
    await school.api.post('/v1/events', earning('live'))
    await awardOf(school.api, 'live')
    expect((await awards()).length).toBe(done + 1)
    expect((await school.api.get(`/v1/jobs/${first}`)).body.progress.done).toBe(done)
    expect((await school.api.post(`/v1/jobs/${first}/cancel`)).body.code).toBe('conflict')
  })

  test('that comes later takes its place, and a pause ends it', async () => {
    const rule = `/v1/rules/${firstAid.ruleId}`
    const resumed = async (): Promise<string> => {
      await school.api.post(`${rule}/pause`)
      return (await school.api.post(`${rule}/resume`)).body.backfillJobId
    }
    let one = await resumed()
    let two = await resumed()
    // A worker that looks between the pause and the resume finds that it is not in force: then once more.
    await vi.waitFor(
      async () => {
        const over = await jobOver(school.api, one)
        expect(over.state).toBe('cancelled')
        if (over.result.reason !== 'superseded') [one, two] = [two, await resumed()]
        expect(over.result).toMatchObject({ reason: 'superseded' })
      },
      { timeout: 60_000 },
    )
    await school.api.post(`${rule}/pause`)
    expect(await jobOver(school.api, two)).toMatchObject({
      state: 'cancelled',
      result: { reason: 'not-in-force' },
    })
  })

  test('may be run by several workers at once: everybody is awarded, and nobody twice', async () => {
    // No limit here, and a worker of its own each; the running product helps.
    const workers = [1, 2, 3].map(() => composeAgain(product, {}))
    const job = (await school.api.post(`/v1/rules/${firstAid.ruleId}/resume`)).body.backfillJobId
    const work = workers.map(async ({ steps }) => {
      while ((await steps.jobs()).more) await new Promise((done) => setTimeout(done, 5))
    })
    const over = await jobOver(school.api, job)
    await Promise.all(work)
    expect(over).toMatchObject({ state: 'done', progress: { left: 0 }, error: null })
    const subjects = await Promise.all([...LEARNERS, 'live'].map((each) => subjectOf(school.api, each)))
    expect([...(await awards())].sort()).toEqual(subjects.sort())
  })

  test('is listed with the dry runs, newest first, without their results', async () => {
    await school.api.post('/v1/rules/dry-runs', { document: basicsRule() })
    const jobs = await allOf<{ id: string; kind: string; result: null }>(school.api, '/v1/jobs')
    expect(jobs.map(({ kind }) => kind)).toContain('dry_run')
    expect(jobs.every(({ result }) => result === null)).toBe(true)
    const backfills = await allOf<{ id: string }>(school.api, '/v1/jobs?kind=backfill&state=cancelled')
    expect(backfills.map(({ id }) => id)).toContain(first)
    const { body } = await school.api.get(`/v1/rules/${firstAid.ruleId}/health`)
    expect(body.items[0]).toMatchObject({ ruleId: firstAid.ruleId, backfillJobId: null })
  })
})

describe('without the right to award', () => {
  test('a dry run is cancelled, and a backfill is not', async () => {
    const { body } = await school.api.post('/v1/api-keys', { name: 'Author', rights: ['update', 'read'] })
    const author = new ApiCaller(product.url, { authorization: `Bearer ${body.secret}` })
    await school.api.post('/v1/events', completed('more', 1))
    await school.api.post(`/v1/rules/${firstAid.ruleId}/pause`)
    const job = (await school.api.post(`/v1/rules/${firstAid.ruleId}/resume`)).body.backfillJobId
    expect((await author.post(`/v1/jobs/${job}/cancel`)).body.code).toBe('forbidden')
    expect((await school.api.post(`/v1/jobs/${job}/cancel`)).status).toBe(200)
    await jobOver(school.api, job)
  })
})

describe('with rights on a part of the organisation', () => {
  test('a dry run is started, seen and ended, and no other job is seen', async () => {
    const faculty = (await school.api.post('/v1/units', { name: 'Faculty' })).body.id
    const inside = await school.api.post('/v1/issuers', {
      slug: 'jobs-inside',
      name: 'In',
      parentUnitId: faculty,
    })
    const definition = { name: { en: 'In' }, description: { en: 'X.' }, criteria: { en: 'X.' } }
    const badge = { issuerId: inside.body.id, slug: 'inside', definition }
    const made = await school.api.post('/v1/achievements', badge)
    await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
    const key = { name: 'Dean', rights: ['update', 'read'], unitId: faculty }
    const { secret } = (await school.api.post('/v1/api-keys', key)).body
    const dean = new ApiCaller(product.url, { authorization: `Bearer ${secret}` })

    const own = await dean.post('/v1/rules/dry-runs', { document: basicsRule('inside') })
    expect(own.status).toBe(202)
    expect(await jobOver(dean, own.body.id)).toMatchObject({ state: 'done' })
    expect((await dean.post(`/v1/jobs/${own.body.id}/cancel`)).body.code).toBe('conflict')
    const other = await school.api.post('/v1/rules/dry-runs', { document: basicsRule() })
    expect((await dean.get(`/v1/jobs/${other.body.id}`)).body.code).toBe('forbidden')
    const listed: { id: string }[] = (await dean.get('/v1/jobs')).body.items
    expect(listed.map(({ id }) => id)).toEqual([own.body.id])
    expect((await dean.post('/v1/rules/dry-runs', { document: basicsRule() })).body.code).toBe('forbidden')
  })
})
