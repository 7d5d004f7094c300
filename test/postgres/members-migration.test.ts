import { expect, test } from 'vitest'
import { migrate } from '#adapters/postgres/migrate.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import { BUILT_IN_ROLES } from '#engine/access/built-in-roles.ts'
import { withDatabaseBefore } from './before-migration.ts'

const THIS = '20261126090000_members'

test('organisations from before get the roles that all have, and their members keep what they may do', async () => {
  await withDatabaseBefore(THIS, { bound: false }, async ({ owner }) => {
    const [organisation, unit, account] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()]
    await withClient(owner, async (client) => {
      await client.query("INSERT INTO organisation (id, slug, name) VALUES ($1, 'old', 'Old')", [
        organisation,
      ])
      await client.query(
        "INSERT INTO unit (organisation_id, id, kind, name) VALUES ($1, $2, 'organisation', 'Old')",
        [organisation, unit],
      )
      await client.query('INSERT INTO account (id) VALUES ($1)', [account])
      await client.query(
        `INSERT INTO membership (organisation_id, id, unit_id, account_id, rights)
         VALUES ($1, gen_random_uuid(), $2, $3, ARRAY['read', 'administer'])`,
        [organisation, unit, account],
      )
    })

    await migrate(owner)

    await withClient(owner, async (client) => {
      const { rows: roles } = await client.query(
        'SELECT built_in AS "builtIn", name, rights FROM role WHERE organisation_id = $1 ORDER BY created_at, name',
        [organisation],
      )
      const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name)
      expect(roles.sort(byName)).toEqual([...BUILT_IN_ROLES].sort(byName))
      const { rows: members } = await client.query('SELECT role_id, rights, revision FROM membership')
      expect(members).toEqual([{ role_id: null, rights: ['read', 'administer'], revision: 1 }])
    })
  })
})
