import { afterAll, beforeAll, expect, test } from 'vitest'
import { utf8 } from '#engine/shared/bytes.ts'
import { idempotencyConformance } from '#test/http/idempotency-store.conformance.ts'
import { createTestDatabase, type TestDatabase } from '#test/postgres/test-database.ts'
import { openDatabase, type PostgresDatabase } from './database.ts'
import { postgresIdempotencyStore } from './idempotency-store.ts'

let home: TestDatabase
let database: PostgresDatabase
beforeAll(async () => {
  home = await createTestDatabase()
  database = openDatabase(home.url)
})
afterAll(async () => {
  await database?.close()
  await home?.drop()
})

const HOUR_MS = 3_600_000

/** A store whose clock the test moves. */
function storeWithClock() {
  let passed = 0
  const store = postgresIdempotencyStore(database, () => Date.now() + passed)
  return {
    store,
    elapse: async (milliseconds: number) => {
      passed += milliseconds
    },
  }
}

idempotencyConformance('PostgreSQL', async () => storeWithClock())

test('an answer is kept for a day, and no longer than that', async () => {
  const { store, elapse } = storeWithClock()
  const digest = new Uint8Array(32)
  const start = await store.begin('key:a POST /v1/things', 'day', digest)
  if (start.kind !== 'new') throw new Error(`Expected a new start, got ${start.kind}.`)
  await store.complete('key:a POST /v1/things', 'day', start.ticket, {
    status: 201,
    headers: {},
    body: utf8('{}'),
  })
  await elapse(23 * HOUR_MS)
  expect(await store.begin('key:a POST /v1/things', 'day', digest)).toMatchObject({ kind: 'replay' })
  await elapse(2 * HOUR_MS)
  expect(await store.begin('key:a POST /v1/things', 'day', digest)).toMatchObject({ kind: 'new' })
})

test('of many equal calls in two processes exactly one is new', async () => {
  const other = openDatabase(home.url)
  try {
    const stores = [postgresIdempotencyStore(database), postgresIdempotencyStore(other)]
    const starts = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        (stores[n % 2] ?? postgresIdempotencyStore(database)).begin(
          'key:b POST /v1/things',
          'race',
          new Uint8Array(32),
        ),
      ),
    )
    expect(starts.filter(({ kind }) => kind === 'new')).toHaveLength(1)
    expect(starts.filter(({ kind }) => kind === 'in-progress')).toHaveLength(39)
  } finally {
    await other.close()
  }
})
