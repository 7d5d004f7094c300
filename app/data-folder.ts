import { chmod, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startErrors } from './start-errors.ts'

export interface DataFolder {
  /** Real, absolute path. */
  readonly path: string
  /** Lets another start have the folder. The end of the process, `kill -9` included, does the same. */
  release(): Promise<void>
}

const FORMAT = 1
const PATIENCE_MS = 500
const SQLITE_BUSY = 5

/**
 * Makes the data folder where it is missing, and takes it for this process alone.
 * Throws StartError: not a folder, not writable, in use, damaged, or written by a newer version.
 */
export async function claimDataFolder(folder: string): Promise<DataFolder> {
  const path = await makeFolder(resolve(folder))
  await checkWritable(path)
  const lock = await takeLock(path)
  try {
    await checkFormat(path)
  } catch (error) {
    await releaseLock(path, lock)
    throw error
  }
  return { path, release: () => releaseLock(path, lock) }
}

async function makeFolder(path: string): Promise<string> {
  try {
    const made = await mkdir(path, { recursive: true, mode: 0o700 })
    // As root the database runs as somebody else, who has to pass through: it may enter, but not look around.
    if (made !== undefined && process.getuid?.() === 0) await chmod(path, 0o711)
    const real = await realpath(path)
    if (!(await stat(real)).isDirectory()) throw startErrors.notAFolder(path)
    return real
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || code === 'ENOTDIR') throw startErrors.notAFolder(path, error)
    if (code !== undefined) throw startErrors.folderNotWritable(path, error)
    throw error
  }
}

async function checkWritable(path: string): Promise<void> {
  const probe = join(path, `.write-probe-${process.pid}`)
  try {
    await writeFile(probe, '', { mode: 0o600 })
    await rm(probe)
  } catch (error) {
    throw startErrors.folderNotWritable(path, error)
  }
}

/** Keeps the locks from the garbage collector, which would close them. */
const held = new Set<DatabaseSync>()

/**
 * The lock is SQLite's own exclusive lock on an empty file. Node itself offers none. Of the ways to have one, this is
 * held by the kernel: it is taken in one step, two starts at once cannot both have it, and it ends with the process
 * however that ends, so that no stale lock has to be told from a living one by its process id.
 * Nobody may open and close the file `lock` in this process: POSIX locks end with any descriptor of the file.
 */
async function takeLock(path: string): Promise<DatabaseSync> {
  const file = join(path, 'lock')
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(file, { timeout: PATIENCE_MS })
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY)
      throw startErrors.folderInUse(path, await holder(path))
    throw startErrors.folderDamaged(path, error)
  }
  await chmod(file, 0o600)
  held.add(lock)
  // For the sentence that another start gets; the lock does not depend on it.
  await writeFile(join(path, 'lock.pid'), `${process.pid}\n`, { mode: 0o600 })
  return lock
}

async function releaseLock(path: string, lock: DatabaseSync): Promise<void> {
  if (!held.delete(lock)) return
  await rm(join(path, 'lock.pid'), { force: true })
  lock.close()
}

async function holder(path: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(join(path, 'lock.pid'), 'utf8').catch(() => ''), 10)
  return Number.isInteger(pid) ? pid : undefined
}

/** The folder tells its layout, so that an older version does not write into a newer one's. */
async function checkFormat(path: string): Promise<void> {
  const file = join(path, 'format')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw startErrors.folderDamaged(path, error)
  })
  // Empty: a first start that was killed while it wrote.
  if (text === '') return writeFile(file, `${FORMAT}\n`, { mode: 0o600, flush: true })
  const format = /^\d{1,6}\n?$/.test(text) ? Number(text) : 0
  if (format > FORMAT) throw startErrors.folderTooNew(path, format)
  if (format < 1) throw startErrors.folderDamaged(path)
}
