import { expect, test } from 'vitest'
import { migrate } from '#adapters/postgres/migrate.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import { withDatabaseBefore } from './before-migration.ts'

const THIS = '20261128110000_status_purposes'

test('entries and JWT forms from before survive where the owner of the tables is no superuser', async () => {
  await withDatabaseBefore(THIS, { bound: true }, async ({ administrator, owner }) => {
    const [organisation, issuer, list, oldKey, newKey, badge] = Array.from({ length: 6 }, () =>
      crypto.randomUUID(),
    )
    // Two that have an entry, of which the second is revoked, and one that asked for none.
    const [good, revoked, bare] = Array.from({ length: 3 }, () => crypto.randomUUID())
    const revokedAt = new Date('2026-03-04T05:06:07.890Z')
    await withClient(administrator, async (client) => {
      const write = (text: string, ...values: unknown[]) => client.query(text, values)
      // Without what these rows stand on: the migration reads none of that.
      await write("SET session_replication_role = 'replica'")
      await write(
        `INSERT INTO status_list (organisation_id, id, issuer_id, number, length, entries, bits)
         VALUES ($1, $2, $3, 1, 131072, 2, decode(repeat('00', 16384), 'hex'))`,
        organisation,
        list,
        issuer,
      )
      for (const [id, index, at] of [
        [good, 7, null],
        [revoked, 8, revokedAt],
        [bare, null, null],
      ])
        await write(
          `INSERT INTO vc_api_credential
             (organisation_id, id, issuer_id, key_id, status_list_id, status_index, actor, created_at, signed, digest, revoked_at)
           VALUES ($1, $2, $3, $4, $5, $6, 'key:test', now(), '\\x7b7d', sha256('\\x7b7d'), $7)`,
          organisation,
          id,
          issuer,
          oldKey,
          index === null ? null : list,
          index,
          at,
        )
      for (const [key, jwt, signedAt] of [
        [newKey, 'second', '2026-02-02T00:00:00Z'],
        [oldKey, 'first', '2026-01-01T00:00:00Z'],
      ])
        await write(
          `INSERT INTO edition_jwt (organisation_id, credential_id, edition, key_id, jwt, signed_at)
           VALUES ($1, $2, 1, $3, convert_to($4, 'UTF8'), $5)`,
          organisation,
          badge,
          key,
          jwt,
          signedAt,
        )
      // The next migration takes away the token whose grant is gone, and no other.
      for (const [model, key, grant] of [
        ['Grant', 1, null],
        ['AccessToken', 2, 1],
        ['AccessToken', 3, 4],
      ])
        await write(
          `INSERT INTO oauth_record (id, model, key_hash, sealed, grant_hash, created_at)
           VALUES (gen_random_uuid(), $1, sha256(int4send($2)), '', sha256(int4send($3)), now())`,
          model,
          key,
          grant,
        )
    })
    await withClient(owner, async (client) => {
      const { rows } = await client.query('SELECT count(*)::integer AS seen FROM vc_api_credential')
      expect(rows).toEqual([{ seen: 0 }])
    })

    await migrate(owner)

    await withClient(administrator, async (client) => {
      const all = async (text: string) => (await client.query(text)).rows
      expect(
        await all(
          `SELECT organisation_id, credential_id, purpose, status_list_id, status_index, set_at
           FROM vc_api_status ORDER BY status_index`,
        ),
      ).toEqual(
        [
          { credential_id: good, status_index: 7, set_at: null },
          { credential_id: revoked, status_index: 8, set_at: revokedAt },
        ].map((entry) => ({
          organisation_id: organisation,
          purpose: 'revocation',
          status_list_id: list,
          ...entry,
        })),
      )
      expect((await all('SELECT id FROM vc_api_credential')).map(({ id }) => id).sort()).toEqual(
        [good, revoked, bare].sort(),
      )
      expect(
        await all("SELECT number, key_id, convert_from(jwt, 'UTF8') AS jwt FROM edition_jwt ORDER BY number"),
      ).toEqual([
        { number: 1, key_id: oldKey, jwt: 'first' },
        { number: 2, key_id: newKey, jwt: 'second' },
      ])
      expect(await all('SELECT model FROM oauth_record ORDER BY model')).toEqual([
        { model: 'AccessToken' },
        { model: 'Grant' },
      ])
      // An entry is still given out once.
      await expect(
        client.query(
          `INSERT INTO vc_api_status (organisation_id, credential_id, purpose, status_list_id, status_index)
           VALUES ($1, $2, 'revocation', $3, 8)`,
          [organisation, bare, list],
        ),
      ).rejects.toThrow(/vc_api_status_status_list_id_status_index_key/)
      // And nothing stays open that was opened for the copy.
      expect(
        await all(
          `SELECT relname AS name, relrowsecurity AND relforcerowsecurity AS forced,
             has_any_column_privilege('waarmerk_worker', oid, 'UPDATE') AS changed
           FROM pg_class WHERE relname IN ('edition_jwt', 'vc_api_credential', 'vc_api_status') ORDER BY relname`,
        ),
      ).toEqual([
        { name: 'edition_jwt', forced: true, changed: false },
        { name: 'vc_api_credential', forced: true, changed: true },
        { name: 'vc_api_status', forced: true, changed: true },
      ])
    })
  })
})
