import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/** Milliseconds from the request that sends an event to the moment at which its evaluation can be read. */
export interface Latencies {
  readonly events: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface LiveStream {
  /** Sends no more, waits for what is under way, and says how long each event took. */
  stop(): Promise<Latencies>
  readonly sent: () => number
}

/** How often it is looked for what became of the events under way. */
const LOOK_MS = 5

/**
 * Sends one event after the other at a steady pace, whether or not the one before has been evaluated: what waits is
 * measured as waiting. `post` answers with the event's id.
 */
export function startLiveStream(
  client: pg.Client,
  everyMs: number,
  post: (number: number) => Promise<string>,
): LiveStream {
  const began = new Map<string, number>()
  const took: number[] = []
  const posts = new Set<Promise<void>>()
  let sent = 0
  let isStopping = false
  let failure: unknown

  const send = async () => {
    for (let next = performance.now(); !isStopping; next += everyMs) {
      await sleep(Math.max(0, next - performance.now()))
      // Stopped meanwhile: one more would be sent that nobody waits for.
      if (isStopping) break
      const number = sent++
      // From when it was due: a sender that is held up does not make the product look faster.
      const from = next
      const posting = post(number)
        .then((id) => void began.set(id, from))
        .catch((error: unknown) => {
          failure ??= error
          isStopping = true
        })
        .finally(() => posts.delete(posting))
      posts.add(posting)
    }
  }
  const look = async () => {
    while (!isStopping || posts.size > 0 || began.size > 0) {
      await sleep(LOOK_MS)
      if (began.size === 0) continue
      const { rows } = await client.query(
        "SELECT id::text FROM event WHERE id = ANY($1::uuid[]) AND state <> 'received'",
        [[...began.keys()]],
      )
      for (const { id } of rows as { id: string }[]) {
        took.push(performance.now() - (began.get(id) ?? 0))
        began.delete(id)
      }
    }
  }
  const both = Promise.all([send(), look()])
  return {
    sent: () => sent,
    stop: async () => {
      isStopping = true
      await both
      if (failure !== undefined) throw failure
      return summary(took)
    },
  }
}

function summary(took: readonly number[]): Latencies {
  const sorted = [...took].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
  return { events: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) }
}
