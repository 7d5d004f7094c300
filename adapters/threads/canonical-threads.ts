import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type Canonical, gaveUp } from '#adapters/crypto/canonical.ts'
import type { CanonicaliseElsewhere } from '#adapters/crypto/crypto-means.ts'
import type { JsonObject } from '#engine/shared/json.ts'

export interface CanonicalThreads {
  readonly canonicalise: CanonicaliseElsewhere
  /** Ends every thread; what still waits is given up. */
  close(): Promise<void>
}

export interface CanonicalThreadsOptions {
  /** Contexts beside the pinned ones. */
  readonly contexts?: ReadonlyMap<string, object>
  readonly threads?: number
  /** How long one document may take, from the moment at which a thread has it. */
  readonly deadlineMs?: number
  /** How many may wait for a thread. */
  readonly queue?: number
  /** Of one thread. */
  readonly memoryMb?: number
}

/** What the threads are started with. */
export interface ThreadData {
  readonly contexts: ReadonlyMap<string, object>
}

/** A thread that does nothing ends after a while, and so does one that did much: whatever it holds goes with it. */
const IDLE_MS = 30_000
const MOST_DOCUMENTS = 1000

/** A thread that does not even start within this time is given up, and the document with it. */
const START_MS = 20_000

interface Job {
  readonly document: JsonObject | string
  readonly answer: (canonical: Canonical) => void
}

interface Thread {
  readonly worker: Worker
  isReady: boolean
  done: number
  job: Job | undefined
  timer: NodeJS.Timeout | undefined
}

/**
 * Threads that canonicalise documents which may take long. A document that is not done at its deadline is given up, and
 * its thread killed: nothing that a document says can hold the event loop, and no thread holds the process.
 * Threads start when they are first needed.
 */
export function createCanonicalThreads({
  contexts = new Map(),
  threads: most = Math.max(1, Math.min(4, availableParallelism() - 1)),
  deadlineMs = 2000,
  queue: longest = 64,
  memoryMb = 256,
}: CanonicalThreadsOptions = {}): CanonicalThreads {
  const threads = new Set<Thread>()
  const waiting: Job[] = []
  let closed = false

  const start = (): Thread => {
    const workerData: ThreadData = { contexts }
    const worker = new Worker(new URL('./canonical-thread.ts', import.meta.url), {
      workerData,
      // Flags of the process are not for a thread that canonicalises.
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 32 },
    })
    const thread: Thread = { worker, isReady: false, done: 0, job: undefined, timer: undefined }
    threads.add(thread)
    worker.unref()
    worker.on('message', (message: 'ready' | Canonical) => {
      if (message !== 'ready') finish(thread, message)
      thread.isReady = true
      if (thread.done >= MOST_DOCUMENTS) end(thread)
      next(thread)
    })
    // Out of memory, or anything else that a thread dies of.
    worker.on('error', (error: Error) => end(thread, `ended its thread: ${error.message}`))
    worker.on('exit', () => end(thread, 'ended its thread'))
    return thread
  }

  const finish = (thread: Thread, canonical: Canonical): void => {
    const { job } = thread
    clearTimeout(thread.timer)
    thread.job = undefined
    thread.done += 1
    thread.worker.unref()
    job?.answer(canonical)
  }

  /** The thread is no more; what it was at is given up, and what waits goes to another. */
  const end = (thread: Thread, why = 'was given up'): void => {
    if (!threads.delete(thread)) return
    void thread.worker.terminate()
    finish(thread, gaveUp(why))
    spread()
  }

  /** Gives a thread work, as soon as it is ready; or a time to end at. */
  const next = (thread: Thread): void => {
    if (!threads.has(thread) || !thread.isReady) return
    const job = thread.job ?? waiting.shift()
    if (job === undefined) {
      clearTimeout(thread.timer)
      thread.timer = setTimeout(() => end(thread), IDLE_MS).unref()
      return
    }
    give(thread, job)
    clearTimeout(thread.timer)
    thread.timer = setTimeout(() => end(thread, `takes more than ${deadlineMs} ms`), deadlineMs)
    thread.worker.postMessage(job.document)
  }

  const give = (thread: Thread, job: Job): void => {
    thread.job = job
    // From now on somebody waits for it.
    thread.worker.ref()
  }

  /** Hands out what waits: to idle threads, and to new ones while there may be more. */
  const spread = (): void => {
    while (waiting.length > 0 && !closed) {
      const idle = [...threads].find(({ job, isReady }) => job === undefined && isReady)
      if (idle !== undefined) {
        next(idle)
        continue
      }
      if (threads.size >= most) return
      const thread = start()
      const job = waiting.shift()
      if (job !== undefined) give(thread, job)
      thread.timer = setTimeout(() => end(thread, 'found no thread'), START_MS)
    }
  }

  return {
    canonicalise: (document) =>
      new Promise((resolve) => {
        if (closed || waiting.length >= longest) return resolve(gaveUp('found too many others waiting'))
        waiting.push({ document, answer: resolve })
        spread()
      }),
    close: async () => {
      closed = true
      for (const job of waiting.splice(0)) job.answer(gaveUp('was given up'))
      await Promise.all(
        [...threads].map(async (thread) => {
          const ended = thread.worker.terminate()
          end(thread)
          await ended
        }),
      )
    },
  }
}
