import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pullSchema } from '../../scripts/pull-schema.ts'
import { createTestDatabase } from './test-database.ts'

const SCHEMA = join(import.meta.dirname, '../../prisma/schema.prisma')

test('the Prisma schema is what the migrated database says', async () => {
  const database = await createTestDatabase()
  try {
    expect(await readFile(SCHEMA, 'utf8')).toBe(pullSchema(database.url))
  } finally {
    await database.drop()
  }
})
