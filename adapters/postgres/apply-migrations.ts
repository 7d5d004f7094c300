import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openSchemaEngine } from './schema-engine.ts'

/** A migration that did not go through, now or at an earlier start. */
export class MigrationError extends Error {
  readonly migration: string

  constructor(migration: string, cause: unknown) {
    super(`The migration ${migration} failed.`, { cause })
    this.name = 'MigrationError'
    this.migration = migration
  }
}

/**
 * Applies what `prisma migrate deploy` would, and answers the names of what it applied. Those that are to be `tried again` failed
 * before, and left nothing behind. Throws MigrationError when a migration fails, and at every later call until somebody
 * mends it: half a migration is not built upon.
 */
export async function applyMigrations(
  url: string,
  folder: string,
  triedAgain: readonly string[] = [],
): Promise<readonly string[]> {
  const migrationsList = await readMigrations(folder)
  const { engine, close } = await openSchemaEngine(url)
  try {
    for (const migrationName of triedAgain) await engine.markMigrationRolledBack({ migrationName })
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList,
      filters: { externalTables: [], externalEnums: [] },
    })
    return appliedMigrationNames
  } catch (error) {
    const failed = failedMigration(error)
    throw failed === undefined ? error : new MigrationError(failed, error)
  } finally {
    await close()
  }
}

/** The engine names it in the trace of a failure, and in the sentence about an earlier one. */
function failedMigration(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : ''
  return (/migration_name="([^"]+)"/.exec(message) ?? /The `([^`]+)` migration .*failed/.exec(message))?.[1]
}

async function readMigrations(baseDir: string) {
  const entries = await readdir(baseDir, { withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return {
    baseDir,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (path) => ({
        path,
        migrationFile: {
          path: 'migration.sql',
          content: await readScript(join(baseDir, path, 'migration.sql')),
        },
      })),
    ),
  }
}

/** The engine reports an unreadable script itself, with the name of its migration. */
async function readScript(path: string) {
  try {
    return { tag: 'ok' as const, value: await readFile(path, 'utf8') }
  } catch (error) {
    return { tag: 'error' as const, value: error instanceof Error ? error.message : String(error) }
  }
}
