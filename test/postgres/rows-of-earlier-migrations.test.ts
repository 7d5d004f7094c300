import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { applyMigrations } from '#adapters/postgres/apply-migrations.ts'
import { migrate } from '#adapters/postgres/migrate.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import { BUILT_IN_ROLES } from '#engine/access/built-in-roles.ts'
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

const MEMBERS = '20261126090000_members'
const AFTER_ISSUING = '20261126096000_after_issuing'
const EXPIRIES = '20261126103000_expiries'
const THIS = '20261129130000_rows_of_earlier_migrations'

const ids = (count: number) => Array.from({ length: count }, () => crypto.randomUUID())
const [account, left, merged, later] = ids(4)
const revokedAt = new Date('2026-03-04T05:06:07.890Z')

const addEditions = (url: string) =>
  write(url, async (query) => {
    for (const [index, at] of [
      [1, revokedAt],
      [2, null],
    ])
      await query(
        `INSERT INTO credential_edition
           (organisation_id, credential_id, edition, state, key_id, status_list_id, status_index, prepared, prepared_at, revoked_at)
         VALUES ($1, gen_random_uuid(), 1, 'prepared', $1, $1, $2, '\\x7b7d', now(), $3)`,
        organisation,
        index,
        at,
      )
  })

const addReview = (url: string) =>
  write(url, async (query) => {
    await query(
      `INSERT INTO expert_review
         (organisation_id, id, achievement_version_id, address, language, state, token_hash, requested_by, requested_at, expires_at)
       VALUES ($1, gen_random_uuid(), $1, 'e@example.org', 'nl', 'requested', '\\x00', 'system', $2, $2)`,
      organisation,
      revokedAt,
    )
  })

/** Accepted by a member, by one who has left since, by one whose account became another, and by nobody yet. */
const addMandates = (url: string) =>
  write(url, async (query) => {
    // Looked for, where a mandate is changed twice in one transaction.
    await query(
      "INSERT INTO achievement (organisation_id, id, issuer_id, slug) VALUES ($1, $1, $1, 'one')",
      organisation,
    )
    await query(
      'INSERT INTO account (id, merged_into, merged_at) VALUES ($1, NULL, NULL), ($2, NULL, NULL), ($3, NULL, NULL), ($4, $3, now())',
      account,
      left,
      later,
      merged,
    )
    for (const [address, accepted, member] of [
      ['member@example.org', account, true],
      ['left@example.org', left, false],
      ['merged@example.org', merged, false],
      ['nobody@example.org', undefined, false],
    ] as const) {
      const [invitation, membership] = ids(2)
      await query(
        `INSERT INTO invitation (organisation_id, id, unit_id, address, rights, language, state, token_hash, invited_by,
                                 created_at, sent_at, expires_at, closed_at, membership_id)
         VALUES ($1, $2, $1, $3, '{read}', 'nl', $4, gen_random_uuid()::text::bytea, 'system',
                 now(), now(), now(), $5, $6)`,
        organisation,
        invitation,
        address,
        accepted === undefined ? 'open' : 'accepted',
        accepted === undefined ? null : revokedAt,
        accepted === undefined ? null : membership,
      )
      await query(
        `INSERT INTO assessor_mandate
           (organisation_id, id, achievement_id, invitation_id, address, name, qualification, valid_from, given_by, given_at)
         VALUES ($1, gen_random_uuid(), $1, $2, $3, 'N', 'Q', now(), 'system', now())`,
        organisation,
        invitation,
        address,
      )
      if (member)
        await query(
          `INSERT INTO membership (organisation_id, id, unit_id, account_id, rights) VALUES ($1, $2, $1, $3, '{read}')`,
          organisation,
          membership,
          accepted,
        )
      if (accepted !== undefined)
        await query(
          `INSERT INTO audit (organisation_id, received_at, id, actor, action, target_type, target_id)
           VALUES ($1, now(), gen_random_uuid(), $2, 'invitation.accepted', 'invitation', $3)`,
          organisation,
          `account:${accepted}`,
          invitation,
        )
    }
  })

async function expectRolesMailAndMandates(url: string) {
  const roles = await read(url, 'SELECT built_in AS "builtIn", name, rights FROM role ORDER BY name')
  expect(roles).toEqual([...BUILT_IN_ROLES].sort((one, other) => one.name.localeCompare(other.name)))
  expect(await read(url, 'SELECT about_id FROM mail ORDER BY message_id')).toEqual([
    { about_id: direct },
    { about_id: null },
  ])
  expect(await read(url, 'SELECT address, account_id FROM assessor_mandate ORDER BY address')).toEqual([
    { address: 'left@example.org', account_id: left },
    { address: 'member@example.org', account_id: account },
    { address: 'merged@example.org', account_id: later },
    { address: 'nobody@example.org', account_id: null },
  ])
}

test('an owner whom row-level security binds brings rows from before over, as a superuser does', async () => {
  await withDatabaseBefore(MEMBERS, { bound: true }, async ({ administrator, owner, folderBefore }) => {
    await addOrganisation(administrator)
    await addMail(administrator)
    await addEditions(administrator)
    await migrate(owner, { folder: await folderBefore(EXPIRIES) })
    await expectForced(administrator)
    await addReview(administrator)
    await addMandates(administrator)

    // Two processes at once: what one has opened the other does not leave open.
    await Promise.all([migrate(owner), migrate(owner)])

    expect(
      await read(administrator, 'SELECT revoked_at, ended_by FROM credential_edition ORDER BY status_index'),
    ).toEqual([
      { revoked_at: revokedAt, ended_by: 'revoked' },
      { revoked_at: null, ended_by: null },
    ])
    expect(await read(administrator, 'SELECT sent_at FROM expert_review')).toEqual([{ sent_at: revokedAt }])
    await expectRolesMailAndMandates(administrator)
    await expectForced(administrator)
  })
})

test('what was passed over in silence is done later, once, and nobody is told of it', async () => {
  await withDatabaseBefore(THIS, { bound: true }, async ({ administrator, owner }) => {
    // As three migrations left it that saw no rows: they ran before these were written.
    await addOrganisation(administrator)
    await addMail(administrator)
    await addMandates(administrator)
    await write(administrator, async (query) => {
      await query(
        `INSERT INTO role (organisation_id, id, name, rights, created_at)
         VALUES ($1, gen_random_uuid(), 'viewer', '{read}', now()), ($1, gen_random_uuid(), 'Viewer 2', '{read}', now())`,
        organisation,
      )
      await query(
        "INSERT INTO unit (organisation_id, id, kind, name) VALUES ($1, $1, 'organisation', 'Old')",
        organisation,
      )
      await query(
        `INSERT INTO webhook_endpoint
           (organisation_id, id, unit_id, url, description, event_types, payload_version, state, sealed_secret, created_at)
         VALUES ($1, gen_random_uuid(), $1, 'https://hooks.example.org', '', '{*}', '1', 'enabled', '', now())`,
        organisation,
      )
    })

    await migrate(owner)

    const made = await read(administrator, 'SELECT name FROM role WHERE built_in IS NOT NULL ORDER BY name')
    expect(made.map(({ name }) => name)).toEqual(['Administrator', 'Awarder', 'Designer', 'Viewer 3'])
    expect(await read(administrator, 'SELECT type FROM webhook_event')).toEqual([])
    await write(administrator, async (query) => {
      await query('DELETE FROM role WHERE built_in IS NULL')
      await query("UPDATE role SET name = 'Viewer' WHERE built_in = 'viewer'")
    })
    await expectRolesMailAndMandates(administrator)

    // Where it is done already, not a row is written.
    const state = () =>
      read(
        administrator,
        `SELECT 'role' AS of, id, xmin::text FROM role UNION ALL SELECT 'mail', id, xmin::text FROM mail
         UNION ALL SELECT 'mandate', id, xmin::text FROM assessor_mandate ORDER BY 1, 2`,
      )
    const before = await state()
    const script = await readFile(join(MIGRATIONS, THIS, 'migration.sql'), 'utf8')
    await withClient(owner, (client) => client.query(script))
    expect(await state()).toEqual(before)
    // From now on a new role is told of again.
    await withClient(administrator, (client) =>
      client.query(
        `INSERT INTO role (organisation_id, id, name, rights, created_at)
         VALUES ($1, gen_random_uuid(), 'New', '{read}', now())`,
        [organisation],
      ),
    )
    expect(await read(administrator, 'SELECT type FROM webhook_event')).toEqual([{ type: 'role.created' }])
    await expectForced(administrator)
  })
})

test.each([
  ['this version', undefined],
  ['one from before', 'external connector error\nNull constraint failed: \n   0: sql_schema_connector'],
])(
  'an installation that is stopped by one of them under %s gets going again by itself',
  async (_name, logs) => {
    await withDatabaseBefore(MEMBERS, { bound: true }, async ({ administrator, owner, folderBefore }) => {
      await addOrganisation(administrator)
      await addEditions(administrator)
      // As versions from before applied them, at one start and the next.
      for (let start = 0; start < 2; start++)
        await expect(applyMigrations(owner, MIGRATIONS)).rejects.toMatchObject({ migration: AFTER_ISSUING })
      await migrate(owner, { folder: await folderBefore(EXPIRIES) })
      await addReview(administrator)
      await addMail(administrator)
      await addMandates(administrator)
      for (let start = 0; start < 2; start++)
        await expect(applyMigrations(owner, MIGRATIONS)).rejects.toMatchObject({ migration: EXPIRIES })
      if (logs !== undefined)
        await write(administrator, async (query) => {
          await query('UPDATE _prisma_migrations SET logs = $1 WHERE migration_name = $2', logs, EXPIRIES)
        })

      await migrate(owner)

      expect(await read(administrator, 'SELECT sent_at FROM expert_review')).toEqual([{ sent_at: revokedAt }])
      await expectRolesMailAndMandates(administrator)
      await expectForced(administrator)
      expect(await migrate(owner)).toEqual([])
    })
  },
)

test('one that stops for another reason stays where it stopped, and nothing is left open', async () => {
  await withDatabaseBefore(AFTER_ISSUING, { bound: true }, async ({ administrator, owner, folderBefore }) => {
    await addEditions(administrator)
    const folder = await folderBefore(AFTER_ISSUING)
    await mkdir(join(folder, AFTER_ISSUING))
    await writeFile(join(folder, AFTER_ISSUING, 'migration.sql'), 'SELECT 1 / 0;')
    for (let start = 0; start < 2; start++) {
      await expect(migrate(owner, { folder })).rejects.toMatchObject({ migration: AFTER_ISSUING })
      await expectForced(administrator)
    }
    const attempts = await read(
      administrator,
      'SELECT finished_at FROM _prisma_migrations WHERE migration_name = $1',
      AFTER_ISSUING,
    )
    expect(attempts).toEqual([{ finished_at: null }])
  })
})
