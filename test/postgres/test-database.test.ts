import { afterEach, expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

const open: TestDatabase[] = []
afterEach(async () => {
  for (const database of open.splice(0)) await database.drop()
})

async function create(): Promise<string> {
  const database = await createTestDatabase()
  open.push(database)
  return database.url
}

test('two test databases do not see each other', async () => {
  const [one, other] = [await create(), await create()]
  await withClient(one, (client) => client.query('CREATE TABLE only_here (id int)'))
  const found = await withClient(other, (client) => client.query("SELECT to_regclass('only_here') AS at"))
  expect(found.rows).toEqual([{ at: null }])
})

test('a dropped test database is gone although somebody is still connected', async () => {
  const database = await createTestDatabase()
  await withClient(database.url, async () => database.drop()).catch(() => {})
  await expect(withClient(database.url, (client) => client.query('SELECT 1'))).rejects.toMatchObject({
    code: '3D000',
  })
})
