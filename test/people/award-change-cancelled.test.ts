import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { Product } from '#app/compose.ts'
import { earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { composeAgain } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

// The worker is the test's own: it says how far the job comes before somebody cancels it.

let product: TestProduct
let school: TestOrganisation
let worker: Product
beforeAll(async () => {
  product = await startTestProduct({}, { api: true, worker: false })
  school = await product.organisation('cancelling-school')
  await setUpFirstAid(school.api, 'cancelling-academy')
  worker = composeAgain(product, {})
})
afterAll(() => product?.stop())

test('a change that is cancelled half-way: what was done stays, the rest is as it was, and it says so', async () => {
  const { api } = school
  await api.post('/v1/events', ['ann', 'bob', 'cas'].flatMap(earning))
  const awards = await vi.waitFor(
    async () => {
      await worker.steps.evaluate()
      await worker.steps.issue()
      const { items } = (await api.get('/v1/awards?state=issued')).body
      expect(items).toHaveLength(3)
      return items as { id: string }[]
    },
    { timeout: 40_000, interval: 100 },
  )
  const awardIds = awards.map(({ id }) => id)
  const change = (await api.post('/v1/awards/revocations', { awardIds, reason: 'Leaked.' })).body
  const path = `/v1/award-changes/${change.id}`
  expect((await api.post(`${path}/confirm`, { digest: change.digest })).status).toBe(202)
  const { jobId } = (await api.get(path)).body
  // One person at a time, as after one that failed.
  await withClient(product.running.parts.databaseUrl, (client) =>
    client.query('UPDATE job SET careful = 100 WHERE id = $1', [jobId]),
  )
  // That of the rule comes first.
  while ((await api.get(`/v1/jobs/${jobId}`)).body.progress.done === 0) await worker.steps.jobs()
  const cancelled = await api.post(`/v1/jobs/${jobId}/cancel`)
  expect(cancelled.body).toMatchObject({ state: 'cancelled', progress: { done: 1, total: 3 } })
  while ((await worker.steps.jobs()).more);

  expect((await api.get(path)).body).toMatchObject({ outcome: { done: 1, left: 0, open: 2 } })
  expect((await api.get(`/v1/jobs/${jobId}`)).body).toMatchObject({ result: { revoke: 1, left: 0 } })
  const { items } = (await api.get(`${path}/items`)).body
  const done = items.filter(({ outcome }: { outcome: string | null }) => outcome === 'done')
  expect(done).toHaveLength(1)
  for (const id of awardIds) {
    const { state, revision } = (await api.get(`/v1/awards/${id}`)).body
    const isDone = id === done[0]?.awardId
    expect([state, revision > 2]).toEqual([isDone ? 'revoked' : 'issued', isDone])
  }
  // What is left can be changed anew.
  const rest = awardIds.filter((id) => id !== done[0]?.awardId)
  const anew = await api.post('/v1/awards/revocations', { awardIds: rest, reason: 'Leaked.' })
  expect([anew.status, anew.body.count]).toEqual([201, 2])
}, 120_000)
