import { expect } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'

// Rows as they stood in databases before a migration, and what is to be seen of it afterwards.

export const organisation = crypto.randomUUID()
/** A direct award of it. */
export const direct = crypto.randomUUID()

/** Without what these rows stand on: the migrations read none of that. */
export const write = (
  url: string,
  use: (query: (text: string, ...values: unknown[]) => Promise<unknown>) => Promise<void>,
) =>
  withClient(url, async (client) => {
    await client.query("SET session_replication_role = 'replica'")
    await use((text, ...values) => client.query(text, values))
  })
export const read = (url: string, text: string, ...values: unknown[]) =>
  withClient(url, async (client) => (await client.query(text, values)).rows)

export const addOrganisation = (url: string) =>
  write(url, async (query) => {
    await query("INSERT INTO organisation (id, slug, name) VALUES ($1, 'old', 'Old')", organisation)
  })

export const addMail = (url: string) =>
  write(url, async (query) => {
    for (const messageId of [
      `<direct-award.${direct}.1@example.org>`,
      `<invitation.${direct}.1@example.org>`,
    ])
      await query(
        `INSERT INTO mail (organisation_id, id, message_id, kind, recipient, subject, text, html, state, created_at)
         VALUES ($1, gen_random_uuid(), $2, 'direct-award', 'a@example.org', '', '', '', 'sent', now())`,
        organisation,
        messageId,
      )
  })

/** No table of an organisation is left open. */
export async function expectForced(url: string) {
  const open = await read(
    url,
    `SELECT relname FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND NOT relforcerowsecurity`,
  )
  expect(open).toEqual([])
}
