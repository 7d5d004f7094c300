import { afterAll, beforeAll, expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { setUpFirstAid } from '#test/product/first-aid.ts'
import { composeAgain, setClock } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

// Two organisations share one product: one that awards hundreds, and one that awards a single badge after it.

interface School {
  readonly organisation: TestOrganisation
  readonly achievementId: string
}

let product: TestProduct
let big: School
let small: School
beforeAll(async () => {
  // The worker is the tests' own: a pass is one chunk.
  product = await startTestProduct({}, { api: true, worker: false })
  const school = async (slug: string): Promise<School> => {
    const organisation = await product.organisation(slug)
    const { achievementId } = await setUpFirstAid(organisation.api, `${slug}-academy`)
    return { organisation, achievementId }
  }
  big = await school('turns-big')
  small = await school('turns-small')
})
afterAll(() => product?.stop())

const sql = (text: string, values: unknown[] = []) =>
  withClient(product.running.parts.databaseUrl, async (client) => (await client.query(text, values)).rows)
const LISTS = '/v1/direct-award-bundles'
const addresses = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({ identifier: `${name}${at}@example.org` }))
const list = async ({ organisation, achievementId }: School, name: string, count: number) => {
  const made = await organisation.api.post(LISTS, { achievementId, rows: addresses(name, count) })
  expect(made.status).toBe(202)
  return `${LISTS}/${made.body.id}`
}

test('a long list of one organisation holds up no list, no undoing and no mail of another', async () => {
  const long = await list(big, 'long', 300)
  const short = await list(small, 'short', 1)
  const { steps } = composeAgain(product, {})
  await steps.direct_awards()
  await steps.direct_awards()
  expect((await small.organisation.api.get(short)).body).toMatchObject({ state: 'done', awarded: 1 })
  expect((await big.organisation.api.get(long)).body).toMatchObject({ state: 'running', awarded: 50 })

  while ((await steps.direct_awards()).more);
  const sent: string[] = []
  const mailer = {
    send: async ({ to }: { readonly to: string }) => {
      sent.push(to)
      return { state: 'sent' } as const
    },
  }
  await composeAgain(product, { mailer }).steps.mail()
  expect(sent).toContain('short0@example.org')
  expect(sent).toContain('long0@example.org')

  expect((await big.organisation.api.post(`${long}/undo`)).status).toBe(202)
  expect((await small.organisation.api.post(`${short}/undo`)).status).toBe(202)
  const others = composeAgain(product, {}).steps
  await others.direct_awards()
  await others.direct_awards()
  expect((await small.organisation.api.get(short)).body.undo).toMatchObject({ state: 'done' })
  expect((await big.organisation.api.get(long)).body.undo).toMatchObject({ state: 'running' })
  while ((await others.direct_awards()).more);
  expect((await big.organisation.api.get(long)).body.undo).toMatchObject({ state: 'done' })
}, 120_000)

test('what is due of one organisation holds up nothing that is due of another', async () => {
  const clock = setClock()
  const scheduled = (at: number) => new Date(clock.now() + at).toISOString()
  const later = async ({ organisation, achievementId }: School, name: string, count: number, at: number) => {
    const rows = addresses(name, count)
    const body = { achievementId, scheduledAt: scheduled(at), rows }
    expect((await organisation.api.post(LISTS, body)).status).toBe(202)
  }
  await later(big, 'due', 120, 60_000)
  await later(small, 'last', 1, 61_000)
  const { steps } = composeAgain(product, { clock })
  while ((await steps.direct_awards()).more);
  clock.advance(120_000)
  const other = composeAgain(product, { clock }).steps
  await other.direct_awards()
  await other.direct_awards()
  const [waits] = await sql(
    `SELECT count(*) FILTER (WHERE identifier LIKE 'last%')::int AS last, count(*) FILTER (WHERE identifier LIKE 'due%')::int AS due
     FROM direct_award WHERE state = 'scheduled'`,
  )
  expect(waits).toEqual({ last: 0, due: expect.any(Number) })
  expect(waits.due).toBeGreaterThan(0)
}, 120_000)

test('many jobs of one organisation hold up no job of another', async () => {
  const [first, second, third] = [1, 2, 3].map((n) => `00000000-0000-7000-8000-00000000000${n}`)
  const job = (organisationId: string, id: string | undefined) =>
    sql(
      `INSERT INTO job (organisation_id, id, kind, state, input, total, rounds, round, result, created_by, created_at, next_at)
       VALUES ($1, $2, 'framework_import', 'queued', '{}', 1, 1, 1, '{}', 'system', now(), now())`,
      [organisationId, id],
    )
  // Those of the rules that were activated above.
  await sql('DELETE FROM job')
  await job(big.organisation.id, first)
  await job(big.organisation.id, second)
  await job(small.organisation.id, third)
  const { database } = product.running.parts
  const claimed = await database.asWorker((stores) =>
    stores.jobs.claim(asInstant(Date.now() + 1000), big.organisation.id),
  )
  expect(claimed?.id).toBe(third)
})
