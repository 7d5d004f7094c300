import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import { createGranting } from '#test/credentials/due-awards.ts'
import { createTestDatabase, type TestDatabase } from '#test/postgres/test-database.ts'
import { openDatabase, type PostgresDatabase } from './database.ts'

let held: TestDatabase
let database: PostgresDatabase
let client: pg.Client

beforeAll(async () => {
  held = await createTestDatabase()
  database = openDatabase(held.url)
  client = new pg.Client(held.url)
  await client.connect()
})
afterEach(() => client.query('TRUNCATE award CASCADE'))
afterAll(async () => {
  await client.end()
  await database.close()
  await held.drop()
})

const NOW = Date.UTC(2090, 0, 1)

/** How many of each organisation a pass claims. */
async function claimed(limit: number, at = NOW): Promise<Readonly<Record<string, number>>> {
  const [now, until] = [asInstant(at), asInstant(at + 5000)]
  const awards = await database.asWorker((stores) => stores.awards.claimDue(limit, now, until))
  const byOrganisation = Map.groupBy(awards, ({ organisationId }) => organisationId)
  return Object.fromEntries([...byOrganisation].map(([id, own]) => [id, own.length]))
}

test('an organisation with one award waits for nobody who has many, and has all of a pass when it is alone', async () => {
  const [many, one] = [await createGranting(database, 'many'), await createGranting(database, 'one')]
  await many.grant(250)
  await one.grant(1)
  expect(await claimed(100)).toEqual({ [many.organisationId]: 50, [one.organisationId]: 1 })
  expect(await claimed(100)).toEqual({ [many.organisationId]: 100 })
  expect(await claimed(200)).toEqual({ [many.organisationId]: 100 })
  expect(await claimed(100)).toEqual({})
  // Claims that ran out are anybody's.
  expect(await claimed(300, NOW + 5000)).toEqual({ [many.organisationId]: 150, [one.organisationId]: 1 })
})

test('of each organisation the oldest come first, and of more organisations than a pass has places those that waited longest', async () => {
  const all = await Promise.all(['a', 'b', 'c', 'd'].map((slug) => createGranting(database, `turn-${slug}`)))
  for (const each of all) await each.grant(3)
  const ids = all.map(({ organisationId }) => organisationId as string)
  for (const [hours, id] of ids.entries())
    await client.query(
      `UPDATE award SET granted_at = to_timestamp($2) + numbered.place * interval '1 second' FROM (
         SELECT id, row_number() OVER (ORDER BY id) AS place FROM award WHERE organisation_id = $1
       ) AS numbered WHERE award.id = numbered.id`,
      [id, Date.UTC(2026, 0, 1, 10 - hours) / 1000],
    )
  const [now, until] = [asInstant(NOW), asInstant(NOW + 5000)]
  const first = await database.asWorker((stores) => stores.awards.claimDue(3, now, until))
  expect(first.map(({ organisationId }) => organisationId)).toEqual([ids[3], ids[2], ids[1]])
  const { rows } = await client.query('SELECT min(id::text) AS id FROM award GROUP BY organisation_id')
  const oldest = new Set(rows.map(({ id }) => id))
  expect(first.every(({ id }) => oldest.has(id))).toBe(true)
})

test('two workers at once claim each award once', async () => {
  const [one, other] = [await createGranting(database, 'both-1'), await createGranting(database, 'both-2')]
  await one.grant(40)
  await other.grant(40)
  const passes = await Promise.all(Array.from({ length: 8 }, () => claimed(20)))
  const sum = (id: string) => passes.reduce((total, each) => total + (each[id] ?? 0), 0)
  expect(sum(one.organisationId)).toBeLessThanOrEqual(40)
  let rest: Readonly<Record<string, number>> = {}
  let left = 0
  do {
    rest = await claimed(20)
    left += Object.values(rest).reduce((total, count) => total + count, 0)
  } while (Object.keys(rest).length > 0)
  expect(sum(one.organisationId) + sum(other.organisationId) + left).toBe(80)
})
