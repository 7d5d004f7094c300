import { expect, test } from 'vitest'
import { migrate } from '#adapters/postgres/migrate.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import { withDatabaseBefore } from './before-migration.ts'

const THIS = '20261126100000_achievement_units'

test('achievements from before become units below their issuers, by their newest published name', async () => {
  await withDatabaseBefore(THIS, { bound: false }, async ({ owner }) => {
    const [organisation, root, unit, issuer, one, other, bare] = Array.from({ length: 7 }, () =>
      crypto.randomUUID(),
    )
    await withClient(owner, async (client) => {
      const write = (text: string, ...values: unknown[]) => client.query(text, values)
      await write("INSERT INTO organisation (id, slug, name) VALUES ($1, 'old', 'Old')", organisation)
      await write(
        "INSERT INTO unit (organisation_id, id, parent_id, kind, name) VALUES ($1, $2, NULL, 'organisation', 'Old'), ($1, $3, $2, 'issuer', 'Academy')",
        organisation,
        root,
        unit,
      )
      await write("INSERT INTO taken_slug (slug, kind) VALUES ('academy', 'issuer')")
      await write(
        `INSERT INTO issuer (organisation_id, id, unit_id, slug, origin, did, name, url, state)
         VALUES ($1, $2, $3, 'academy', 'https://x.example.org', 'did:web:x.example.org', 'Academy', 'https://x.example.org', 'pending')`,
        organisation,
        issuer,
        unit,
      )
      for (const [id, slug] of [
        [one, 'one'],
        [other, 'other'],
        [bare, 'bare'],
      ])
        await write(
          "INSERT INTO achievement (organisation_id, id, issuer_id, slug, created_at) VALUES ($1, $2, $3, $4, '2026-01-02T03:04:05Z')",
          organisation,
          id,
          issuer,
          slug,
        )
      const version = (id: unknown, number: number, state: string, title: string) =>
        write(
          `INSERT INTO achievement_version (organisation_id, id, achievement_id, version, state, definition, document, digest, published_at)
           VALUES ($1, gen_random_uuid(), $2, $3, $4, $5,
                   CASE WHEN $4 = 'draft' THEN NULL ELSE '\\x7b7d'::bytea END,
                   CASE WHEN $4 = 'draft' THEN NULL ELSE sha256('\\x7b7d') END,
                   CASE WHEN $4 = 'draft' THEN NULL ELSE now() END)`,
          organisation,
          id,
          number,
          state,
          { language: 'nl', name: { en: `${title} (en)`, nl: title } },
        )
      await version(one, 1, 'retired', 'Eerste')
      await version(one, 2, 'published', 'Tweede')
      await version(one, 3, 'draft', 'Derde')
      await version(other, 1, 'draft', 'Concept')
    })

    await migrate(owner)

    await withClient(owner, async (client) => {
      const { rows } = await client.query(
        `SELECT id, parent_id, name, revision, created_at FROM unit WHERE kind = 'achievement' ORDER BY name`,
      )
      const made = { parent_id: unit, revision: 1, created_at: new Date('2026-01-02T03:04:05Z') }
      expect(rows).toEqual([
        { id: other, name: 'Concept', ...made },
        { id: one, name: 'Tweede', ...made },
        { id: bare, name: 'bare', ...made },
      ])
      // From now on there is none without its unit, whoever makes it, and the unit stays as long as it does.
      const later = crypto.randomUUID()
      await client.query(
        "INSERT INTO achievement (organisation_id, id, issuer_id, slug) VALUES ($1, $2, $3, 'later')",
        [organisation, later, issuer],
      )
      const { rows: found } = await client.query('SELECT kind, parent_id, name FROM unit WHERE id = $1', [
        later,
      ])
      expect(found).toEqual([{ kind: 'achievement', parent_id: unit, name: 'later' }])
      await expect(client.query('DELETE FROM unit WHERE id = $1', [later])).rejects.toThrow(
        /achievement_unit/,
      )
    })
  })
})
