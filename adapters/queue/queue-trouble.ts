import type { Log } from '#services/ports/log.ts'

/** Says once that the queue is in trouble, and once that it is over: a dead Redis complains many times a second. */
export interface QueueTrouble {
  report(error: unknown): void
  over(): void
}

export function createQueueTrouble(log: Log, part: 'sender' | 'worker'): QueueTrouble {
  let inTrouble = false
  return {
    report(error) {
      if (inTrouble) return
      inTrouble = true
      log.warn('queue.unreachable', { part, error })
    },
    over() {
      if (!inTrouble) return
      inTrouble = false
      log.info('queue.reachable', { part })
    },
  }
}
