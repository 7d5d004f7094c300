import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

test('a thread is started for the first work and does what comes after as well', async () => {
  const { pool, starts } = await poolOf(
    'doubling',
    `parentPort.on('message', (n) => parentPort.postMessage(n * 2)); parentPort.postMessage('ready')`,
  )
  expect(await starts()).toBe(0)
  expect(await pool.run(21)).toEqual({ ok: true, done: 42 })
  expect(await pool.run(4)).toEqual({ ok: true, done: 8 })
  expect(await starts()).toBe(1)
  await pool.close()
  expect(await pool.run(1)).toMatchObject({ ok: false })
})

test('a thread that dies before it is ready gives up what it was to do, and the next work has another one tried', async () => {
  const { pool, starts } = await poolOf('dying', `process.exit(1)`)
  for (const times of [1, 2]) {
    expect(await pool.run(1)).toMatchObject({ ok: false })
    expect(await starts()).toBe(times)
  }
  await pool.close()
})
