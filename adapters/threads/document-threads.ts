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
  /** Throws `rate-limited` for who has too many waiting, and `unavailable` where all have, or to make room for others. */
  readonly canonicalise: CanonicaliseElsewhere
  /** The same for files: what is large, or may unpack to much, is read in a thread. */
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
  /** How many of the product itself may wait. They take no place of a caller, and no caller takes one of theirs. */
  readonly reserve?: number
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
  readonly refuse: (error: Error) => void
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

/** Its name, to whoever is refused. */
const READER = 'reader of large documents'

/**
 * Threads that read what strangers send and may take long. What is not done at its deadline is given up, and its thread killed:
 * nothing that a document says can hold the event loop, and no thread holds the process. Callers take turns, so that one who
 * sends many waits for itself, and the product itself has every second turn, and places of its own. Threads start when they are
 * first needed.
 */
export function createDocumentThreads({
  contexts = new Map(),
  threads: most = Math.max(1, Math.min(4, availableParallelism() - 1)),
  deadlineMs = 2000,
  queue: longest = 64,
  share = 8,
  reserve = 64,
  memoryMb = 256,
}: DocumentThreadsOptions = {}): DocumentThreads {
  const threads = new Set<Thread>()
  /** By caller; whose turn it is comes first. */
  const waiting = new Map<string, Job[]>()
  /** What each caller has, here or with a thread. */
  const counts = new Map<string, number>()
  /** What waits of callers, and of the product itself. */
  let length = 0
  const own: Job[] = []
  let ownLast = false
  let closed = false

  const take = (): Job | undefined => {
    const job = (ownLast ? undefined : own.shift()) ?? takeOfCallers() ?? own.shift()
    ownLast = job !== undefined && job.caller === undefined
    return job
  }

  const takeOfCallers = (): Job | undefined => {
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

  /** The newest of whoever has most gives way to one who has less by two: so all have alike, and nobody fills it alone. */
  const makeRoomFor = (count: number): boolean => {
    const [most] = [...waiting.keys()].toSorted((one, other) => countOf(other) - countOf(one))
    if (most === undefined || countOf(most) < count + 2) return false
    const jobs = waiting.get(most) ?? []
    const job = jobs.pop()
    if (jobs.length === 0) waiting.delete(most)
    if (job === undefined) return false
    length -= 1
    settle(job)
    job.refuse(errors.unavailable({ what: READER }))
    return true
  }

  const countOf = (caller: string): number => counts.get(caller) ?? 0

  const settle = ({ caller }: Job): void => {
    if (caller === undefined) return
    const left = countOf(caller) - 1
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
    while (length + own.length > 0 && !closed) {
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

  /** Why one more of this caller may not wait; undefined where it may, and then there is room. */
  const refusalOf = (caller: string | undefined): Error | undefined => {
    if (caller === undefined) return own.length < reserve ? undefined : errors.unavailable({ what: READER })
    const count = countOf(caller)
    if (count >= share) return errors.rateLimited({ retryAfterSeconds: RETRY_SECONDS })
    return length < longest || makeRoomFor(count) ? undefined : errors.unavailable({ what: READER })
  }

  /** Refuses where no more may wait. */
  const enqueue = (work: Work, answers: Pick<Job, 'answer' | 'giveUp' | 'refuse'>): void => {
    if (closed) {
      answers.giveUp('was given up')
      return
    }
    const caller = callerNow()
    const refusal = refusalOf(caller)
    if (refusal !== undefined) {
      answers.refuse(refusal)
      return
    }
    const job = { caller, work, ...answers }
    if (caller === undefined) own.push(job)
    else {
      counts.set(caller, countOf(caller) + 1)
      length += 1
      waiting.set(caller, [...(waiting.get(caller) ?? []), job])
    }
    spread()
  }

  return {
    canonicalise: (document) =>
      new Promise((resolve, refuse) => {
        enqueue(
          { kind: 'canonicalise', document },
          { answer: (done) => resolve(done as Canonical), giveUp: (why) => resolve(gaveUp(why)), refuse },
        )
      }),
    unbake: (file) =>
      file.length < SMALL_FILE && !isPdf(file)
        ? unbake(file)
        : new Promise((resolve, refuse) => {
            enqueue(
              { kind: 'unbake', file },
              {
                answer: (done) => resolve(done as Unbaked | undefined),
                giveUp: (why) => resolve({ ok: false, reason: `the file ${why}` }),
                refuse,
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
