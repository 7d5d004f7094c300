import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#adapters/postgres/embedded-postgres.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import { processesWith } from './processes.ts'

let parent: string
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'waarmerk-embedded-'))
})
const running: EmbeddedPostgres[] = []
afterEach(async () => {
  for (const postgres of running.splice(0)) await postgres.stop()
})
afterAll(async () => {
  for (const { pid } of await processesWith(parent)) process.kill(pid, 'SIGKILL')
  await rm(parent, { recursive: true, force: true })
})

let folders = 0
async function newFolder(): Promise<string> {
  const folder = join(parent, `home-${++folders}`)
  await mkdir(folder, { mode: 0o711 })
  return join(folder, 'postgres')
}

async function start(directory: string, options: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {}) {
  const postgres = await startEmbeddedPostgres({ directory, ...options })
  running.push(postgres)
  return postgres
}

/** Starts it in a process of its own; `said` is the connection string, or the fault. */
function startElsewhere(directory: string) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'embedded-postgres-process.ts'), directory],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const said = once(child.stdout, 'data').then(([line]) => String(line).trim())
  said.catch(() => {})
  return { child, said, exited: once(child, 'exit') }
}

const query = (url: string, sql: string) => withClient(url, async (client) => (await client.query(sql)).rows)

async function expectNobodyLeft(directory: string): Promise<void> {
  await vi.waitFor(async () => expect(await processesWith(directory)).toEqual([]), { timeout: 10_000 })
}

test('it is a real PostgreSQL on this machine alone, with a password, and keeps what it is told', async () => {
  const directory = await newFolder()
  const first = await startEmbeddedPostgres({ directory })
  expect(new URL(first.url())).toMatchObject({
    hostname: '127.0.0.1',
    username: 'app',
    pathname: '/postgres',
  })
  expect(new URL(first.url()).password.length).toBeGreaterThan(20)
  await query(first.url(), 'CREATE DATABASE kept')
  await query(first.url('kept'), 'CREATE TABLE note AS SELECT 42 AS answer')
  await first.stop()
  await expectNobodyLeft(directory)

  const second = await start(directory)
  expect(await query(second.url('kept'), 'SELECT answer FROM note')).toEqual([{ answer: 42 }])
  expect(await query(second.url(), 'SHOW fsync')).toEqual([{ fsync: 'on' }])
})

test('nobody gets in without the password', async () => {
  const postgres = await start(await newFolder())
  for (const password of ['', 'postgres', 'app', 'wrong']) {
    const url = new URL(postgres.url())
    url.password = password
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow()
  }
})

test('others can read neither the password nor the data', async () => {
  const directory = await newFolder()
  await start(directory)
  for (const path of [directory, join(directory, 'password'), join(directory, 'data'), `${directory}.log`]) {
    expect((await stat(path)).mode & 0o077).toBe(0)
  }
})

test('kill -9 of its parent leaves no process behind, and loses nothing that was committed', async () => {
  const directory = await newFolder()
  const { child, said, exited } = startElsewhere(directory)
  const url = await said
  await query(url, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n')
  expect((await processesWith(directory)).length).toBeGreaterThan(0)
  child.kill('SIGKILL')
  await exited
  await expectNobodyLeft(directory)

  const again = await start(directory)
  expect(await query(again.url(), 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1000 }])
})

test('a start right after kill -9 waits for the server that is going down, busy sessions and all', async () => {
  const directory = await newFolder()
  const { child, said, exited } = startElsewhere(directory)
  const busy = query(await said, 'SELECT pg_sleep(60)').catch(() => {})
  await sleep(100)
  child.kill('SIGKILL')
  await exited
  const again = await start(directory)
  expect(await query(again.url(), 'SELECT 1 AS up')).toEqual([{ up: 1 }])
  await busy
})

test('a server that lost its lifeline is replaced', async () => {
  const directory = await newFolder()
  const { child, said, exited } = startElsewhere(directory)
  await said
  const shells = (await processesWith(directory)).filter(({ command }) => command.includes('lifeline'))
  expect(shells.length).toBeGreaterThan(0)
  for (const { pid } of shells) process.kill(pid, 'SIGKILL')
  child.kill('SIGKILL')
  await exited
  await sleep(200)
  expect((await processesWith(directory)).length).toBeGreaterThan(0)

  const again = await start(directory)
  expect(await query(again.url(), 'SELECT 1 AS up')).toEqual([{ up: 1 }])
})

test('a first start that is killed at any moment is followed by one that works', async () => {
  const directory = await newFolder()
  for (const after of [150, 250, 350, 450, 550]) {
    const { child, exited } = startElsewhere(directory)
    await sleep(after)
    child.kill('SIGKILL')
    await exited
  }
  const postgres = await start(directory)
  expect(await query(postgres.url(), 'SELECT 1 AS up')).toEqual([{ up: 1 }])
  const folder = await readdir(join(directory, '..'))
  expect(folder.filter((name) => name.includes('.new-'))).toEqual([])
})

test('a server that is killed comes back under the same address, with what was committed', async () => {
  const directory = await newFolder()
  const restarts: number[] = []
  const postgres = await start(directory, { onRestart: ({ exitCode }) => restarts.push(exitCode) })
  await query(postgres.url(), 'CREATE TABLE kept AS SELECT 1 AS n')
  for (const { pid, command } of await processesWith(directory)) {
    if (!command.includes('lifeline')) process.kill(pid, 'SIGKILL')
  }
  await vi.waitFor(
    async () => expect(await query(postgres.url(), 'SELECT n FROM kept')).toEqual([{ n: 1 }]),
    {
      timeout: 15_000,
    },
  )
  // It answers a moment before it is said to have been started again.
  await vi.waitFor(() => expect(restarts).toHaveLength(1), { timeout: 15_000 })
})

test('a process id that somebody else bears by now does not stop the start', async () => {
  const directory = await newFolder()
  const { child, said, exited } = startElsewhere(directory)
  await said
  const file = join(directory, 'data', 'postmaster.pid')
  const lines = (await readFile(file, 'utf8')).split('\n')
  child.kill('SIGKILL')
  await exited
  await expectNobodyLeft(directory)
  await writeFile(file, [process.pid, ...lines.slice(1)].join('\n'))
  await start(directory)
})

test.each<[string, (directory: string) => Promise<void>]>([
  ['its control file is gone', (directory) => rm(join(directory, 'data', 'global', 'pg_control'))],
  [
    'its control file is torn',
    (directory) => writeFile(join(directory, 'data', 'global', 'pg_control'), 'torn'),
  ],
  ['its version is gone', (directory) => rm(join(directory, 'data', 'PG_VERSION'))],
  ['its write-ahead log is gone', (directory) => rm(join(directory, 'data', 'pg_wal'), { recursive: true })],
  ['its catalogue is gone', (directory) => rm(join(directory, 'data', 'base'), { recursive: true })],
  [
    'its configuration is garbage',
    (directory) => writeFile(join(directory, 'data', 'postgresql.conf'), '%%%'),
  ],
  ['its password is gone', (directory) => rm(join(directory, 'password'))],
  ['its data is gone', (directory) => rm(join(directory, 'data'), { recursive: true })],
])('a folder is called damaged, and left alone, when %s', async (_name, damage) => {
  const directory = join(parent, `home-${++folders}`, 'postgres')
  await cp(await sound(), join(directory, '..'), { recursive: true, preserveTimestamps: true })
  await damage(directory)
  const before = await readdir(directory)
  await expect(startEmbeddedPostgres({ directory })).rejects.toMatchObject({ fault: 'damaged' })
  expect(await readdir(directory)).toEqual(before)
  await expectNobodyLeft(directory)
})

/** A folder with a database that was shut down well. */
let soundFolder: Promise<string> | undefined
function sound(): Promise<string> {
  soundFolder ??= (async () => {
    const directory = await newFolder()
    await (await startEmbeddedPostgres({ directory })).stop()
    return join(directory, '..')
  })()
  return soundFolder
}

test('a database of another major version is named as that', async () => {
  const directory = join(parent, `home-${++folders}`, 'postgres')
  await cp(await sound(), join(directory, '..'), { recursive: true })
  await writeFile(join(directory, 'data', 'PG_VERSION'), '15\n')
  await expect(startEmbeddedPostgres({ directory })).rejects.toMatchObject({ fault: 'other-version' })
})

test('a file in the place of the folder is called damage, a folder that cannot be made is named', async () => {
  const directory = await newFolder()
  await writeFile(directory, '')
  await expect(startEmbeddedPostgres({ directory })).rejects.toMatchObject({ fault: 'damaged' })
  await expect(startEmbeddedPostgres({ directory: '/sys/waarmerk/postgres' })).rejects.toMatchObject({
    fault: 'not-writable',
  })
})
