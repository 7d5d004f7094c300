import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase, type PostgresDatabase, sqlState } from '#adapters/postgres/database.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { AwardId, OrganisationId, RuleId } from '#engine/shared/ids.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

let database: TestDatabase
let store: PostgresDatabase
const organisation = crypto.randomUUID() as OrganisationId
beforeAll(async () => {
  database = await createTestDatabase()
  store = openDatabase(database.url)
})
afterAll(async () => {
  await store?.close()
  await database?.drop()
})

/** A rule of which nothing but its id counts: foreign keys are off while it is made. */
async function aRule(): Promise<RuleId> {
  const id = crypto.randomUUID()
  await withClient(database.url, async (client) => {
    await client.query("SET session_replication_role = 'replica'")
    await client.query(
      "INSERT INTO rule (organisation_id, id, achievement_id, name) VALUES ($1, $2, gen_random_uuid(), 'Capped')",
      [organisation, id],
    )
  })
  return id as RuleId
}
const awards = (count: number) => Array.from({ length: count }, () => crypto.randomUUID() as AwardId)
const taken = (ruleId: RuleId) =>
  store.asWorker(
    async ({ awards }) => (await awards.takenSlots(organisation, [ruleId])).get(ruleId) ?? Number.NaN,
  )
const take = (ruleId: RuleId, cap: number, ids: readonly AwardId[]) =>
  store.asWorker((stores) => stores.awards.takeSlots(organisation, { ruleId, cap }, ids))

describe('places of a rule with a cap', () => {
  test('whoever comes first has one, and nobody has one more than the cap', async () => {
    const ruleId = await aRule()
    const [first, second] = [awards(2), awards(3)]
    expect(await taken(ruleId)).toBe(0)
    expect(await take(ruleId, 3, first)).toEqual(first)
    expect(await take(ruleId, 3, second)).toEqual(second.slice(0, 1))
    expect(await taken(ruleId)).toBe(3)
    // Again changes nothing, and a larger cap makes room.
    expect(await take(ruleId, 3, first)).toEqual(first)
    expect(await take(ruleId, 4, second)).toEqual(second.slice(0, 2))
  })

  test('a place that is given back is taken by the next one', async () => {
    const ruleId = await aRule()
    const all = awards(3)
    await take(ruleId, 3, all)
    await store.asWorker((stores) => stores.awards.freeSlots(all.slice(1, 2)))
    const next = awards(2)
    expect(await take(ruleId, 3, next)).toEqual(next.slice(0, 1))
  })

  test('many transactions at once, with counting and without, fill it exactly', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.record({ wanted: fc.integer({ min: 1, max: 5 }), counts: fc.boolean() }), {
          minLength: 2,
          maxLength: 12,
        }),
        async (cap, transactions) => {
          const ruleId = await aRule()
          const placed = await Promise.all(
            transactions.map(({ wanted, counts }) =>
              store.asWorker(async (stores) => {
                if (counts) await stores.awards.takenSlots(organisation, [ruleId])
                return stores.awards.takeSlots(organisation, { ruleId, cap }, awards(wanted))
              }),
            ),
          )
          const asked = transactions.reduce((sum, { wanted }) => sum + wanted, 0)
          expect(placed.flat()).toHaveLength(Math.min(cap, asked))
          expect(await taken(ruleId)).toBe(Math.min(cap, asked))
        },
      ),
      { numRuns: 15 },
    )
  })

  test('a count stays true until the transaction ends: nobody takes a place meanwhile who counts first', async () => {
    const ruleId = await aRule()
    const seen = await Promise.all(
      Array.from({ length: 8 }, () =>
        store.asWorker(async (stores) => {
          const before = (await stores.awards.takenSlots(organisation, [ruleId])).get(ruleId) ?? Number.NaN
          await stores.awards.takeSlots(organisation, { ruleId, cap: 8 }, awards(1))
          return before
        }),
      ),
    )
    expect(seen.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  test('the database refuses that two awards have one place, whoever writes it', async () => {
    const ruleId = await aRule()
    await take(ruleId, 1, awards(1))
    const second = withClient(database.url, (client) =>
      client.query('INSERT INTO award_slot VALUES ($1, $2, 1, gen_random_uuid())', [organisation, ruleId]),
    )
    await expect(second).rejects.toSatisfy(
      (error) => (error as { code?: string }).code === '23505' || sqlState(error) === '23505',
    )
  })
})
