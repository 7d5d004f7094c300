import type { Worker } from 'node:worker_threads'
import { callerNow } from './caller-scope.ts'
import { createFairQueue, type FairQueueBounds } from './fair-queue.ts'
import { openThread } from './open-thread.ts'

export interface ThreadPool<Work, Done> {
  /**
   * What a thread makes of it, or why it was given up: it took too long, or its thread died. Throws `rate-limited` for who has too
   * many waiting, and `unavailable` where all have, or to make room for others.
   */
  run(work: Work): Promise<Outcome<Done>>
  /** Ends every thread; what still waits is given up. */
  close(): Promise<void>
}

export type Outcome<Done> =
  | { readonly ok: true; readonly done: Done }
  | { readonly ok: false; readonly why: string }

/** How much may be asked of threads. */
export interface ThreadBounds extends FairQueueBounds {
  readonly threads: number
  /** How long one job may take, from the moment at which a thread has it. */
  readonly deadlineMs: number
  /** Of one thread. */
  readonly memoryMb: number
}

interface ThreadPoolOptions extends ThreadBounds {
  /** Says `ready` when it is, then answers each message with one of its own. */
  readonly script: URL
  readonly workerData?: unknown
  /** After so many a thread ends, and whatever it holds goes with it. */
  readonly mostJobs: number
  /** As people are told what is not available. */
  readonly what: string
}

/** A thread that does nothing ends after a while. */
const IDLE_MS = 30_000

/** A thread that does not even start within this time is given up, and its job with it. */
const START_MS = 20_000

interface Job<Work, Done> {
  readonly caller: string | undefined
  readonly work: Work
  readonly answer: (done: Done) => void
  readonly giveUp: (why: string) => void
  readonly refuse: (error: Error) => void
}

interface Thread<Work, Done> {
  readonly worker: Worker
  isReady: boolean
  done: number
  job: Job<Work, Done> | undefined
  timer: NodeJS.Timeout | undefined
}

/**
 * Threads for what strangers ask and may take long. What is not done at its deadline is given up, and its thread killed: none of it
 * can hold the event loop, and no thread holds the process. Callers take turns (see `fair-queue.ts`). Threads start when they are first needed.
 */
export function createThreadPool<Work, Done>({
  script,
  workerData,
  threads: most,
  deadlineMs,
  memoryMb,
  mostJobs,
  what,
  ...bounds
}: ThreadPoolOptions): ThreadPool<Work, Done> {
  const threads = new Set<Thread<Work, Done>>()
  const queue = createFairQueue<Job<Work, Done>>(what, bounds)
  let closed = false

  const start = (): Thread<Work, Done> => {
    const worker = openThread(script, {
      workerData,
      limits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 32 },
    })
    const thread: Thread<Work, Done> = { worker, isReady: false, done: 0, job: undefined, timer: undefined }
    threads.add(thread)
    worker.unref()
    worker.on('message', (message: 'ready' | Done) => {
      if (message !== 'ready') finish(thread, (job) => job.answer(message as Done))
      thread.isReady = true
      if (thread.done >= mostJobs) end(thread)
      next(thread)
    })
    // Out of memory, or anything else that a thread dies of.
    worker.on('error', (error: Error) => end(thread, `ended its thread: ${error.message}`))
    worker.on('exit', () => end(thread, 'ended its thread'))
    return thread
  }

  const finish = (thread: Thread<Work, Done>, tell: (job: Job<Work, Done>) => void): void => {
    const { job } = thread
    clearTimeout(thread.timer)
    thread.job = undefined
    thread.done += 1
    thread.worker.unref()
    if (job === undefined) return
    queue.settle(job)
    tell(job)
  }

  /** The thread is no more; what it was at is given up, and what waits goes to another. */
  const end = (thread: Thread<Work, Done>, why = 'was given up'): void => {
    if (!threads.delete(thread)) return
    void thread.worker.terminate()
    finish(thread, (job) => job.giveUp(why))
    spread()
  }

  /** Gives a thread work, as soon as it is ready; or a time to end at. */
  const next = (thread: Thread<Work, Done>): void => {
    if (!threads.has(thread) || !thread.isReady) return
    const job = thread.job ?? queue.take()
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

  const give = (thread: Thread<Work, Done>, job: Job<Work, Done>): void => {
    thread.job = job
    // From now on somebody waits for it.
    thread.worker.ref()
  }

  /** Hands out what waits: to idle threads, and to new ones while there may be more. */
  const spread = (): void => {
    while (queue.size() > 0 && !closed) {
      const idle = [...threads].find(({ job, isReady }) => job === undefined && isReady)
      if (idle !== undefined) {
        next(idle)
        continue
      }
      if (threads.size >= most) return
      const thread = startOrNone()
      const job = queue.take()
      if (thread === undefined) job?.giveUp('found no thread')
      else if (job !== undefined) give(thread, job)
    }
  }

  /** A process may have as many threads as the system lets it. */
  const startOrNone = (): Thread<Work, Done> | undefined => {
    try {
      const thread = start()
      thread.timer = setTimeout(() => end(thread, 'found no thread'), START_MS)
      return thread
    } catch {
      return undefined
    }
  }

  return {
    run: async (work) => {
      if (closed) return gaveUp('was given up')
      return new Promise((resolve, refuse) => {
        queue.put({
          caller: callerNow(),
          work,
          answer: (done) => resolve({ ok: true, done }),
          giveUp: (why) => resolve(gaveUp(why)),
          refuse,
        })
        spread()
      })
    },
    close: async () => {
      closed = true
      for (let job = queue.take(); job !== undefined; job = queue.take()) job.giveUp('was given up')
      await Promise.all(
        [...threads].map(async (thread) => {
          const ended = thread.worker.terminate()
          end(thread)
          // Whoever waits for the end of it keeps the process until then.
          thread.worker.ref()
          await ended
        }),
      )
    },
  }
}

const gaveUp = (why: string) => ({ ok: false, why }) as const
