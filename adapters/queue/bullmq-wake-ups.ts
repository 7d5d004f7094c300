import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '#services/ports/log.ts'
import type { Step, WakeUps } from '#services/ports/wake-ups.ts'
import { createQueueTrouble } from './queue-trouble.ts'
import { COALESCE_MS, openQueue, type QueueAddress, type WakeUpQueue } from './wake-up-queue.ts'

export interface OpenWakeUps extends WakeUps {
  /** Under 3 s. */
  close(): Promise<void>
}

export interface WakeUpsNeeds extends QueueAddress {
  readonly log: Log
}

const WAIT_MS = 800
const CLOSE_MS = 3_000

/** Opens the sending side. Throws when the queue cannot be reached now; later it may come and go. */
export async function openWakeUps({ log, ...address }: WakeUpsNeeds): Promise<OpenWakeUps> {
  const queue = openQueue(address)
  const trouble = createQueueTrouble(log, 'sender')
  queue.on('error', trouble.report)
  try {
    await queue.waitUntilReady()
  } catch (error) {
    await within(CLOSE_MS, queue.close())
    throw error
  }

  const sender = createSender(queue, trouble)
  return {
    wake: (step) => within(WAIT_MS, sender(step)),
    close: () => within(CLOSE_MS, queue.close()),
  }
}

/**
 * Sends at most one wake-up a step at a time. Whoever comes while one is on its way is served by one more after it:
 * that one may have been taken before this one's rows were there.
 */
function createSender(queue: WakeUpQueue, trouble: { report(error: unknown): void; over(): void }) {
  const sending = new Map<Step, { again: boolean }>()
  return async (step: Step): Promise<void> => {
    const current = sending.get(step)
    if (current !== undefined) {
      current.again = true
      return
    }
    const mine = { again: false }
    sending.set(step, mine)
    try {
      do {
        mine.again = false
        await queue.add(step, null, { deduplication: { id: step, ttl: COALESCE_MS } })
      } while (mine.again)
      trouble.over()
    } catch (error) {
      trouble.report(error)
    } finally {
      sending.delete(step)
    }
  }
}

/** Waits for the work, but not longer; the work goes on, and its failure is its own affair. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const enough = new AbortController()
  const done = work.then(
    () => {},
    () => {},
  )
  await Promise.race([done, sleep(ms, undefined, { signal: enough.signal }).catch(() => {})])
  enough.abort()
}
