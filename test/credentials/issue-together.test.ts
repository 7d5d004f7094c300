import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDatabase, type PostgresDatabase } from '#adapters/postgres/database.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { databaseErrors } from '#engine/errors/database-errors.ts'
import type { KeyId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { createSealBatches } from '#services/anchoring/seal-batches.ts'
import { createEndEditions } from '#services/awards/end-editions.ts'
import { createIssueAwards } from '#services/awards/issue-awards.ts'
import { createMailEarner } from '#services/awards/mail-earner.ts'
import { prepareNextEdition } from '#services/awards/prepare-edition.ts'
import { createSignEditions, type SignEditionsNeeds } from '#services/awards/sign-editions.ts'
import type { Chain } from '#services/ports/chain.ts'
import { armCrashPoint, type CrashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import { createTestDatabase, type TestDatabase } from '#test/postgres/test-database.ts'
import { withStores } from '#test/product/second-composition.ts'
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

/** As the worker does: one pass after another, until one says that there is no more. */
async function untilNoMore(step: () => Promise<{ readonly more: boolean }>): Promise<void> {
  while ((await step()).more);
}

test('where organisations take turns, none is left lying until the next sweep', async () => {
  const before = await issuedNow()
  const one = await createGranting(database, 'one-that-waits')
  await one.grant(1)
  await granting.grant(9)
  await untilNoMore(createIssueAwards(parts.needs, 4))
  await expectOnce(before + 10)
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

/** Whatever it is that the database has against one of them. */
function refusingMany(meanwhile: () => void = () => undefined) {
  let refused = 0
  const addLeaf: typeof parts.needs.addLeaf = async (stores, ...leaves) => {
    if (leaves.length > 1) {
      refused++
      meanwhile()
      throw new Error('Not these together.')
    }
    return parts.needs.addLeaf(stores, ...leaves)
  }
  return { addLeaf, refused: () => refused }
}

test('where they cannot be stored together, each is stored alone', async () => {
  const before = await issuedNow()
  await granting.grant(4)
  const refusing = refusingMany()
  await createIssueAwards({ ...parts.needs, addLeaf: refusing.addLeaf })()
  expect(refusing.refused()).toBe(1)
  await expectOnce(before + 4)
})

test('a key that cannot be opened stops its own issuer, and what others have signed together is kept', async () => {
  const before = await issuedNow()
  const robbed = await createGranting(database, 'robbed')
  await robbed.grant(3)
  await granting.grant(3)
  await client.query(`UPDATE issuer_key SET sealed_secret = '\\x00' WHERE issuer_id = $1`, [robbed.issuerId])
  let alone = 0
  const { addLeaf } = parts.needs
  await createIssueAwards({
    ...parts.needs,
    addLeaf: (stores, ...leaves) => {
      if (leaves.length === 1) alone++
      return addLeaf(stores, ...leaves)
    },
  })()
  await expectOnce(before + 3)
  expect(alone).toBe(0)
  const { rows } = await client.query(
    `UPDATE award SET state = 'revoked', ended_at = now() WHERE issuer_id = $1 RETURNING attempts`,
    [robbed.issuerId],
  )
  expect(rows).toEqual([{ attempts: 1 }, { attempts: 1 }, { attempts: 1 }])
})

/** The step that signs what comes after a first edition, with whatever a test puts in the place of its parts. */
const signStep = (over: Partial<SignEditionsNeeds> = {}, pass?: number) => {
  const { needs } = parts
  return createSignEditions(
    {
      ...needs,
      endEditions: createEndEditions({ random: needs.random }),
      mailEarner: createMailEarner({ random: needs.random, origin: needs.origin }),
      ...over,
    },
    pass,
  )
}

/** Issues awards, and prepares the second edition of each, as a job after a theft does. */
async function prepareSecond(count: number, by: Pick<typeof granting, 'grant'> = granting): Promise<void> {
  const { rows: held } = await client.query(`SELECT id FROM award`)
  await by.grant(count)
  await createIssueAwards(parts.needs)()
  const { rows } = await client.query(`SELECT id FROM award WHERE state = 'issued' AND id <> ALL($1)`, [
    held.map(({ id }) => id),
  ])
  await database.asWorker(async (stores) => {
    for (const award of await stores.awards.lockMany(rows.map(({ id }) => id)))
      await prepareNextEdition(parts.needs, stores, award, { cause: 'reissued', reason: 'A stolen laptop.' })
  })
}

/** Of so many badges the second edition counts, the first has its bit, and each of them is told once. */
async function expectSecondOnce(reissued: number): Promise<void> {
  const { rows } = await client.query(`
    SELECT (SELECT count(*)::int FROM credential_edition WHERE edition = 2 AND state = 'signed') AS signed,
      (SELECT count(*)::int FROM credential_edition WHERE edition = 1 AND ended_by = 'superseded') AS over,
      (SELECT count(*)::int FROM leaf JOIN credential_edition edition ON edition.leaf_id = leaf.id
        AND edition.digest = leaf.digest AND edition.edition = 2) AS leaves,
      (SELECT count(*)::int FROM mail WHERE kind = 'award-reissued') AS mails,
      (SELECT count(DISTINCT target_id)::int FROM audit WHERE action = 'award.reissued') AS audited,
      (SELECT count(*)::int FROM audit WHERE action = 'award.reissued') AS audit_rows`)
  expect(rows[0]).toEqual({
    signed: reissued,
    over: reissued,
    leaves: reissued,
    mails: reissued,
    audited: reissued,
    audit_rows: reissued,
  })
  const lists = await client.query(`SELECT bits FROM status_list`)
  const ones = lists.rows.flatMap(({ bits }) => [...(bits as Uint8Array)].filter((byte) => byte !== 0))
  const bits = ones.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
  expect(bits).toBe(reissued)
}
const reissuedNow = async (): Promise<number> =>
  (
    await client.query(
      `SELECT count(*)::int AS n FROM credential_edition WHERE edition = 2 AND state = 'signed'`,
    )
  ).rows[0].n

test('further editions are signed together, each once, also by two workers at once, in a few transactions', async () => {
  await prepareSecond(60)
  let transactions = 0
  const counted: typeof database = {
    ...database,
    asWorker: (work) => {
      transactions++
      return database.asWorker(work)
    },
  }
  const [one, other] = [signStep({ database: counted }, 40), signStep({ database: counted }, 40)]
  // Who has claimed some may have left others: only a pass that finds none is the last.
  expect(await Promise.all([one(), other()])).toEqual([{ more: true }, { more: true }])
  await expectSecondOnce(60)
  expect(transactions).toBe(6)
  expect(await one()).toEqual({ more: false })
})

test('where organisations take turns, no further edition is left lying until the next sweep', async () => {
  const before = await reissuedNow()
  await prepareSecond(1, await createGranting(database, 'one-that-waits-again'))
  await prepareSecond(9)
  await untilNoMore(signStep({}, 4))
  await expectSecondOnce(before + 10)
})

test.each<CrashPoint>(['edition.before-sign', 'edition.before-store', 'edition.stored'])(
  'a worker that ends at %s leaves further editions to the next one',
  async (point) => {
    const before = await reissuedNow()
    await prepareSecond(5)
    const prepared = await preparedNow()
    armCrashPoint(point, () => {
      throw databaseErrors.databaseUnavailable({})
    })
    await expect(signStep()()).rejects.toMatchObject({ code: 'database-unavailable' })
    expect(await reissuedNow()).toBe(point === 'edition.stored' ? before + 5 : before)
    armCrashPoint(point, () => undefined)
    await client.query(`UPDATE credential_edition SET next_attempt_at = NULL WHERE state = 'prepared'`)
    await signStep()()
    await expectSecondOnce(before + 5)
    expect(await preparedNow()).toEqual(prepared)
  },
)

test('a further edition that cannot be signed stops no other, and neither does one that nobody may have any more', async () => {
  const before = await reissuedNow()
  await prepareSecond(4)
  const waiting = `SELECT credential_id FROM credential_edition WHERE edition = 2 AND state = 'prepared' ORDER BY 1`
  const [broken, over] = (await client.query(waiting)).rows.map(({ credential_id: id }) => id)
  // What was recorded never changes: only past the triggers is there one that no signer takes.
  await client.query('SET session_replication_role = replica')
  await client.query(
    `UPDATE credential_edition SET prepared = '{"a": 1}' WHERE credential_id = $1 AND edition = 2`,
    [broken],
  )
  await client.query('SET session_replication_role = origin')
  await client.query(
    `UPDATE award SET state = 'expired', ended_at = now() WHERE id = (SELECT award_id FROM credential WHERE id = $1)`,
    [over],
  )
  await signStep()()
  await expectSecondOnce(before + 2)
  const { rows } = await client.query(
    `SELECT credential_id, attempts, next_attempt_at > now() AS later FROM credential_edition
     WHERE edition = 2 AND state = 'prepared'`,
  )
  expect(rows).toEqual([{ credential_id: broken, attempts: 1, later: true }])
  await client.query(`DELETE FROM credential_edition WHERE credential_id = $1 AND edition = 2`, [broken])
})

test('where further editions cannot be stored together, each is stored alone', async () => {
  const before = await reissuedNow()
  await prepareSecond(3)
  const refusing = refusingMany()
  await signStep({ addLeaf: refusing.addLeaf })()
  expect(refusing.refused()).toBe(1)
  await expectSecondOnce(before + 3)
})

test('where each attempt together takes longer than its lease, and fails, all are signed all the same', async () => {
  const before = await reissuedNow()
  await prepareSecond(4)
  // As if time passed while they are stored.
  let late = 0
  const clock = { now: () => asInstant(Date.now() + late) }
  const refusing = refusingMany(() => {
    late += 6_000
  })
  const step = signStep({ clock, addLeaf: refusing.addLeaf }, 4)
  for (let passes = 0; passes < 4 && (await reissuedNow()) < before + 4; passes++) await step()
  await expectSecondOnce(before + 4)
  // Four, then two of the three that were left, then one by one.
  expect(refusing.refused()).toBe(2)
})

test('whoever ends editions while their first leaves are sealed, before or after them: each bit is set on chain', async () => {
  const { needs, secretBox } = parts
  const { organisationId, issuerId } = granting
  const key = { id: needs.random.rowId() as KeyId, purpose: 'anchoring', state: 'active' } as const
  await database.asWorker(({ issuers }) =>
    issuers.insertKey({
      ...{ ...key, organisationId, issuerId, publicKey: `0x${'11'.repeat(20)}` },
      ...{ sealedSecret: new Uint8Array(), createdAt: systemClock.now() },
    }),
  )
  const sealing = (tampered: Database) =>
    createSealBatches({
      ...{ ...needs, database: tampered, secretBox, intervalMs: 1, maxLeaves: 256 },
      chain: { address: { chainId: 31_337, contract: `0x${'22'.repeat(20)}` } } as Chain,
    })
  // What the tests before have left open.
  await sealing(database)()
  const endEditions = createEndEditions({ random: needs.random })

  // 1. They have ended, and are not committed.
  await prepareSecond(3)
  let gate = createGate()
  const signing = signStep({
    endEditions: async (...given) => {
      await endEditions(...given)
      await gate.pass()
    },
  })()
  await gate.reached
  const sealed = sealing(database)()
  await Promise.race([sealed, someoneWaits()])
  gate.open()
  await Promise.all([signing, sealed])
  await expectBitsOnChain()

  // 2. They are sealed, and that is not committed.
  await sealing(database)()
  await prepareSecond(3)
  gate = createGate()
  const slow = withStores(database, (stores) => ({
    ...stores,
    anchoring: {
      ...stores.anchoring,
      revokedPositions: async (batchId) => {
        const positions = await stores.anchoring.revokedPositions(batchId)
        await gate.pass()
        return positions
      },
    },
  }))
  const alsoSealed = sealing(slow)()
  await gate.reached
  const alsoSigning = signStep()()
  await Promise.race([alsoSigning, someoneWaits()])
  gate.open()
  await Promise.all([alsoSigning, alsoSealed])
  await expectBitsOnChain()
})

/** Holds up whoever comes by until it is opened. */
function createGate() {
  const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  return {
    reached: reached.promise,
    open: opened.resolve,
    pass: () => {
      reached.resolve()
      return opened.promise
    },
  }
}

/** Some transaction waits for the rows of another one. */
async function someoneWaits(): Promise<void> {
  for (;;) {
    const { rows } = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    if (rows.length > 0) return
    await sleep(20)
  }
}

/** Each place in a batch of an edition that is over is in one task to set its bit. */
async function expectBitsOnChain(): Promise<void> {
  const { rows } = await client.query(`
    SELECT leaf.batch_id, leaf.position, (SELECT count(*)::int FROM chain_task task
      WHERE task.batch_id = leaf.batch_id AND task.kind = 'revoke' AND leaf.position = ANY(task.positions)) AS tasks
    FROM leaf JOIN credential_edition edition ON edition.leaf_id = leaf.id
    WHERE edition.revoked_at IS NOT NULL AND leaf.batch_id IS NOT NULL`)
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.filter(({ tasks }) => tasks !== 1)).toEqual([])
}

const issuedNow = async (): Promise<number> =>
  (await client.query(`SELECT count(*)::int AS n FROM award WHERE state = 'issued'`)).rows[0].n

const preparedNow = async (): Promise<string[]> =>
  (
    await client.query(`SELECT encode(sha256(prepared), 'hex') AS id FROM credential_edition ORDER BY 1`)
  ).rows.map(({ id }) => id)
