import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import { sumOfCounts, type TemplateCounts } from '#adapters/crypto/quad-templates.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LentKey, SigningKey } from '#services/ports/key-store.ts'
import { type JoinedParts, joinParts, partsOf } from './joined-parts.ts'
import { openThread } from './open-thread.ts'

/** What a thread signed of one document. */
export interface ThreadSigned {
  readonly signed: Uint8Array
  readonly digest: Uint8Array
}

export interface IssuingThreads {
  /** How many stand ready. Where none does, some are started: they are there for the next batch. */
  ready(): number
  /**
   * What one thread makes of these documents, in their order; undefined for each that it did not sign, whatever the reason.
   * All of them are undefined where the thread died. Never throws.
   */
  issue(
    documents: readonly Uint8Array[],
    key: SigningKey & { readonly lent: LentKey },
    created: Instant,
  ): Promise<readonly (ThreadSigned | undefined)[]>
  /** How documents became quads, in threads that are and that were. */
  counts(): TemplateCounts
  /** Ends every thread; what they are at comes out as not signed. */
  close(): Promise<void>
}

/** What a thread is told. */
export interface ThreadTask {
  /** Stands in its answer. */
  readonly number: number
  readonly documents: JoinedParts
  readonly key: Omit<SigningKey, 'sign' | 'lent'> & { readonly lent: LentKey }
  readonly created: Instant
}

/** A part without a byte is a document that was not signed. */
export interface ThreadAnswer {
  readonly number: number
  readonly signed: JoinedParts
  readonly digests: JoinedParts
  /** Since the thread began. */
  readonly counts: TemplateCounts
}

/** A thread that does nothing ends after a while, and its memory with it. */
const IDLE_MS = 30_000

/** A thread that does not answer for so long is given up. What it does takes milliseconds, and waits for a core at most. */
const DEADLINE_MS = 60_000

/** What a suite holds comes to some 15 MB; the rest is documents on their way. */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 }

const NOTHING = sumOfCounts([])

/** Two sign more than any database stores; each further one would hold its memory for nothing. */
export const issuingThreadCount = (): number => Math.min(2, availableParallelism())

interface Thread {
  readonly worker: Worker
  isReady: boolean
  /** Who waits for the answer to which task. */
  readonly asked: Map<number, (answer: ThreadAnswer | undefined) => void>
  timer: NodeJS.Timeout | undefined
  counts: TemplateCounts
}

/**
 * Threads that check and sign documents with keys that they are lent. They start when many documents come for the first time,
 * and hold no process that has nothing else to do. One that dies is replaced when the next batch comes.
 */
export function createIssuingThreads(most: number = issuingThreadCount()): IssuingThreads {
  const threads = new Set<Thread>()
  let ended = NOTHING
  let tasks = 0
  let closed = false

  const start = (): void => {
    const worker = openThread(new URL('./issuing-thread.ts', import.meta.url), { limits: LIMITS })
    const thread: Thread = { worker, isReady: false, asked: new Map(), timer: undefined, counts: NOTHING }
    threads.add(thread)
    worker.unref()
    worker.on('message', (message: 'ready' | ThreadAnswer) => {
      if (message === 'ready') thread.isReady = true
      else {
        thread.counts = message.counts
        thread.asked.get(message.number)?.(message)
        thread.asked.delete(message.number)
      }
      watch(thread)
    })
    // Out of memory, or anything else that a thread dies of.
    worker.on('error', () => end(thread))
    worker.on('exit', () => end(thread))
    watch(thread)
  }

  /** Holds the process while somebody waits for it, and gives it a time to end at. */
  const watch = (thread: Thread): void => {
    clearTimeout(thread.timer)
    if (!threads.has(thread)) return
    const waits = thread.asked.size > 0
    if (waits) thread.worker.ref()
    else thread.worker.unref()
    thread.timer = setTimeout(() => end(thread), waits ? DEADLINE_MS : IDLE_MS).unref()
  }

  const end = (thread: Thread): void => {
    clearTimeout(thread.timer)
    if (!threads.delete(thread)) return
    ended = sumOfCounts([ended, thread.counts])
    void thread.worker.terminate()
    for (const answer of thread.asked.values()) answer(undefined)
    thread.asked.clear()
  }

  const leastBusy = (): Thread | undefined => {
    let least: Thread | undefined
    for (const thread of threads)
      if (thread.isReady && (least === undefined || thread.asked.size < least.asked.size)) least = thread
    return least
  }

  return {
    ready: () => {
      while (!closed && threads.size < most) start()
      return [...threads].filter(({ isReady }) => isReady).length
    },
    issue: async (documents, { sign: _, ...key }, created) => {
      const thread = leastBusy()
      const answer =
        thread === undefined
          ? undefined
          : await new Promise<ThreadAnswer | undefined>((resolve) => {
              const number = ++tasks
              thread.asked.set(number, resolve)
              watch(thread)
              const task: ThreadTask = { number, documents: joinParts(documents), key, created }
              thread.worker.postMessage(task, [task.documents.bytes.buffer as ArrayBuffer])
            })
      if (answer === undefined) return documents.map(() => undefined)
      const [signed, digests] = [partsOf(answer.signed), partsOf(answer.digests)]
      return documents.map((document, at) => thatOf(document, signed[at], digests[at]))
    },
    counts: () => sumOfCounts([ended, ...[...threads].map(({ counts }) => counts)]),
    close: async () => {
      closed = true
      await Promise.all(
        [...threads].map(async (thread) => {
          const over = thread.worker.terminate()
          end(thread)
          await over
        }),
      )
    },
  }
}

/** What was signed, where it is this very document with a proof in it: nobody is handed what was signed for somebody else. */
function thatOf(
  document: Uint8Array,
  signed: Uint8Array | undefined,
  digest: Uint8Array | undefined,
): ThreadSigned | undefined {
  if (signed === undefined || digest === undefined || signed.length <= document.length) return undefined
  let same = 0
  while (same < document.length && document[same] === signed[same]) same++
  const rest = signed.subarray(signed.length - (document.length - same))
  return Buffer.compare(document.subarray(same), rest) === 0 ? { signed, digest } : undefined
}
