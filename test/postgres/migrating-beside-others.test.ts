import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { expect, test, vi } from 'vitest'
import { applyMigrations } from '#adapters/postgres/apply-migrations.ts'
import { migrate } from '#adapters/postgres/migrate.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import { MIGRATIONS, withDatabaseBefore } from './before-migration.ts'
import {
  addMail,
  addOrganisation,
  direct,
  expectForced,
  organisation,
  read,
  write,
} from './rows-from-before.ts'

// Others serve from the same database while one process brings it up to date.

const MAIL = '20261126103100_undelivered_mail'
const THIS = '20261129130000_rows_of_earlier_migrations'
const AFTER_THIS = '20261129141000_unfit_first_edition'
const TURNS = '20261129142000_turns_of_organisations'
const LIFTED = [
  'organisation',
  'credential_edition',
  'expert_review',
  'mail',
  'assessor_mandate',
  'audit',
  'invitation',
  'membership',
]
const soon = { timeout: 15_000 }

function remembering() {
  const lines: { event: string; fields: Record<string, unknown> }[] = []
  const keep = (event: string, fields: Record<string, unknown> = {}) => void lines.push({ event, fields })
  const named = (event: string) => lines.filter((line) => line.event === event)
  return {
    log: { warn: keep, error: keep },
    named,
    said: (event: string) => vi.waitFor(() => expect(named(event)).not.toEqual([]), soon),
  }
}

/** Another process, in the midst of a transaction for as long as `use` runs. */
const inTransaction = (url: string, begin: string, use: () => Promise<void>) =>
  withClient(url, async (client: pg.Client) => {
    await client.query(`BEGIN; ${begin}`)
    await use()
    await client.query('COMMIT')
  })

test('where everything is forced already, the mending waits for nobody, and nobody for it', async () => {
  await withDatabaseBefore(THIS, { bound: true }, async ({ administrator, owner, folderBefore }) => {
    // Later ones may alter tables.
    const folder = await folderBefore(AFTER_THIS)
    await addOrganisation(administrator)
    await addMail(administrator)
    const busy = `
      INSERT INTO role (organisation_id, id, name, rights, created_at)
        VALUES ('${organisation}', gen_random_uuid(), 'New', '{read}', now());
      ${LIFTED.map((table) => `SELECT count(*) FROM ${table};`).join(' ')}`
    await inTransaction(administrator, busy, async () => {
      await write(administrator, async (query) => {
        // It fails, instead of waiting for the end of the test.
        await query(`ALTER ROLE "${new URL(owner).username}" SET statement_timeout = '15s'`)
      })
      expect(await migrate(owner, { folder })).toEqual([THIS])
    })
    expect(
      await read(administrator, 'SELECT count(*)::int AS made FROM role WHERE built_in IS NOT NULL'),
    ).toEqual([{ made: 4 }])
    await expectForced(administrator)
  })
})

test('a mending that cannot have a row gives way, and is tried again by this start or the next', async () => {
  await withDatabaseBefore(THIS, { bound: true }, async ({ administrator, owner }) => {
    await addOrganisation(administrator)
    await addMail(administrator)
    const sending = "SELECT FROM mail WHERE message_id LIKE '<direct-award.%' FOR UPDATE"
    await inTransaction(administrator, sending, async () => {
      // As a process that was ended while it tried.
      await expect(applyMigrations(owner, MIGRATIONS)).rejects.toMatchObject({ migration: THIS })
    })
    const { log, named, said } = remembering()
    let migrated: Promise<readonly string[]> | undefined
    await inTransaction(administrator, sending, async () => {
      migrated = migrate(owner, { log })
      migrated.catch(() => undefined)
      await said('migration.tried_again')
    })
    expect(await migrated).toContain(THIS)
    expect(named('migration.tried_again')[0]?.fields).toMatchObject({ migration: THIS })
    expect(
      await read(administrator, "SELECT about_id FROM mail WHERE message_id LIKE '<direct-award.%'"),
    ).toEqual([{ about_id: direct }])
  })
})

test.each([
  ['reads what waits to be signed', 'SELECT count(*) FROM award, credential_edition'],
  ['writes it', 'UPDATE award SET attempts = 0; UPDATE credential_edition SET attempts = 0'],
])(
  'while somebody %s, others do so too, and the indexes of it are changed after that',
  async (_name, busy) => {
    await withDatabaseBefore(TURNS, { bound: true }, async ({ administrator, owner }) => {
      const { log, named, said } = remembering()
      let migrated: Promise<readonly string[]> | undefined
      await inTransaction(administrator, busy, async () => {
        migrated = migrate(owner, { log })
        migrated.catch(() => undefined)
        // What stands in line behind it for longer is refused.
        const others = async () => {
          for (const table of ['award', 'credential_edition'])
            await write(administrator, async (query) => {
              await query(`SET statement_timeout = '15s'`)
              await query(`SELECT count(*) FROM ${table}`)
              await query(`UPDATE ${table} SET attempts = 0`)
            })
        }
        for (let n = 0; n < 20; n++) await others()
        await said('migration.tried_again')
        await others()
      })
      expect(await migrated).toContain(TURNS)
      expect(named('migration.tried_again')[0]?.fields).toMatchObject({ migration: TURNS })
      const { rows } = await withClient(administrator, (client) =>
        client.query(
          `SELECT indexname FROM pg_indexes WHERE indexname ~ '^(award_due|credential_edition_prepared)' ORDER BY 1`,
        ),
      )
      expect(rows.map(({ indexname }) => indexname)).toEqual([
        'award_due_of_organisation',
        'credential_edition_prepared_of_organisation',
      ])
    })
  },
)

test.each([
  ['none of the five is left', THIS],
  ['some of the five are left', MAIL],
])('what a start left open when it was killed is forced by the next, where %s', async (_name, first) => {
  await withDatabaseBefore(first, { bound: true }, async ({ administrator, owner }) => {
    await write(administrator, async (query) => {
      for (const table of LIFTED) await query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`)
    })
    await migrate(owner)
    await expectForced(administrator)
    // Also when all is applied, and whatever it is.
    await write(administrator, async (query) => {
      await query('ALTER TABLE role NO FORCE ROW LEVEL SECURITY')
    })
    expect(await migrate(owner)).toEqual([])
    await expectForced(administrator)
  })
})

test('while it waits for a table, others come to it, and the log says so', async () => {
  await withDatabaseBefore(MAIL, { bound: true }, async ({ administrator, owner }) => {
    await addOrganisation(administrator)
    await addMail(administrator)
    const { log, named, said } = remembering()
    let migrated: Promise<readonly string[]> | undefined
    await inTransaction(administrator, 'SELECT count(*) FROM mail', async () => {
      migrated = migrate(owner, { log })
      migrated.catch(() => undefined)
      await said('migration.waits')
      // What stands in line behind it for longer is refused.
      for (let n = 0; n < 20; n++)
        await read(administrator, "SELECT set_config('statement_timeout', '15s', false), count(*) FROM mail")
    })
    expect(await migrated).toContain(MAIL)
    expect(named('migration.waits')[0]?.fields).toMatchObject({ waitsFor: 'a table', table: 'mail' })
    await expectForced(administrator)
  })
})

test('a start that waits for another says so in the log', async () => {
  await withDatabaseBefore(MAIL, { bound: true }, async ({ administrator, owner }) => {
    const { log, named, said } = remembering()
    let migrated: Promise<readonly string[]> | undefined
    await inTransaction(administrator, 'SELECT pg_advisory_xact_lock(7640001)', async () => {
      migrated = migrate(owner, { log })
      migrated.catch(() => undefined)
      await said('migration.waits')
    })
    expect(await migrated).toContain(MAIL)
    expect(named('migration.waits')[0]?.fields).toMatchObject({ waitsFor: 'another start' })
  })
})

test.each([
  ['a superuser', false],
  ['an owner with BYPASSRLS', true],
])('%s sees rows anyway: nothing is lifted, and nobody is waited for', async (_name, bound) => {
  await withDatabaseBefore(MAIL, { bound }, async ({ administrator, owner }) => {
    await addOrganisation(administrator)
    await addMail(administrator)
    if (bound)
      await write(administrator, async (query) => {
        await query(`ALTER ROLE "${new URL(owner).username}" BYPASSRLS`)
      })
    const { log, named } = remembering()
    // A table that no later migration alters.
    await inTransaction(administrator, 'SELECT count(*) FROM audit', async () => {
      expect(await migrate(owner, { log })).toContain(MAIL)
    })
    expect(named('migration.waits')).toEqual([])
  })
})

test('where tables cannot be forced after a failure, both are told, and a later start forces them', async () => {
  await withDatabaseBefore(MAIL, { bound: true }, async ({ administrator, owner, folderBefore }) => {
    const folder = await folderBefore(MAIL)
    await mkdir(join(folder, MAIL))
    await writeFile(join(folder, MAIL, 'migration.sql'), 'SELECT pg_sleep(4); SELECT 1 / 0;')
    const { log, named } = remembering()
    const migrated = migrate(owner, { folder, log })
    migrated.catch(() => undefined)
    const alter = (text: string) => write(administrator, async (query) => void (await query(text)))
    await vi.waitFor(async () => {
      const mail = "SELECT FROM pg_class WHERE relname = 'mail' AND NOT relforcerowsecurity"
      expect(await read(administrator, mail)).toHaveLength(1)
    }, soon)
    await alter('ALTER TABLE mail OWNER TO CURRENT_USER')
    await expect(migrated).rejects.toMatchObject({ migration: MAIL })
    expect(named('migration.tables_open')).toMatchObject([{ fields: { error: { code: '42501' } } }])

    await alter(`ALTER TABLE mail OWNER TO "${new URL(owner).username}"`)
    await expect(migrate(owner, { folder })).rejects.toMatchObject({ migration: MAIL })
    await expectForced(administrator)
  })
})

test.each([
  [
    'another column',
    'CREATE TABLE other (sent_at text, said text NOT NULL); INSERT INTO other DEFAULT VALUES;',
  ],
  ['another fault', 'SELECT sent_at FROM expert_review WHERE 1 / 0 = 1;'],
])('a migration that stopped for %s is not tried again', async (_name, script) => {
  const EXPIRIES = '20261126103000_expiries'
  await withDatabaseBefore(EXPIRIES, { bound: true }, async ({ administrator, owner, folderBefore }) => {
    await addOrganisation(administrator)
    const folder = await folderBefore(EXPIRIES)
    await mkdir(join(folder, EXPIRIES))
    await writeFile(join(folder, EXPIRIES, 'migration.sql'), script)
    for (let start = 0; start < 2; start++)
      await expect(migrate(owner, { folder })).rejects.toMatchObject({ migration: EXPIRIES })
    expect(
      await read(
        administrator,
        'SELECT finished_at FROM _prisma_migrations WHERE migration_name = $1',
        EXPIRIES,
      ),
    ).toEqual([{ finished_at: null }])
  })
})

test('every migration is one transaction, so that one that gave way has left nothing behind', async () => {
  for (const name of (await readdir(MIGRATIONS)).filter((each) => /^\d{14}_/.test(each))) {
    const script = await readFile(join(MIGRATIONS, name, 'migration.sql'), 'utf8')
    expect(
      script.match(/^\s*(?:COMMIT\b|BEGIN;|START TRANSACTION\b|VACUUM\b)|\bCONCURRENTLY\b/im),
      name,
    ).toBeNull()
  }
})
