import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#test/postgres/test-database.ts'
import { byteaArray, jsonbArray, textArray, timestamptzArray, uuidArray } from './binary-arrays.ts'

let home: TestDatabase
let client: pg.Client
beforeAll(async () => {
  home = await createTestDatabase()
  client = new pg.Client({ connectionString: home.url })
  await client.connect()
})
afterAll(async () => {
  await client?.end()
  await home?.drop()
})

/** PostgreSQL knows no NUL in a text, and UTF-8 no half of a surrogate pair. */
const text = fc.string({ unit: 'grapheme' }).filter((each) => !each.includes('\0'))
const time = fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 11, 31) })

test('PostgreSQL reads from them what was put in', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          id: fc.option(fc.uuid(), { nil: undefined }),
          name: fc.option(text, { nil: undefined }),
          bytes: fc.uint8Array(),
          document: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null))),
          at: time,
        }),
        { maxLength: 20 },
      ),
      async (items) => {
        const { rows } = await client.query(
          `SELECT id::text, name, bytes, document, (extract(epoch FROM at) * 1000)::bigint AS at
           FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::jsonb[], $5::timestamptz[])
             WITH ORDINALITY AS item (id, name, bytes, document, at, place) ORDER BY place`,
          [
            uuidArray(items.map(({ id }) => id)),
            textArray(items.map(({ name }) => name)),
            byteaArray(items.map(({ bytes }) => bytes)),
            jsonbArray(items.map(({ document }) => JSON.stringify(document))),
            timestamptzArray(items.map(({ at }) => at)),
          ],
        )
        const read = rows.map(({ id, name, bytes, document, at }) => ({
          id: id ?? undefined,
          name: name ?? undefined,
          bytes: new Uint8Array(bytes),
          document: { ...document },
          at: Number(at),
        }))
        expect(read).toEqual(items.map((item) => ({ ...item, document: { ...item.document } })))
      },
    ),
    { numRuns: 50 },
  ))
