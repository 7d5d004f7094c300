import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensurePartitions } from '#adapters/postgres/installation.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

// Straight on the database, without a line of ours in between: what the two roles may see and do.

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await createTestDatabase()
  await ensurePartitions(database.url)
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await seed()
})
afterAll(async () => {
  await client?.end()
  await database?.drop()
})

const ONE = '00000000-0000-7000-8000-000000000001'
const OTHER = '00000000-0000-7000-8000-000000000002'
/** Reached by the worker's role alone: they belong to no organisation, or to whoever asks before that is known. */
const GLOBAL_TABLES = new Set([
  'taken_slug',
  'account',
  'account_identity',
  'session',
  'sign_in_link',
  'sign_in_attempt',
  'identity_code',
  'account_merge',
  'account_event',
  'collection',
  'collection_item',
  'imported_badge',
  'oauth_record',
  'account_profile',
  'host_connection',
  'host_fetch',
  'wallet_offer',
  'notification_preference',
  'digest_setting',
  'digest',
  'file',
  'idempotency_key',
  'chain_transaction',
  'chain_cursor',
  '_prisma_migrations',
])

/** Of organisations, and reached by the worker's role alone: what is in them is for earners. */
const EARNERS_TABLES = new Set(['edition_base'])

/** One row in every tenant table for each of two organisations, with foreign keys off: what counts is whose it is. */
async function seed(): Promise<void> {
  await client.query("SET session_replication_role = 'replica'")
  for (const organisation of [ONE, OTHER]) {
    await client.query("INSERT INTO organisation (id, slug, name) VALUES ($1, $2, 'Test')", [
      organisation,
      `test-${organisation.at(-1)}`,
    ])
    for (const table of await tenantTables()) await insertInto(table, organisation)
  }
  await client.query("SET session_replication_role = 'origin'")
}

/** Columns whose values hang together by a check. */
const FITTING: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  achievement_share: { kind: 'view' },
  achievement_step: { kind: 'commented', number: 1 },
  achievement_version: { state: 'draft' },
  assessor_mandate: { account_id: ONE },
  attested_message: { act: 'attest' },
  attribute_definition: { name: 'level', type: 'number' },
  award: { origin: 'direct', state: 'granted' },
  award_change: { kind: 'revocation', state: 'prepared' },
  award_change_item: { action: 'revoke' },
  award_approval: { decision: 'approved' },
  award_slot: { slot: 1 },
  batch: { size: 1, state: 'sealed' },
  chain_task: { kind: 'register', state: 'queued' },
  claim: { state: 'open' },
  claim_confirmation: { state: 'asked', claim_id: ONE },
  credential_edition: { state: 'prepared' },
  credential_view: { channel: 'link' },
  decision: { outcome: 'award' },
  direct_award: { state: 'scheduled', identifier_type: 'email' },
  direct_award_bundle: { state: 'running' },
  direct_award_bundle_row: { state: 'refused' },
  endorsement: { target: 'issuer', state: 'requested' },
  event: { state: 'received', subject_id: ONE },
  issuer: { state: 'pending' },
  expert_review: { state: 'requested' },
  framework: { format: 'table' },
  invitation: { state: 'open' },
  issuer_key: { purpose: 'issuing', state: 'active' },
  job: { kind: 'backfill', state: 'queued' },
  mail: { state: 'waiting' },
  mail_block: { reason: 'refused' },
  mail_template: { language: 'nl', subject: null, text: null },
  notification: { mail: 'open' },
  rule_version: { state: 'draft' },
  unit: { kind: 'organisation' },
  webhook_attempt: { status: 204 },
  webhook_delivery: { state: 'waiting' },
  webhook_endpoint: { state: 'enabled', event_types: ['*'] },
}

/** Fills every column that must be filled. */
async function insertInto(table: string, organisation: string): Promise<void> {
  const { rows } = await client.query(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull AND NOT atthasdef`,
    [table],
  )
  const row: Record<string, unknown> = {}
  for (const { name, type } of rows as { name: string; type: string }[]) row[name] = sampleOf(type, name)
  Object.assign(row, FITTING[table], { organisation_id: organisation })
  const columns = Object.keys(row)
  await client.query(
    `INSERT INTO "${table}" (${columns.map((name) => `"${name}"`).join(', ')})
     VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  )
}

let counter = 0
function sampleOf(type: string, name: string): unknown {
  counter += 1
  if (type === 'uuid') return crypto.randomUUID()
  if (type === 'bytea') return Buffer.alloc(name === 'bits' ? 16_384 : 32, counter)
  if (type === 'jsonb') return '{}'
  if (type === 'boolean') return false
  if (type === 'text[]') return name === 'rights' ? ['read'] : []
  if (type === 'integer[]') return []
  if (type === 'date') return '2026-01-01'
  if (type.startsWith('timestamp')) return new Date(1_764_000_000_000 + counter)
  if (type === 'text') return name === 'slug' ? `slug-${counter}` : `text-${counter}`
  if (name === 'length') return 131_072
  return 1
}

/** Every table that holds rows of organisations, partitions left out: those are reached through their parents. */
async function tenantTables(): Promise<readonly string[]> {
  const { rows } = await client.query(`
    SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'organisation_id'
    WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace ORDER BY relname`)
  return rows.map(({ relname }: { relname: string }) => relname)
}

const readTables = async (): Promise<readonly string[]> =>
  (await tenantTables()).filter((table) => !EARNERS_TABLES.has(table))

/** Runs `work` as one of the two roles, with the organisation named or not, and takes everything back. */
async function as<T>(role: string, organisation: string | undefined, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    await client.query(`SET LOCAL ROLE ${role}`)
    if (organisation !== undefined)
      await client.query("SELECT set_config('waarmerk.organisation', $1, true)", [organisation])
    return await work()
  } finally {
    await client.query('ROLLBACK')
  }
}

/** SQLSTATE of what the statement is refused with. */
async function refusal(statement: string, values: unknown[] = []): Promise<string | undefined> {
  await client.query('SAVEPOINT trial')
  try {
    await client.query(statement, values)
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  } finally {
    await client.query('ROLLBACK TO trial')
  }
}

const rowsOf = async (table: string, column = 'organisation_id'): Promise<readonly string[]> => {
  const { rows } = await client.query(`SELECT ${column}::text AS of FROM "${table}" ORDER BY 1`)
  return rows.map(({ of }: { of: string }) => of)
}

const RLS_VIOLATION = '42501'

describe('what a tenant sees', () => {
  test('without an organisation: no row of any table of organisations', async () => {
    for (const named of [undefined, ''])
      await as('waarmerk_tenant', named, async () => {
        for (const table of await readTables()) expect([table, await rowsOf(table)]).toEqual([table, []])
        expect(await rowsOf('organisation', 'id')).toEqual([])
      })
  })

  test('with an organisation: its own row of every table, and no other', async () => {
    for (const organisation of [ONE, OTHER])
      await as('waarmerk_tenant', organisation, async () => {
        const tables = await readTables()
        expect(tables.length).toBeGreaterThan(30)
        for (const table of tables) expect([table, await rowsOf(table)]).toEqual([table, [organisation]])
        expect(await rowsOf('organisation', 'id')).toEqual([organisation])
      })
  })

  test('nothing of what is for earners alone, not even its own', async () => {
    await as('waarmerk_tenant', ONE, async () => {
      for (const table of EARNERS_TABLES)
        expect([table, await refusal(`SELECT 1 FROM "${table}"`)]).toEqual([table, RLS_VIOLATION])
    })
    await as('waarmerk_worker', undefined, async () => {
      for (const table of EARNERS_TABLES) expect(await rowsOf(table)).toEqual([ONE, OTHER])
    })
  })

  test('a name of an organisation that is no id is refused, and an unknown one shows nothing', async () => {
    await as('waarmerk_tenant', 'all', async () => {
      expect(await refusal('SELECT 1 FROM award')).toBe('22P02')
    })
    await as('waarmerk_tenant', crypto.randomUUID(), async () => {
      expect(await rowsOf('award')).toEqual([])
    })
  })
})

describe('what a tenant may change', () => {
  test('it inserts nothing for another organisation, nor for none', async () => {
    await as('waarmerk_tenant', ONE, async () => {
      for (const table of await tenantTables())
        for (const organisation of [OTHER, null])
          expect([
            table,
            await refusal(
              `INSERT INTO "${table}" SELECT (jsonb_populate_record(t, $1)).* FROM "${table}" t`,
              [JSON.stringify({ organisation_id: organisation })],
            ),
          ]).toEqual([table, RLS_VIOLATION])
    })
  })

  test('it changes no row of another organisation, and gives none of its own away', async () => {
    await as('waarmerk_tenant', ONE, async () => {
      const { rowCount } = await client.query("UPDATE unit SET name = 'taken' WHERE organisation_id = $1", [
        OTHER,
      ])
      expect(rowCount).toBe(0)
      for (const table of await tenantTables()) {
        // The audit trail is written once: there the role lacks the privilege itself, which has the same code.
        const code = await refusal(`UPDATE "${table}" SET organisation_id = $1`, [OTHER])
        expect([table, code]).toEqual([table, RLS_VIOLATION])
      }
    })
  })

  test('it deletes nothing but what evaluation computes anew, places that are given back, editions nobody signed, notes of jobs, memberships, roles, units, imported targets and files that were imported, and empties no table', async () => {
    await as('waarmerk_tenant', ONE, async () => {
      for (const table of await tenantTables()) {
        const isPassing = [
          'leaf_state',
          'evaluation_timer',
          'award_slot',
          'job_recipient',
          'membership',
          'framework_import',
          'framework_import_part',
          'framework_import_target',
          'framework_target',
          'role',
          'unit',
        ].includes(table)
        // Of editions only those that were never signed; a trigger keeps the others.
        const kept = table === 'credential_edition' ? '23000' : RLS_VIOLATION
        expect([table, await refusal(`DELETE FROM "${table}"`)]).toEqual([
          table,
          isPassing ? undefined : kept,
        ])
        expect([table, await refusal(`TRUNCATE "${table}" CASCADE`)]).toEqual([table, RLS_VIOLATION])
      }
    })
  })

  test('it reaches no account, session, sign-in link, idempotency key or transaction at all', async () => {
    await as('waarmerk_tenant', ONE, async () => {
      for (const table of GLOBAL_TABLES)
        if (table !== 'taken_slug' && table !== 'file')
          expect([table, await refusal(`SELECT 1 FROM "${table}"`)]).toEqual([table, RLS_VIOLATION])
    })
  })

  test('neither role changes how it is held, nor becomes the other', async () => {
    for (const role of ['waarmerk_tenant', 'waarmerk_worker'])
      await as(role, ONE, async () => {
        for (const statement of [
          'ALTER TABLE award DISABLE ROW LEVEL SECURITY',
          'DROP POLICY tenant ON award',
          'CREATE TABLE mine (id int)',
          'CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
        ])
          expect([role, statement, await refusal(statement)]).toEqual([role, statement, RLS_VIOLATION])
      })
    const { rows } = await client.query(
      "SELECT rolname FROM pg_roles WHERE rolname LIKE 'waarmerk%' AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole)",
    )
    expect(rows).toEqual([])
  })
})

describe('what the schema promises', () => {
  test('every table is either of organisations, with forced security and both policies, or named as global', async () => {
    const { rows } = await client.query(`
      SELECT relname, relrowsecurity AND relforcerowsecurity AS forced,
             array(SELECT polname::text FROM pg_policy WHERE polrelid = pg_class.oid ORDER BY 1) AS policies
      FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace`)
    const tenants = new Set([...(await tenantTables()), 'organisation'])
    for (const { relname, forced, policies } of rows as {
      relname: string
      forced: boolean
      policies: string[]
    }[])
      if (tenants.has(relname))
        expect([relname, forced, policies]).toEqual([relname, true, ['tenant', 'worker']])
      else expect([relname, GLOBAL_TABLES.has(relname)]).toEqual([relname, true])
  })

  test('partitions are reached through their parents only: nobody but the owner has a right on them', async () => {
    const { rows } = await client.query(`
      SELECT relname, has_table_privilege('waarmerk_tenant', oid, 'SELECT, INSERT, UPDATE, DELETE')
                   OR has_table_privilege('waarmerk_worker', oid, 'SELECT, INSERT, UPDATE, DELETE') AS reached
      FROM pg_class WHERE relispartition AND relkind = 'r'`)
    expect(rows.length).toBeGreaterThanOrEqual(12)
    for (const { relname, reached } of rows) expect([relname, reached]).toEqual([relname, false])
  })

  test('organisation_id comes first in every table, and a foreign key between two such tables has it on both sides', async () => {
    const tenants = await tenantTables()
    for (const table of tenants) {
      const { rows } = await client.query(
        'SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1',
        [table],
      )
      expect([table, rows[0]?.attname]).toEqual([table, 'organisation_id'])
    }
    const { rows } = await client.query(`
      SELECT conrelid::regclass::text AS source, confrelid::regclass::text AS target,
             array(SELECT attname::text FROM unnest(conkey) k JOIN pg_attribute ON attrelid = conrelid AND attnum = k) AS columns,
             array(SELECT attname::text FROM unnest(confkey) k JOIN pg_attribute ON attrelid = confrelid AND attnum = k) AS keys
      FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`)
    const between = (rows as { source: string; target: string; columns: string[]; keys: string[] }[]).filter(
      ({ source, target }) => tenants.includes(source) && tenants.includes(target),
    )
    expect(between.length).toBeGreaterThan(25)
    for (const { source, target, columns, keys } of between)
      expect([source, target, columns.includes('organisation_id'), keys.includes('organisation_id')]).toEqual(
        [source, target, true, true],
      )
  })

  test('a row that points into another organisation is refused, also by the role that sees all', async () => {
    await as('waarmerk_worker', undefined, async () => {
      const unit = await client.query('SELECT id FROM unit WHERE organisation_id = $1', [OTHER])
      const code = await refusal(
        "INSERT INTO unit (organisation_id, id, parent_id, kind, name) VALUES ($1, gen_random_uuid(), $2, 'group', 'X')",
        [ONE, unit.rows[0].id],
      )
      expect(code).toBe('23503')
    })
  })
})
