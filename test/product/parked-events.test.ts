import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Product } from '#app/compose.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import { basicsRule, completed, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { subjectOf } from './job-waiting.ts'
import { composeAgain, type SetClock, setClock, withStores } from './second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

// A worker whose database fails on some events, beside a door that works: what a poison event really meets.

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
let worker: Product
let clock: SetClock
const poison = new Set<EventId>()
const unreadable = new Set<SubjectId>()
beforeAll(async () => {
  product = await startTestProduct({}, { api: true, worker: false })
  school = await product.organisation('parked-school')
  firstAid = await setUpFirstAid(school.api, 'parked-academy')
  clock = setClock()
  const database = withStores(product.running.parts.database, (stores) => ({
    ...stores,
    evaluation: {
      ...stores.evaluation,
      finishEvents: async (events, at) => {
        if (events.some(({ id }) => poison.has(id as EventId))) throw new Error('Poison.')
        await stores.evaluation.finishEvents(events, at)
      },
      historiesFor: async (job, ids) => {
        if (ids.some((id) => unreadable.has(id))) throw new Error('This one cannot be read.')
        return stores.evaluation.historiesFor(job, ids)
      },
    },
  }))
  worker = composeAgain(product, { database, clock })
  await drain()
})
afterAll(() => product?.stop())

async function drain(): Promise<void> {
  clock.advance(1)
  while ((await worker.steps.evaluate()).more);
}

const send = async (...events: object[]): Promise<EventId[]> => {
  const { body } = await school.api.post('/v1/events', events)
  return body.items.map(({ id }: { id: EventId }) => id)
}
const show = async (id: EventId | undefined) => (await school.api.get(`/v1/events/${id}`)).body
const parked = async () => (await school.api.get('/v1/events?parked=true')).body.items
const awardsOf = async (learner: string) =>
  (await school.api.get(`/v1/awards?subjectId=${await subjectOf(school.api, learner)}`)).body.items

test('an event that fails waits, then is parked, and blocks neither its person nor anybody else', async () => {
  const [bad, good, other] = await send(completed('ann', 1), completed('ann', 2), completed('bob', 1))
  if (bad !== undefined) poison.add(bad)
  await drain()
  expect(await show(bad)).toMatchObject({
    state: 'received',
    parked: false,
    failure: { code: 'internal', attempts: 1, parkedAt: null, nextAttemptAt: expect.any(String) },
  })
  expect((await show(good)).state).toBe('evaluated')
  expect((await show(other)).state).toBe('evaluated')

  for (let attempt = 2; attempt <= 8; attempt++) {
    clock.advance(5 * MINUTE_MS)
    await drain()
  }
  expect(await parked()).toMatchObject([
    { id: bad, parked: true, failure: { code: 'internal', attempts: 8, parkedAt: expect.any(String) } },
  ])

  // The person goes on: a third module makes two that count, whatever the first one does.
  await send(completed('ann', 3))
  await drain()
  expect(await awardsOf('ann')).toHaveLength(1)
})

test('nor does it spoil the backfill of its person', async () => {
  await school.api.post(`/v1/rules/${firstAid.ruleId}/pause`)
  const { body } = await school.api.post(`/v1/rules/${firstAid.ruleId}/resume`)
  clock.advance(1)
  while ((await worker.steps.jobs()).more) clock.advance(1_000)
  const job = (await school.api.get(`/v1/jobs/${body.backfillJobId}`)).body
  expect(job).toMatchObject({ state: 'done', error: null })
  expect(job.result.skipped).toBeUndefined()
})

test('health counts it, and the overview says that it waits for a person', async () => {
  const { body } = await school.api.get('/v1/rules/health')
  expect(body.organisation).toMatchObject({ parked: 1, errors: 8, seen: 3 })
  expect(body.items[0]).toMatchObject({ ruleId: firstAid.ruleId, errors: 8, matched: 3, awarded: 1 })
  expect((await school.api.get('/v1/overview')).body.rules).toEqual({ dead: 0, parkedEvents: 1 })
})

test('put back it is evaluated, and one that fails still is parked again', async () => {
  const [event] = await parked()
  poison.clear()
  const retried = await school.api.post(`/v1/events/${event.id}/retry`)
  expect(retried.body).toMatchObject({ id: event.id, state: 'received', parked: false })
  await drain()
  expect(await show(event.id)).toMatchObject({ state: 'evaluated', parked: false, failure: null })
  expect((await school.api.post(`/v1/events/${event.id}/retry`)).body.code).toBe('conflict')
  expect(await awardsOf('ann')).toHaveLength(1)
})

test('all of a kind are put back at once', async () => {
  const attended = (learner: string) => completed(learner, 1, { type: 'org.example.lms.attended' })
  const ids = await send(completed('cas', 1), completed('dee', 1), attended('eve'))
  for (const id of ids) poison.add(id)
  for (let attempt = 1; attempt <= 8; attempt++) {
    await drain()
    clock.advance(5 * MINUTE_MS)
  }
  expect(await parked()).toHaveLength(3)
  poison.clear()
  const retry = async (body?: object) => (await school.api.post('/v1/events/retry', body)).body.retried
  expect(await retry({ code: 'something-else' })).toBe(0)
  expect(await retry({ type: 'attended' })).toBe(1)
  expect(await retry({ code: 'internal' })).toBe(2)
  expect(await retry()).toBe(0)
  await drain()
  for (const id of ids) expect((await show(id)).state).not.toBe('received')
  const { body } = await school.api.get('/v1/audit')
  const entries = body.items.filter(({ action }: { action: string }) => action === 'event.retried')
  expect(entries).toHaveLength(3)
})

test('a person whose history cannot be read is passed over by a job, by name, and the others are done', async () => {
  const bad = (await subjectOf(school.api, 'cas')) as SubjectId
  unreadable.add(bad)
  const { body } = await school.api.post('/v1/rules/dry-runs', { document: basicsRule() })
  clock.advance(1)
  while ((await worker.steps.jobs()).more) clock.advance(1_000)
  const job = (await school.api.get(`/v1/jobs/${body.id}`)).body
  expect(job).toMatchObject({ state: 'done', progress: { done: 5, total: 5, left: 0 } })
  expect(job.result).toMatchObject({ wouldAward: 1, skipped: [{ subjectId: bad, code: 'internal' }] })
})
