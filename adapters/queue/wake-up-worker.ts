import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '#services/ports/log.ts'
import { STEPS, type Step } from '#services/ports/wake-ups.ts'
import { createQueueTrouble } from './queue-trouble.ts'
import { createStepLoop, type StepLoop, type StepPass } from './step-loop.ts'
import { openConsumer, openQueue, type QueueAddress } from './wake-up-queue.ts'

export interface WakeUpWorkerNeeds extends QueueAddress {
  readonly steps: Readonly<Record<Step, StepPass>>
  /** Each step runs at least this often, whatever became of its wake-ups. */
  readonly sweepIntervalMs: number
  readonly log: Log
}

export interface WakeUpWorker {
  /** Lets the passes that run finish, and starts no more. Under 10 s; a pass that takes longer is left and logged. */
  close(): Promise<void>
}

const CLOSE_MS = 3_000
const PASS_MS = 6_000

/**
 * Runs every step when it is woken, and all of them at start and every `sweepIntervalMs`.
 * Any number of processes may do so: the steps claim their rows. Throws when the queue cannot be reached now.
 */
export async function startWakeUpWorker({
  steps,
  sweepIntervalMs,
  log,
  ...address
}: WakeUpWorkerNeeds): Promise<WakeUpWorker> {
  const stop = new AbortController()
  const loops = new Map(STEPS.map((step) => [step, createStepLoop(step, steps[step], stop.signal, log)]))
  const trouble = createQueueTrouble(log, 'worker')
  const queue = openQueue(address)
  const consumer = openConsumer(address, async (step) => {
    // From here on a wake-up is news again: the pass that follows sees only what is committed before it starts.
    await queue.removeDeduplicationKey(step)
    loops.get(step)?.poke()
    trouble.over()
  })
  queue.on('error', trouble.report)
  consumer.on('error', trouble.report)
  const closeQueue = async () => {
    await Promise.allSettled([atMost(CLOSE_MS, consumer.close()), atMost(CLOSE_MS, queue.close())])
  }

  try {
    await queue.waitUntilReady()
    await consumer.waitUntilReady()
  } catch (error) {
    await closeQueue()
    throw error
  }
  consumer.run().catch(trouble.report)

  const sweep = () => {
    for (const loop of loops.values()) loop.poke()
  }
  sweep()
  const sweeper = setInterval(sweep, sweepIntervalMs)

  return {
    async close() {
      clearInterval(sweeper)
      stop.abort()
      await closeQueue()
      await waitForPasses(loops, log)
    },
  }
}

async function waitForPasses(loops: ReadonlyMap<Step, StepLoop>, log: Log): Promise<void> {
  const late = new Set<Step>()
  await Promise.all(
    [...loops].map(async ([step, loop]) => {
      late.add(step)
      await atMost(
        PASS_MS,
        loop.idle().then(() => late.delete(step)),
      )
    }),
  )
  if (late.size > 0) log.warn('worker.left-running', { steps: [...late] })
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const enough = new AbortController()
  await Promise.race([work.catch(() => {}), sleep(ms, undefined, { signal: enough.signal }).catch(() => {})])
  enough.abort()
}
