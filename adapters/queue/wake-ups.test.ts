import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startEmbeddedPostgres } from '#adapters/postgres/embedded-postgres.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { Log } from '#services/ports/log.ts'
import { STEPS, type Step } from '#services/ports/wake-ups.ts'
import { processesWith } from '#test/platform/processes.ts'
import { findRedis } from '#test/platform/redis.ts'
import { createTestDatabase, type TestDatabase } from '#test/postgres/test-database.ts'
import { openWakeUps } from './bullmq-wake-ups.ts'
import { checkRedis } from './check-redis.ts'
import type { StepPass } from './step-loop.ts'
import { startWakeUpWorker } from './wake-up-worker.ts'
import { wakeUpsConformance } from './wake-ups.conformance.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }

const stepsOf = (pass: StepPass) =>
  Object.fromEntries(STEPS.map((step) => [step, pass])) as Record<Step, StepPass>

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

wakeUpsConformance('PostgreSQL', () => ({ databaseUrl: database.url }))

test('a wake-up that was taken leaves no job behind', async () => {
  const own = await createTestDatabase()
  let passes = 0
  const steps = stepsOf(async () => {
    passes++
    return { more: false }
  })
  const worker = await startWakeUpWorker({
    databaseUrl: own.url,
    steps,
    sweepIntervalMs: 3_600_000,
    log: silent,
  })
  const sender = await openWakeUps({ databaseUrl: own.url, log: silent })
  try {
    for (let round = 1; round <= 20; round++) {
      await sender.wake('issue')
      await vi.waitFor(() => expect(passes).toBeGreaterThanOrEqual(STEPS.length + round), { timeout: 15_000 })
    }
    await vi.waitFor(
      async () => {
        const { rows } = await withClient(own.url, (client) => client.query('SELECT id FROM bullmq.job'))
        expect(rows).toEqual([])
      },
      { timeout: 15_000 },
    )
  } finally {
    await Promise.all([worker.close(), sender.close()])
    await own.drop()
  }
})

test('a database that cannot be reached is refused at start, soon', async () => {
  const began = performance.now()
  await expect(
    openWakeUps({ databaseUrl: 'postgresql://a:b@127.0.0.1:1/none', log: silent }),
  ).rejects.toThrow()
  expect(performance.now() - began).toBeLessThan(6_000)
})

test('a Redis that cannot be reached is refused at start with its host and without its password', async () => {
  const refusal = await checkRedis('redis://:hunter2@127.0.0.1:1').catch((error) => error)
  expect(refusal).toMatchObject({ fault: 'redis-unreachable', host: '127.0.0.1:1' })
  expect(String(refusal)).not.toContain('hunter2')
})

test('when the database is killed and comes back, wake-ups arrive again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waarmerk-queue-'))
  const postgres = await startEmbeddedPostgres({ directory: join(folder, 'postgres') })
  const address = { databaseUrl: postgres.url() }
  let passes = 0
  const steps = stepsOf(async () => {
    passes++
    return { more: false }
  })
  const worker = await startWakeUpWorker({ ...address, steps, sweepIntervalMs: 3_600_000, log: silent })
  const sender = await openWakeUps({ ...address, log: silent })
  try {
    await vi.waitFor(() => expect(passes).toBe(STEPS.length), { timeout: 15_000 })
    for (const { pid, command } of await processesWith(folder)) {
      if (!command.includes('lifeline')) process.kill(pid, 'SIGKILL')
    }
    await vi.waitFor(
      async () => {
        await sender.wake('issue')
        expect(passes).toBeGreaterThan(STEPS.length)
      },
      { timeout: 20_000, interval: 250 },
    )
  } finally {
    await Promise.all([worker.close(), sender.close()])
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

const redis = await findRedis()
afterAll(() => redis?.stop())

describe.skipIf(redis === undefined)('with a Redis', () => {
  const redisUrl = redis?.url ?? ''
  wakeUpsConformance('Redis', () => ({ databaseUrl: database.url, redisUrl }))

  test('a Redis that keeps what it is given is accepted', async () => {
    await checkRedis(redisUrl)
  })

  test('a Redis that may drop jobs when it is full is refused by its policy', async () => {
    const dropping = await findRedis(['--maxmemory-policy', 'allkeys-lru'])
    try {
      await expect(checkRedis(dropping?.url ?? '')).rejects.toMatchObject({
        fault: 'redis-eviction',
        policy: 'allkeys-lru',
      })
    } finally {
      await dropping?.stop()
    }
  })

  test('a Redis that wants a password is told apart from one that is not there', async () => {
    const locked = await findRedis(['--requirepass', 'other'])
    try {
      await expect(checkRedis(locked?.url ?? '')).rejects.toMatchObject({ fault: 'redis-refused' })
    } finally {
      await locked?.stop()
    }
  })

  test('a Redis that was emptied passes wake-ups on again', async () => {
    const forgetful = await findRedis(['--maxmemory-policy', 'noeviction'])
    const address = { databaseUrl: database.url, redisUrl: forgetful?.url ?? '' }
    let passes = 0
    const steps = stepsOf(async () => {
      passes++
      return { more: false }
    })
    const worker = await startWakeUpWorker({ ...address, steps, sweepIntervalMs: 3_600_000, log: silent })
    const sender = await openWakeUps({ ...address, log: silent })
    try {
      await vi.waitFor(() => expect(passes).toBe(STEPS.length), { timeout: 15_000 })
      const redis = new Redis(address.redisUrl)
      await redis.flushall()
      await redis.quit()
      await sender.wake('issue')
      await vi.waitFor(() => expect(passes).toBe(STEPS.length + 1), { timeout: 15_000 })
    } finally {
      await Promise.all([worker.close(), sender.close()])
      await forgetful?.stop()
    }
  })

  test('when Redis is gone, waking is harmless and quick, the sweeper goes on, and closing takes under 10 s', async () => {
    const mortal = await findRedis(['--maxmemory-policy', 'noeviction'])
    const address = { databaseUrl: database.url, redisUrl: mortal?.url ?? '' }
    const warnings: string[] = []
    const log: Log = { ...silent, warn: (event) => void warnings.push(event) }
    let passes = 0
    const steps = stepsOf(async () => {
      passes++
      return { more: false }
    })
    const worker = await startWakeUpWorker({ ...address, steps, sweepIntervalMs: 100, log })
    const sender = await openWakeUps({ ...address, log })
    await sender.wake('issue')
    await mortal?.stop()

    for (let round = 0; round < 20; round++) {
      const began = performance.now()
      await sender.wake('issue')
      expect(performance.now() - began).toBeLessThan(1_000)
    }
    const before = passes
    await vi.waitFor(() => expect(passes).toBeGreaterThan(before + STEPS.length), { timeout: 10_000 })
    expect(warnings).toContain('queue.unreachable')
    expect(warnings.length).toBeLessThanOrEqual(2)

    const began = performance.now()
    await Promise.all([worker.close(), sender.close()])
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})
