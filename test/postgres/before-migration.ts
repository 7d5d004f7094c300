import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { inject } from 'vitest'
import { migrate } from '#adapters/postgres/migrate.ts'
import { withClient } from '#adapters/postgres/with-client.ts'

export const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations')

export interface DatabaseFromBefore {
  /** As a superuser: sees every row, and may write them without what they stand on. */
  readonly administrator: string
  /** Of the tables. Where it is `bound`, as docs/production.md has it: no superuser, so forced row-level security binds it. */
  readonly owner: string
  /** A folder with the migrations as they were released before this one. */
  folderBefore(migration: string): Promise<string>
}

/** A database as it was before `migration`, in which `use` writes rows before it goes on with `migrate`. */
export async function withDatabaseBefore(
  migration: string,
  { bound }: { readonly bound: boolean },
  use: (database: DatabaseFromBefore) => Promise<void>,
): Promise<void> {
  const server = inject('postgresOwner')
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  const administrator = new URL(server)
  administrator.pathname = `/${name}`
  const owner = new URL(administrator)
  const folders: string[] = []
  const folderBefore = async (first: string) => {
    const folder = await mkdtemp(join(tmpdir(), 'waarmerk-migrations-'))
    folders.push(folder)
    await cp(MIGRATIONS, folder, {
      recursive: true,
      filter: (path) => !/^\d{14}_/.test(basename(path)) || basename(path) < first,
    })
    return folder
  }
  try {
    await withClient(server, async (client) => {
      if (bound) {
        owner.username = name
        owner.password = name
        await client.query(`CREATE ROLE "${name}" LOGIN PASSWORD '${name}'`)
        await client.query(`GRANT waarmerk_tenant, waarmerk_worker TO "${name}" WITH INHERIT FALSE, SET TRUE`)
      }
      await client.query(`CREATE DATABASE "${name}"${bound ? ` OWNER "${name}"` : ''}`)
    })
    await migrate(owner.href, { folder: await folderBefore(migration) })
    await use({ administrator: administrator.href, owner: owner.href, folderBefore })
  } finally {
    await withClient(server, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
      if (bound) await client.query(`DROP ROLE IF EXISTS "${name}"`)
    })
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  }
}
