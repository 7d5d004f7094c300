import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '#adapters/postgres/migrate.ts'
import { createTestDatabase, type TestDatabase } from '#test/postgres/test-database.ts'
import { checkDatabase } from './start-checks.ts'
import { EXIT, explainStartError } from './start-errors.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const changed = (change: Partial<URL>) => Object.assign(new URL(database.url), change).href

test('a database that is new enough and lets us in is accepted', async () => {
  await checkDatabase(database.url)
})

test.each<[string, () => string]>([
  ['password', () => changed({ password: 'wrong' })],
  ['database', () => changed({ pathname: '/no-such-database' })],
])('a wrong %s is told apart from a server that is not there', async (_name, url) => {
  await expect(checkDatabase(url())).rejects.toMatchObject({ exitCode: EXIT.settings })
})

test('a migration that fails stops this start and the next one, by its name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waarmerk-migrations-'))
  const own = join(import.meta.dirname, '../prisma/migrations')
  await cp(own, folder, { recursive: true })
  await mkdir(join(folder, '20990101000000_broken'))
  await writeFile(
    join(folder, '20990101000000_broken', 'migration.sql'),
    'CREATE TABLE half (id int); SELECT 1 / 0;',
  )
  try {
    for (let round = 0; round < 2; round++) {
      const explained = explainStartError(await migrate(database.url, { folder }).catch((error) => error))
      expect(explained.exitCode).toBe(EXIT.data)
      expect(explained.message).toContain('20990101000000_broken')
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})
