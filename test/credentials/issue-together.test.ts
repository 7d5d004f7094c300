import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDatabase, type PostgresDatabase } from '#adapters/postgres/database.ts'
import { databaseErrors } from '#engine/errors/database-errors.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { createIssueAwards } from '#services/awards/issue-awards.ts'
import { armCrashPoint, type CrashPoint } from '#services/ports/crash-points.ts'
import { createTestDatabase, type TestDatabase } from '#test/postgres/test-database.ts'
import { createGranting, issuingParts } from './due-awards.ts'

let held: TestDatabase
let database: PostgresDatabase
let client: pg.Client
let parts: ReturnType<typeof issuingParts>
let granting: Awaited<ReturnType<typeof createGranting>>

beforeAll(async () => {
  held = await createTestDatabase()
  database = openDatabase(held.url)
  client = new pg.Client(held.url)
  await client.connect()
  parts = issuingParts(database)
  granting = await createGranting(database)
}, 60_000)
afterAll(async () => {
  await parts.threads.close()
  await client.end()
  await database.close()
  await held.drop()
})
afterEach(() => armCrashPoint('issue.stored', () => undefined))

/** Every award has one credential, one signed edition with an entry of its own, one leaf, one claim and one mail. */
async function expectOnce(issued: number): Promise<void> {
  const { rows } = await client.query(`
    SELECT (SELECT count(*)::int FROM award WHERE state = 'issued' AND issued_at IS NOT NULL) AS issued,
      (SELECT count(*)::int FROM credential_edition WHERE state = 'signed' AND edition = 1) AS signed,
      (SELECT count(DISTINCT (status_list_id, status_index))::int FROM credential_edition WHERE state = 'signed') AS entries,
      (SELECT count(*)::int FROM leaf JOIN credential_edition edition ON edition.leaf_id = leaf.id
        AND edition.digest = leaf.digest AND edition.credential_id = leaf.target_id) AS leaves,
      (SELECT count(*)::int FROM leaf) AS all_leaves,
      (SELECT count(*)::int FROM claim WHERE state = 'open') AS claims,
      (SELECT count(*)::int FROM mail WHERE kind = 'claim') AS mails`)
  expect(rows[0]).toEqual({
    issued,
    signed: issued,
    entries: issued,
    leaves: issued,
    all_leaves: issued,
    claims: issued,
    mails: issued,
  })
}

/** The lease of whoever died is over. */
const endLeases = () => client.query(`UPDATE award SET next_attempt_at = NULL WHERE state = 'due'`)

test('awards that are due together are issued together, each once, also by two workers at once', async () => {
  await granting.grant(60)
  while (parts.threads.ready() === 0) await sleep(20)
  const step = createIssueAwards(parts.needs, 40)
  const other = createIssueAwards(parts.needs, 40)
  await Promise.all([step(), other()])
  await expectOnce(60)
})

test.each<CrashPoint>(['issue.before-prepare', 'issue.prepared', 'issue.before-store', 'issue.stored'])(
  'a worker that ends at %s leaves them to the next one, with the documents that it prepared',
  async (point) => {
    const before = await issuedNow()
    await granting.grant(5)
    armCrashPoint(point, () => {
      throw databaseErrors.databaseUnavailable({})
    })
    const step = createIssueAwards(parts.needs)
    await expect(step()).rejects.toMatchObject({ code: 'database-unavailable' })
    const prepared = await preparedNow()
    armCrashPoint(point, () => undefined)
    await endLeases()
    await step()
    await expectOnce(before + 5)
    expect(await preparedNow()).toEqual(expect.arrayContaining(prepared))
  },
)

test('one that is unfit stops no other, and is tried again later', async () => {
  const before = await issuedNow()
  await granting.grant(3)
  // Over before it begins.
  await granting.grant(1, asInstant(Date.UTC(2020, 0, 1)))
  await granting.grant(3)
  await createIssueAwards(parts.needs)()
  await expectOnce(before + 6)
  const { rows } = await client.query(
    `SELECT attempts, last_error, next_attempt_at > now() AS later FROM award WHERE state = 'due'`,
  )
  expect(rows).toEqual([{ attempts: 1, last_error: expect.stringContaining('/validUntil'), later: true }])
  await client.query(`UPDATE award SET state = 'revoked', ended_at = now() WHERE state = 'due'`)
})

test('where they cannot be stored together, each is stored alone', async () => {
  const before = await issuedNow()
  await granting.grant(4)
  let refused = 0
  const needs = {
    ...parts.needs,
    // Whatever it is that the database has against one of them.
    addLeaf: async (...[stores, ...leaves]: Parameters<typeof parts.needs.addLeaf>) => {
      if (leaves.length > 1) {
        refused++
        throw new Error('Not these together.')
      }
      return parts.needs.addLeaf(stores, ...leaves)
    },
  }
  await createIssueAwards(needs)()
  expect(refused).toBe(1)
  await expectOnce(before + 4)
})

const issuedNow = async (): Promise<number> =>
  (await client.query(`SELECT count(*)::int AS n FROM award WHERE state = 'issued'`)).rows[0].n

const preparedNow = async (): Promise<string[]> =>
  (
    await client.query(`SELECT encode(sha256(prepared), 'hex') AS id FROM credential_edition ORDER BY 1`)
  ).rows.map(({ id }) => id)
