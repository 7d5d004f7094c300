import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { openDatabase } from '#adapters/postgres/database.ts'
import { startEmbeddedPostgres } from '#adapters/postgres/embedded-postgres.ts'
import { ensurePartitions } from '#adapters/postgres/installation.ts'
import { migrate } from '#adapters/postgres/migrate.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import type { OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Database } from '#services/ports/database.ts'

export interface BenchDatabase {
  /** As the product opens it, with one connection. */
  readonly database: Database
  /** The peer's connection, in the worker's role. */
  readonly client: pg.Client
  /** What its disk is. */
  readonly disk: string
}

const random = createSystemRandom()

/** A real PostgreSQL of its own with normal durability: a commit waits for the disk. */
export async function withBenchDatabase<T>(use: (bench: BenchDatabase) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'waarmerk-bench-'))
  const postgres = await startEmbeddedPostgres({ directory: join(folder, 'postgres') })
  try {
    const url = postgres.url()
    await migrate(url)
    await ensurePartitions(url)
    const database = openDatabase(url, { connections: 1 })
    try {
      return await withClient(url, async (client) => {
        await client.query('SET ROLE waarmerk_worker')
        return await use({ database, client, disk: await kindOfDisk(folder) })
      })
    } finally {
      await database.close()
    }
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

export async function createOrganisation(database: Database, slug: string): Promise<OrganisationId> {
  const id = random.rowId() as OrganisationId
  await database.asWorker(async ({ organisations }) => {
    await organisations.takeSlug(slug, 'organisation')
    await organisations.insert({ id, slug, name: 'Benchmark', sample: true })
    const unit = {
      organisationId: id,
      id: random.rowId() as UnitId,
      kind: 'organisation',
      name: 'Benchmark',
    } as const
    await organisations.insertUnit(unit)
  })
  return id
}

export async function requireDurable(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `SELECT current_setting('fsync') || current_setting('synchronous_commit') AS durability`,
  )
  if (rows[0].durability !== 'onon') throw new Error('The database does not wait for the disk.')
}

const TMPFS = 0x01021994

/** On a disk that is memory, waiting for it costs nothing. */
const kindOfDisk = async (folder: string): Promise<string> =>
  (await statfs(folder)).type === TMPFS
    ? 'on a file system in memory (set TMPDIR to a disk)'
    : 'on the disk of the temporary folder'
