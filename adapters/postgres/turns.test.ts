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

test('of each organisation the oldest come first', async () => {
  const all = await Promise.all(['a', 'b', 'c'].map((slug) => createGranting(database, `turn-${slug}`)))
  for (const each of all) await each.grant(3)
  await client.query(
    `UPDATE award SET granted_at = to_timestamp($1) + numbered.place * interval '1 second' FROM (
       SELECT id, row_number() OVER (ORDER BY id) AS place FROM award
     ) AS numbered WHERE award.id = numbered.id`,
    [Date.UTC(2026, 0, 1) / 1000],
  )
  const [now, until] = [asInstant(NOW), asInstant(NOW + 5000)]
  const first = await database.asWorker((stores) => stores.awards.claimDue(3, now, until))
  const { rows } = await client.query('SELECT min(id::text) AS id FROM award GROUP BY organisation_id')
  expect(first.map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort())
})

test('whoever comes last has a place in the next pass, also where the shares of the others fill it', async () => {
  for (const slug of ['a', 'b', 'c']) await (await createGranting(database, `full-${slug}`)).grant(10)
  const last = await createGranting(database, 'full-last')
  await last.grant(1)
  expect(await claimed(5)).toMatchObject({ [last.organisationId]: 1 })
})

test('whoever comes last gets a place while others have many waiting, also where more wait than a pass has places', async () => {
  for (const slug of ['a', 'b', 'c']) await (await createGranting(database, `crowd-${slug}`)).grant(60)
  const last = await createGranting(database, 'crowd-last')
  await last.grant(1)
  // By chance: that it has none in 60 passes of 2 places for 4 happens once in 10^18.
  const passes: Awaited<ReturnType<typeof claimed>>[] = []
  while (passes.length < 60) passes.push(await claimed(2))
  expect(passes.filter((each) => each[last.organisationId] === 1)).toHaveLength(1)
  expect(passes.every((each) => Object.values(each).reduce((sum, count) => sum + count, 0) <= 2)).toBe(true)
})

test('a pass holds no more than it claims: what is left is claimed by another worker meanwhile', async () => {
  for (const slug of ['a', 'b', 'c', 'd', 'e'])
    await (await createGranting(database, `held-${slug}`)).grant(1)
  const [now, until] = [asInstant(NOW), asInstant(NOW + 5000)]
  await database.asWorker(async (stores) => {
    expect(await stores.awards.claimDue(2, now, until)).toHaveLength(2)
    expect(Object.keys(await claimed(5))).toHaveLength(3)
  })
})

test('a pass claims no more than it may, also where the statistics know one row only', async () => {
  const granting = await createGranting(database, 'unknown')
  await granting.grant(1)
  await client.query('ANALYZE award')
  await granting.grant(11)
  expect(await claimed(2)).toEqual({ [granting.organisationId]: 2 })
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
