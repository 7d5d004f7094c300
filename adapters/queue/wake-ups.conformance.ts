import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Log } from '#services/ports/log.ts'
import { STEPS, type Step } from '#services/ports/wake-ups.ts'
import { openWakeUps } from './bullmq-wake-ups.ts'
import type { StepPass } from './step-loop.ts'
import type { QueueAddress } from './wake-up-queue.ts'
import { startWakeUpWorker } from './wake-up-worker.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }
const NEVER_MS = 3_600_000

/** What the wake-ups promise, wherever the queue lives. */
export function wakeUpsConformance(place: string, address: () => QueueAddress): void {
  const open: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const part of open.splice(0).reverse()) await part.close()
  })

  /** A worker whose steps count their passes, after its first sweep is over. */
  async function startWorker(
    passes: Partial<Record<Step, StepPass>> = {},
    sweepIntervalMs = NEVER_MS,
    log = silent,
  ) {
    const counts = new Map<Step, number>()
    const counted =
      (step: Step): StepPass =>
      async (signal) => {
        counts.set(step, (counts.get(step) ?? 0) + 1)
        return (await passes[step]?.(signal)) ?? { more: false }
      }
    const steps = Object.fromEntries(STEPS.map((step) => [step, counted(step)])) as Record<Step, StepPass>
    const worker = await startWakeUpWorker({ ...address(), steps, sweepIntervalMs, log })
    open.push(worker)
    await vi.waitFor(() => expect(counts.size).toBe(STEPS.length), { timeout: 15_000 })
    await sleep(50)
    const passesOf = (step: Step) => counts.get(step) ?? 0
    return { worker, passesOf, reset: () => counts.clear() }
  }

  async function openSender() {
    const sender = await openWakeUps({ ...address(), log: silent })
    open.push(sender)
    return sender
  }

  describe(`wake-ups on ${place}`, () => {
    test('every step runs once at start, for what an earlier process left', async () => {
      const { passesOf } = await startWorker()
      for (const step of STEPS) expect(passesOf(step)).toBe(1)
    })

    test('a wake-up runs its step and no other', async () => {
      const { passesOf, reset } = await startWorker()
      const { wake } = await openSender()
      reset()
      await wake('anchor')
      await vi.waitFor(() => expect(passesOf('anchor')).toBe(1), { timeout: 15_000 })
      await sleep(100)
      for (const step of STEPS) expect(passesOf(step)).toBe(step === 'anchor' ? 1 : 0)
    })

    test('a thousand wake-ups at once make few passes, the last of them after the last wake-up', async () => {
      let rows = 0
      let seen = 0
      const { passesOf, reset } = await startWorker({
        evaluate: async () => {
          seen = rows
          return { more: false }
        },
      })
      const { wake } = await openSender()
      reset()
      await Promise.all(
        Array.from({ length: 1_000 }, async () => {
          rows++
          await wake('evaluate')
        }),
      )
      await vi.waitFor(() => expect(seen).toBe(1_000), { timeout: 15_000 })
      expect(passesOf('evaluate')).toBeLessThan(20)
    })

    test('a wake-up that comes while its step runs is not lost', async () => {
      const gate = Promise.withResolvers<void>()
      let holding = false
      const { passesOf, reset } = await startWorker({
        issue: async () => {
          if (holding) await gate.promise
          return { more: false }
        },
      })
      const { wake } = await openSender()
      reset()
      holding = true
      await wake('issue')
      await vi.waitFor(() => expect(passesOf('issue')).toBe(1), { timeout: 15_000 })
      await wake('issue')
      await sleep(100)
      expect(passesOf('issue')).toBe(1)
      holding = false
      gate.resolve()
      await vi.waitFor(() => expect(passesOf('issue')).toBe(2), { timeout: 15_000 })
    })

    test('a step goes on by itself while it has more', async () => {
      let left = 0
      const { passesOf, reset } = await startWorker({ mail: async () => ({ more: left-- > 0 }) })
      const { wake } = await openSender()
      reset()
      left = 25
      await wake('mail')
      await vi.waitFor(() => expect(passesOf('mail')).toBe(26), { timeout: 15_000 })
    })

    test('a pass that throws is logged, and the next wake-up runs the step again', async () => {
      let fails = false
      const logged: string[] = []
      const log: Log = {
        ...silent,
        error: (event, fields) => void logged.push(`${event} ${fields?.['step']}`),
      }
      const { passesOf, reset } = await startWorker(
        {
          confirm: async () => {
            if (fails) throw new Error('planted')
            return { more: false }
          },
        },
        NEVER_MS,
        log,
      )
      const { wake } = await openSender()
      reset()
      fails = true
      await wake('confirm')
      await vi.waitFor(() => expect(logged).toEqual(['step.failed confirm']), { timeout: 15_000 })
      fails = false
      await wake('confirm')
      await vi.waitFor(() => expect(passesOf('confirm')).toBe(2), { timeout: 15_000 })
    })

    test('without any wake-up the sweeper runs every step', async () => {
      const { passesOf } = await startWorker({}, 50)
      await vi.waitFor(
        () => {
          for (const step of STEPS) expect(passesOf(step)).toBeGreaterThan(3)
        },
        { timeout: 15_000 },
      )
    })

    test('with two workers one wake-up reaches one of them', async () => {
      const [one, other] = [await startWorker(), await startWorker()]
      const { wake } = await openSender()
      one.reset()
      other.reset()
      await wake('send')
      await vi.waitFor(() => expect(one.passesOf('send') + other.passesOf('send')).toBe(1), {
        timeout: 15_000,
      })
      await sleep(100)
      expect(one.passesOf('send') + other.passesOf('send')).toBe(1)
    })

    test('closing tells the pass that runs, waits for it, and starts no other', async () => {
      let finished = false
      let holding = false
      const { worker, passesOf, reset } = await startWorker({
        timers: async (signal) => {
          if (holding) await sleep(300)
          finished = holding && signal.aborted
          return { more: holding }
        },
      })
      const { wake } = await openSender()
      reset()
      holding = true
      await wake('timers')
      await vi.waitFor(() => expect(passesOf('timers')).toBe(1), { timeout: 15_000 })
      const began = performance.now()
      await worker.close()
      expect(performance.now() - began).toBeLessThan(3_000)
      expect(finished).toBe(true)
      await sleep(100)
      expect(passesOf('timers')).toBe(1)
    })
  })
}
