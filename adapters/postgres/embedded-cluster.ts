import { randomBytes } from 'node:crypto'
import {
  chown,
  lchown,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { PostgresBinaries } from './embedded-binaries.ts'
import { EmbeddedPostgresError } from './embedded-errors.ts'
import type { Identity } from './embedded-identity.ts'
import { spawnOnLifeline } from './embedded-lifeline.ts'

/** The database files of one private server, and the password of its owner `app`. */
export interface Cluster {
  /** Real path: the server's processes are known by it. */
  readonly data: string
  readonly password: string
}

/** The major version of the PostgreSQL that we bring; `PG_VERSION` of a folder must name it. */
const MAJOR = '18'

/** Opens the cluster in `directory`, or answers undefined where there is none yet. Refuses a half or foreign one. */
export async function openCluster(directory: string, identity: Identity): Promise<Cluster | undefined> {
  const entries = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error.code === 'EACCES' ? foreign(directory, error) : damaged(directory, error)
  })
  if (entries === undefined) return undefined

  const data = join(directory, 'data')
  const password = await readFile(join(directory, 'password'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'EACCES' ? foreign(directory, error) : damaged(directory, error)
    },
  )
  const owner = await stat(data).catch((error) => {
    throw damaged(directory, error)
  })
  await takeOver(directory, owner.uid, identity)
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch((error) => {
    throw damaged(directory, error)
  })
  if (version.trim() !== MAJOR) {
    throw new EmbeddedPostgresError(
      'other-version',
      directory,
      `The database in ${directory} was made by PostgreSQL ${version.trim()}, and this is PostgreSQL ${MAJOR}.`,
    )
  }
  return { data, password }
}

/**
 * Makes a new cluster in a side folder and moves it into place when it is whole and on disk: a start that is killed
 * in between leaves a side folder behind, which the next start removes. About 1 s.
 */
export async function createCluster(
  directory: string,
  binaries: PostgresBinaries,
  identity: Identity,
  { log, logFile, unsafe }: { readonly log: number; readonly logFile: string; readonly unsafe: boolean },
): Promise<void> {
  await removeSideFolders(directory)
  const side = await mkdtemp(`${directory}.new-`)
  const password = randomBytes(24).toString('base64url')
  const passwordFile = join(side, 'password')
  await writeFile(passwordFile, password, { mode: 0o600, flush: true })
  if (identity.owner !== undefined) {
    const { uid, gid } = identity.owner
    for (const path of [side, passwordFile]) await chown(path, uid, gid)
  }

  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  const initdb = await spawnOnLifeline(
    binaries.initdb,
    [
      `--pgdata=${join(side, 'data')}`,
      '--username=app',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      ...locale,
      ...(unsafe ? ['--no-sync'] : []),
    ],
    { identity, environment: binaries.environment, log },
  )
  if ((await initdb.exited) !== 0) {
    await rm(side, { recursive: true, force: true })
    const said = await lastLines(logFile)
    throw new EmbeddedPostgresError('failed', directory, 'PostgreSQL could not make its database.', said)
  }
  await rename(side, directory)
  await syncFolder(dirname(directory))
}

/** What was logged last: the reason of a failure stands there. */
export async function lastLines(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-15).join('\n')
}

async function removeSideFolders(directory: string): Promise<void> {
  const mark = `${basename(directory)}.new-`
  for (const entry of await readdir(dirname(directory))) {
    if (!entry.startsWith(mark)) continue
    // Its initdb may still be leaving; what stays now goes at a later start.
    await rm(join(dirname(directory), entry), { recursive: true, force: true, maxRetries: 5 }).catch(() => {})
  }
}

/** PostgreSQL insists on owning its files. As root we hand them over; otherwise they have to be ours already. */
async function takeOver(directory: string, uid: number, identity: Identity): Promise<void> {
  const wanted = identity.owner?.uid ?? process.getuid?.()
  if (wanted === undefined || uid === wanted) return
  if (process.getuid?.() !== 0) throw foreign(directory)
  const gid = identity.owner?.gid ?? 0
  await lchown(directory, wanted, gid)
  for (const entry of await readdir(directory, { recursive: true }))
    await lchown(join(directory, entry), wanted, gid)
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const damaged = (directory: string, cause: unknown) =>
  new EmbeddedPostgresError('damaged', directory, `The database in ${directory} is damaged.`, cause)

const foreign = (directory: string, cause?: unknown) =>
  new EmbeddedPostgresError(
    'foreign-owner',
    directory,
    `The database in ${directory} belongs to another user of this machine.`,
    cause,
  )
