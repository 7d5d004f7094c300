import { mkdir, open, readFile, realpath, rename, stat } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findPostgresBinaries, type PostgresBinaries } from './embedded-binaries.ts'
import { type Cluster, createCluster, lastLines, openCluster } from './embedded-cluster.ts'
import { EmbeddedPostgresError } from './embedded-errors.ts'
import { findIdentity, type Identity } from './embedded-identity.ts'
import { clearLeftovers } from './embedded-leftovers.ts'
import { type OnLifeline, spawnOnLifeline } from './embedded-lifeline.ts'
import { embeddedUrl } from './embedded-url.ts'
import { withClient } from './with-client.ts'

export interface EmbeddedPostgresOptions {
  /** Folder of its own for the database; made at the first start. The caller makes sure that nobody else uses it. */
  readonly directory: string
  /** Trades durability for speed: for tests only. */
  readonly unsafe?: boolean
  /** Told when the server ended by itself and was started again. */
  readonly onRestart?: (restart: { readonly exitCode: number }) => void
  /** Told when it could not be started again either. */
  readonly onLoss?: (error: unknown) => void
}

export interface EmbeddedPostgres {
  /** Connection string of the owner, to the database `postgres` or to another. Stays the same over a restart. */
  url(database?: string): string
  /** Shuts down after the last query of every session was cut off. Under 10 s. */
  stop(): Promise<void>
}

const READY_MS = 60_000
const STOP_MS = 8_000
const RESTARTS_A_MINUTE = 5
const LOG_BYTES = 10_000_000

/**
 * Starts a private, real PostgreSQL on 127.0.0.1, on a free port and with a password of its own, and keeps it running.
 * It ends with this process, `kill -9` included. About 1 s at the first start, 0.2 s later.
 * Throws EmbeddedPostgresError, whose `fault` says what is wrong with the folder or the machine.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const unsafe = options.unsafe ?? false
  const parent = await ensureParent(options.directory)
  const directory = join(parent, basename(resolve(options.directory)))
  const binaries = await findPostgresBinaries(`${directory}.lib`)
  const identity = await findIdentity(binaries.postgres, parent, binaries.environment)
  const logFile = `${directory}.log`
  await turnLog(logFile)

  const existing = await openCluster(directory, identity)
  if (existing === undefined) {
    await withLog(logFile, directory, (log) =>
      createCluster(directory, binaries, identity, { log, logFile, unsafe }),
    )
  }
  const cluster = existing ?? (await openCluster(directory, identity))
  if (cluster === undefined) throw new Error(`No database in ${directory}.`)

  await clearLeftovers(cluster.data)
  const server: Server = { binaries, cluster, directory, identity, logFile, unsafe }
  const started = await startOnFreePort(server)
  return keepRunning(server, started, options)
}

interface Server {
  readonly binaries: PostgresBinaries
  readonly cluster: Cluster
  readonly directory: string
  readonly identity: Identity
  readonly logFile: string
  readonly unsafe: boolean
}

interface Started {
  readonly port: number
  readonly process: OnLifeline
}

/** Watches the server, starts it again when it ends by itself (a killed backend, the kernel short of memory). */
function keepRunning(server: Server, started: Started, options: EmbeddedPostgresOptions): EmbeddedPostgres {
  const { port } = started
  let current = started.process
  let stopping = false
  let restarting: Promise<void> = Promise.resolve()
  const restarts: number[] = []

  const watch = (watched: OnLifeline) => {
    void watched.exited.then((exitCode) => {
      if (!stopping) restarting = again(exitCode)
    })
  }
  const again = async (exitCode: number) => {
    try {
      const now = performance.now()
      restarts.push(now)
      if (restarts.filter((at) => now - at < 60_000).length > RESTARTS_A_MINUTE) {
        throw await failure(server, `PostgreSQL keeps ending (exit code ${exitCode}).`)
      }
      await clearLeftovers(server.cluster.data)
      if (stopping) return
      current = await startOn(server, port)
      options.onRestart?.({ exitCode })
      watch(current)
    } catch (error) {
      options.onLoss?.(error)
    }
  }
  watch(current)

  return {
    url: (database) => urlOf(server, port, database),
    async stop() {
      stopping = true
      await restarting
      await end(current)
    },
  }
}

async function end(server: OnLifeline): Promise<void> {
  server.release()
  const hurry = setTimeout(() => server.kill('SIGQUIT'), STOP_MS)
  await server.exited
  clearTimeout(hurry)
}

/** Another program may take the port between our look and PostgreSQL's: look again. */
async function startOnFreePort(server: Server): Promise<Started> {
  for (let left = 4; ; left--) {
    const port = await freePort()
    try {
      return { port, process: await startOn(server, port) }
    } catch (error) {
      const lines = error instanceof EmbeddedPostgresError ? String(error.cause) : ''
      if (left === 0 || !lines.includes('Address already in use')) throw error
    }
  }
}

async function startOn(server: Server, port: number): Promise<OnLifeline> {
  const { binaries, cluster, directory, identity, logFile } = server
  const parameters = [
    '-D',
    cluster.data,
    ...Object.entries(settings(port, server.unsafe)).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
  ]
  const process = await withLog(logFile, directory, (log) =>
    spawnOnLifeline(binaries.postgres, parameters, { identity, environment: binaries.environment, log }),
  )
  let exited = false
  void process.exited.then(() => {
    exited = true
  })
  const began = performance.now()
  while (!(await isReady(cluster.data, process.pid))) {
    if (exited) throw await failure(server, 'PostgreSQL did not start.')
    if (performance.now() - began > READY_MS) {
      await end(process)
      throw await failure(server, `PostgreSQL was not ready after ${READY_MS / 1000} s.`)
    }
    await sleep(10)
  }
  await checkAnswers(server, process, port)
  process.unref()
  return process
}

/** A server whose catalogue is gone calls itself ready, and refuses every session. */
async function checkAnswers(server: Server, process: OnLifeline, port: number): Promise<void> {
  try {
    await withClient(urlOf(server, port), (client) => client.query('SELECT 1'))
  } catch (error) {
    await end(process)
    throw new EmbeddedPostgresError(
      'damaged',
      server.directory,
      `The database in ${server.directory} is damaged.`,
      error,
    )
  }
}

const urlOf = ({ cluster }: Server, port: number, database = 'postgres'): string =>
  embeddedUrl({ password: cluster.password, port, database })

function settings(port: number, unsafe: boolean): Record<string, string | number> {
  return {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 100,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // No values of rows and no statements in the log: they are personal data.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    ...(unsafe && {
      fsync: 'off',
      full_page_writes: 'off',
      synchronous_commit: 'off',
      autovacuum: 'off',
      // Of many products at once.
      max_connections: 300,
    }),
  }
}

/** The server writes its process id first and its state eighth into `postmaster.pid`. */
async function isReady(data: string, pid: number): Promise<boolean> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
}

/** What PostgreSQL said last becomes the cause, and tells damage from the rest. */
async function failure({ directory, logFile }: Server, message: string): Promise<EmbeddedPostgresError> {
  const lines = await lastLines(logFile)
  if (DAMAGE.test(lines)) {
    return new EmbeddedPostgresError('damaged', directory, `The database in ${directory} is damaged.`, lines)
  }
  return new EmbeddedPostgresError('failed', directory, message, lines)
}

const DAMAGE =
  /required WAL directory|could not open (?:file|directory) "(?:global|base|pg_)|could not (?:open|read) file "[^"]*(?:global\/pg_|PG_VERSION|postgresql\.conf)|invalid checkpoint|could not locate a valid checkpoint|incorrect checksum in control file|could not locate required checkpoint|is missing or|PANIC:|invalid page in block|configuration file .* contains errors|could not access the server configuration file|cache lookup failed|is not a valid data directory|database files are incompatible|could not read from file/

async function withLog<T>(file: string, directory: string, use: (log: number) => Promise<T>): Promise<T> {
  const log = await open(file, 'a', 0o600).catch((error) => {
    throw notWritable(directory, error)
  })
  try {
    return await use(log.fd)
  } finally {
    await log.close()
  }
}

/** One old log is kept, so that the folder does not grow for ever. */
async function turnLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  )
  if (size > LOG_BYTES) await rename(file, `${file}.1`)
}

async function ensureParent(directory: string): Promise<string> {
  const parent = dirname(resolve(directory))
  try {
    await mkdir(parent, { recursive: true })
    return await realpath(parent)
  } catch (error) {
    throw notWritable(directory, error)
  }
}

const notWritable = (directory: string, cause: unknown) =>
  new EmbeddedPostgresError(
    'not-writable',
    directory,
    `The folder ${dirname(directory)} cannot be written.`,
    cause,
  )

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((settle, fail) => server.once('error', fail).listen(0, '127.0.0.1', settle))
  const { port } = server.address() as AddressInfo
  await new Promise((settle) => server.close(settle))
  return port
}
