import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { MIGRATIONS } from './before-migration.ts'

const sql = (name: string) => readFile(join(MIGRATIONS, name, 'migration.sql'), 'utf8')
const ORGANISATION = '00000000-0000-7000-8000-000000000001'

test('awards from before it was kept with them get their end from their documents', async () => {
  const owner = inject('postgresOwner')
  const name = `ends_${crypto.randomUUID().replaceAll('-', '')}`
  await withClient(owner, (client) => client.query(`CREATE DATABASE "${name}"`))
  const url = new URL(owner)
  url.pathname = `/${name}`
  try {
    await withClient(url.href, async (client) => {
      await client.query(await sql('20261125150000_foundation'))
      await client.query("SET session_replication_role = 'replica'")
      const ids: string[] = []
      for (const document of [
        { validUntil: '2027-01-31T09:00:00Z' },
        { name: 'For ever\u0000 "validUntil":"2020-01-01T00:00:00Z"' },
      ]) {
        const { rows } = await client.query(
          `INSERT INTO award (organisation_id, id, issuer_id, achievement_id, achievement_version_id, subject_id, origin,
                              state, awarded_at, granted_at)
           VALUES ($1, gen_random_uuid(), $1, $1, $1, $1, 'direct', 'issued', now(), now()) RETURNING id::text`,
          [ORGANISATION],
        )
        ids.push(rows[0].id)
        await client.query(
          `WITH made AS (
             INSERT INTO credential (organisation_id, id, award_id, issuer_id, subject_uri, created_at)
             VALUES ($1, gen_random_uuid(), $2, $1, 'urn:x', now()) RETURNING id
           )
           INSERT INTO credential_edition (organisation_id, credential_id, edition, state, key_id, status_list_id,
                                           status_index, prepared, prepared_at)
           SELECT $1, made.id, 1, 'prepared', $1, $1, $3, $4, now() FROM made`,
          [ORGANISATION, rows[0].id, ids.length, Buffer.from(JSON.stringify(document))],
        )
      }
      await client.query("SET session_replication_role = 'origin'")
      await client.query(await sql('20261125192000_gates_and_validity'))
      const { rows } = await client.query('SELECT id::text, valid_until FROM award')
      const endOf = new Map(rows.map((row) => [row.id, row.valid_until?.toISOString() ?? null]))
      expect(ids.map((id) => endOf.get(id))).toEqual(['2027-01-31T09:00:00.000Z', null])
    })
  } finally {
    await withClient(owner, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`))
  }
})
