import { errors } from '#engine/errors/catalogue.ts'

/** Who waits: callers by their names, and the product itself without one. */
export interface Waiting {
  readonly caller: string | undefined
  /** Told to who has to make room. */
  readonly refuse: (error: Error) => void
}

export interface FairQueueBounds {
  /** How many may wait, of all callers, and how many one caller may have there or at work. */
  readonly queue: number
  readonly share: number
  /** How many of the product itself may wait. They take no place of a caller, and no caller takes one of theirs. */
  readonly reserve: number
}

export interface FairQueue<Job extends Waiting> {
  /** Throws `rate-limited` for who has too many, and `unavailable` where all have. */
  put(job: Job): void
  /** Whose turn it is. It counts as its caller's until it is settled. */
  take(): Job | undefined
  settle(job: Job): void
  size(): number
}

/** When to try again; what waits is done in less, or given up. */
const RETRY_SECONDS = 2

/**
 * Callers take turns, so that one who sends much waits for itself, and the product itself has every second turn. `what` is the
 * name of what they wait for, to whoever is refused.
 */
export function createFairQueue<Job extends Waiting>(
  what: string,
  { queue: longest, share, reserve }: FairQueueBounds,
): FairQueue<Job> {
  /** By caller; whose turn it is comes first. */
  const waiting = new Map<string, Job[]>()
  /** What each caller has, here or at work. */
  const counts = new Map<string, number>()
  let length = 0
  const own: Job[] = []
  let ownLast = false

  const countOf = (caller: string): number => counts.get(caller) ?? 0

  const settle = ({ caller }: Job): void => {
    if (caller === undefined) return
    const left = countOf(caller) - 1
    if (left > 0) counts.set(caller, left)
    else counts.delete(caller)
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
    job.refuse(errors.unavailable({ what }))
    return true
  }

  return {
    put: (job) => {
      const { caller } = job
      if (caller === undefined) {
        if (own.length >= reserve) throw errors.unavailable({ what })
        own.push(job)
        return
      }
      const count = countOf(caller)
      if (count >= share) throw errors.rateLimited({ retryAfterSeconds: RETRY_SECONDS })
      if (length >= longest && !makeRoomFor(count)) throw errors.unavailable({ what })
      counts.set(caller, count + 1)
      length += 1
      waiting.set(caller, [...(waiting.get(caller) ?? []), job])
    },
    take: () => {
      const job = (ownLast ? undefined : own.shift()) ?? takeOfCallers() ?? own.shift()
      ownLast = job !== undefined && job.caller === undefined
      return job
    },
    settle,
    size: () => length + own.length,
  }
}
