import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createThreadPool } from './thread-pool.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threads-'))
})
afterAll(() => rm(folder, { recursive: true }))

const bounds = { threads: 1, deadlineMs: 2000, queue: 4, share: 4, reserve: 4, memoryMb: 32, mostJobs: 100 }

/** A pool whose thread writes a line when it starts, and then does what the script says. */
async function poolOf(name: string, script: string) {
  const [file, starts] = [join(folder, `${name}.mjs`), join(folder, `${name}.starts`)]
  await writeFile(starts, '')
  await writeFile(
    file,
    `import { appendFileSync } from 'node:fs'
     import { parentPort } from 'node:worker_threads'
     appendFileSync(${JSON.stringify(starts)}, 'started\\n')
     ${script}`,
  )
  const pool = createThreadPool<number, number>({ ...bounds, script: pathToFileURL(file), what: name })
  return { pool, starts: async () => (await readFile(starts, 'utf8')).split('\n').length - 1 }
}

const READY = { timeout: 15_000, interval: 20 }

test('whoever asks whether a thread stands ready has one started, which is there a while later', async () => {
  const { pool, starts } = await poolOf(
    'doubling',
    `parentPort.on('message', (n) => parentPort.postMessage(n * 2)); parentPort.postMessage('ready')`,
  )
  expect(pool.isReady()).toBe(false)
  await vi.waitFor(() => expect(pool.isReady()).toBe(true), READY)
  expect(await pool.run(21)).toEqual({ ok: true, done: 42 })
  expect(pool.isReady()).toBe(true)
  expect(await starts()).toBe(1)
  await pool.close()
  expect(pool.isReady()).toBe(false)
})

test('a thread that dies before it is ready is not started again and again by who only asks', async () => {
  const { pool, starts } = await poolOf('dying', `process.exit(1)`)
  expect(pool.isReady()).toBe(false)
  await vi.waitFor(async () => expect(await starts()).toBe(1), READY)
  for (let time = 0; time < 50; time++) {
    expect(pool.isReady()).toBe(false)
    await sleep(20)
  }
  expect(await starts()).toBe(1)
  // Who has work has it tried, and is told.
  expect(await pool.run(1)).toMatchObject({ ok: false })
  await pool.close()
})
