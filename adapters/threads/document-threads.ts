import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type Canonical, gaveUp } from '#adapters/crypto/canonical.ts'
import type { CanonicaliseElsewhere } from '#adapters/crypto/crypto-means.ts'
import { unbake } from '#adapters/crypto/unbake.ts'
import { isPdf } from '#adapters/crypto/unbake-pdf.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Unbake, Unbaked } from '#services/ports/badge-images.ts'
import { callerNow } from './caller-scope.ts'

export interface DocumentThreads {
  /** Throws `rate-limited` for who has too many waiting, and `unavailable` where all have. */
  readonly canonicalise: CanonicaliseElsewhere
  /**
   * The same for files: what is large, or may unpack to much, is read in a thread. Throws `unavailable` for what is given up
   * too: nobody knows what is in it.
   */
  readonly unbake: Unbake
  /** Ends every thread; what still waits is given up. */
  close(): Promise<void>
}

export interface DocumentThreadsOptions {
  /** Contexts beside the pinned ones. */
  readonly contexts?: ReadonlyMap<string, object>
  readonly threads?: number
  /** How long one document may take, from the moment at which a thread has it. */
  readonly deadlineMs?: number
  /** How many may wait for a thread, of all callers, and how many one caller may have there or with a thread. */
  readonly queue?: number
  readonly share?: number
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

export type Work =
  | { readonly kind: 'canonicalise'; readonly document: JsonObject | string }
  | { readonly kind: 'unbake'; readonly file: Uint8Array }

type Done = Canonical | Unbaked | undefined

interface Job {
  readonly caller: string | undefined
  readonly work: Work
  readonly answer: (done: Done) => void
  readonly giveUp: (why: string) => void
}

interface Thread {
  readonly worker: Worker
  isReady: boolean
  done: number
  job: Job | undefined
  timer: NodeJS.Timeout | undefined
}

/** Files below this are looked into in less than a hop takes; but a PDF may unpack to a thousand times its size. */
const SMALL_FILE = 32 * 1024

/** When to try again; what waits is done in less, or given up. */
const RETRY_SECONDS = 2

/**
 * Threads that read what strangers send and may take long. What is not done at its deadline is given up, and its thread killed:
 * nothing that a document says can hold the event loop, and no thread holds the process. Callers take turns, so that one who
 * sends many waits for itself. Threads start when they are first needed.
 */
export function createDocumentThreads({
  contexts = new Map(),
  threads: most = Math.max(1, Math.min(4, availableParallelism() - 1)),
  deadlineMs = 2000,
  queue: longest = 64,
  share = 8,
  memoryMb = 256,
}: DocumentThreadsOptions = {}): DocumentThreads {
  const threads = new Set<Thread>()
  /** By caller; whose turn it is comes first. */
  const waiting = new Map<string | undefined, Job[]>()
  const counts = new Map<string | undefined, number>()
  let length = 0
  let closed = false

  const take = (): Job | undefined => {
    for (const [caller, jobs] of waiting) {
      const job = jobs.shift()
      waiting.delete(caller)
      if (jobs.length > 0) waiting.set(caller, jobs)
      if (job === undefined) continue
      length -= 1
      return job
    }
    return undefined
  }

  const settle = ({ caller }: Job): void => {
    const left = (counts.get(caller) ?? 1) - 1
    if (left > 0) counts.set(caller, left)
    else counts.delete(caller)
  }

  const start = (): Thread => {
    const workerData: ThreadData = { contexts }
    const worker = new Worker(new URL('./document-thread.ts', import.meta.url), {
      workerData,
      // Flags of the process are not for a thread that canonicalises.
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 32 },
    })
    const thread: Thread = { worker, isReady: false, done: 0, job: undefined, timer: undefined }
    threads.add(thread)
    worker.unref()
    worker.on('message', (message: 'ready' | Done) => {
      if (message !== 'ready') finish(thread, (job) => job.answer(message))
      thread.isReady = true
      if (thread.done >= MOST_DOCUMENTS) end(thread)
      next(thread)
    })
    // Out of memory, or anything else that a thread dies of.
    worker.on('error', (error: Error) => end(thread, `ended its thread: ${error.message}`))
    worker.on('exit', () => end(thread, 'ended its thread'))
    return thread
  }

  const finish = (thread: Thread, tell: (job: Job) => void): void => {
    const { job } = thread
    clearTimeout(thread.timer)
    thread.job = undefined
    thread.done += 1
    thread.worker.unref()
    if (job === undefined) return
    settle(job)
    tell(job)
  }

  /** The thread is no more; what it was at is given up, and what waits goes to another. */
  const end = (thread: Thread, why = 'was given up'): void => {
    if (!threads.delete(thread)) return
    void thread.worker.terminate()
    finish(thread, (job) => job.giveUp(why))
    spread()
  }

  /** Gives a thread work, as soon as it is ready; or a time to end at. */
  const next = (thread: Thread): void => {
    if (!threads.has(thread) || !thread.isReady) return
    const job = thread.job ?? take()
    if (job === undefined) {
      clearTimeout(thread.timer)
      thread.timer = setTimeout(() => end(thread), IDLE_MS).unref()
      return
    }
    give(thread, job)
    clearTimeout(thread.timer)
    thread.timer = setTimeout(() => end(thread, `takes more than ${deadlineMs} ms`), deadlineMs)
    thread.worker.postMessage(job.work)
  }

  const give = (thread: Thread, job: Job): void => {
    thread.job = job
    // From now on somebody waits for it.
    thread.worker.ref()
  }

  /** Hands out what waits: to idle threads, and to new ones while there may be more. */
  const spread = (): void => {
    while (length > 0 && !closed) {
      const idle = [...threads].find(({ job, isReady }) => job === undefined && isReady)
      if (idle !== undefined) {
        next(idle)
        continue
      }
      if (threads.size >= most) return
      const thread = start()
      const job = take()
      if (job !== undefined) give(thread, job)
      thread.timer = setTimeout(() => end(thread, 'found no thread'), START_MS)
    }
  }

  /** Throws where no more may wait. */
  const enqueue = (work: Work, { answer, giveUp }: Pick<Job, 'answer' | 'giveUp'>): void => {
    if (closed) {
      giveUp('was given up')
      return
    }
    const caller = callerNow()
    const own = counts.get(caller) ?? 0
    if (caller !== undefined && own >= share) throw errors.rateLimited({ retryAfterSeconds: RETRY_SECONDS })
    if (length >= longest) throw errors.unavailable({ what: 'reader of large documents' })
    counts.set(caller, own + 1)
    length += 1
    const jobs = waiting.get(caller) ?? []
    jobs.push({ caller, work, answer, giveUp })
    waiting.set(caller, jobs)
    spread()
  }

  return {
    canonicalise: (document) =>
      new Promise((resolve) => {
        enqueue(
          { kind: 'canonicalise', document },
          { answer: (done) => resolve(done as Canonical), giveUp: (why) => resolve(gaveUp(why)) },
        )
      }),
    unbake: (file) =>
      file.length < SMALL_FILE && !isPdf(file)
        ? unbake(file)
        : new Promise((resolve, reject) => {
            enqueue(
              { kind: 'unbake', file },
              {
                answer: (done) => resolve(done as Unbaked | undefined),
                giveUp: () => reject(errors.unavailable({ what: 'reader of large documents' })),
              },
            )
          }),
    close: async () => {
      closed = true
      for (let job = take(); job !== undefined; job = take()) job.giveUp('was given up')
      await Promise.all(
        [...threads].map(async (thread) => {
          // Whoever waits for the end of it keeps the process until then.
          thread.worker.ref()
          const ended = thread.worker.terminate()
          end(thread)
          await ended
        }),
      )
    },
  }
}
