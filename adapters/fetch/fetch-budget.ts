import { AsyncLocalStorage } from 'node:async_hooks'
import { platformErrors } from '#engine/errors/platform-errors.ts'
import type { GuardedFetch } from '#services/ports/guarded-fetch.ts'

export interface FetchBudget {
  /** The same fetcher. Beyond a budget it throws `fetch-failed`, as for a host that does not answer. */
  readonly fetch: GuardedFetch
  /**
   * Whatever is fetched on behalf of this comes out of one budget. One within another has no budget of its own. With the signal
   * nothing more is fetched, and what is under way ends.
   */
  readonly within: <T>(act: () => Promise<T>, signal?: AbortSignal) => Promise<T>
  /**
   * Does the first of so many that are to do one after the other out of one budget: it gets its equal part of what is left, and
   * leaves to the others what it does not need of that.
   */
  readonly share: <T>(among: number, act: () => Promise<T>) => Promise<T>
}

export interface FetchBudgetOptions {
  readonly fetches?: number
  /** Milliseconds for all of them, from the first. */
  readonly totalMs?: number
}

/** Sixteen badges with a DID, a status list and a standing each come to less. */
const DEFAULT_FETCHES = 64
const DEFAULT_TOTAL_MS = 30_000

interface Spending {
  left: number
  /** Milliseconds: of a whole from its first fetch, of a part from when its turn comes. */
  readonly ms: number
  /** When that is over; from when on it counts. */
  endsAt?: number
  over?: { readonly signal: AbortSignal; readonly late: Promise<'late'> }
  /** Gives up before its time. */
  readonly given: AbortSignal | undefined
}

/**
 * Bounds what one request makes this server fetch. A document names addresses, and what is in it names more: each of those has
 * its bound, but one in the other they come to a thousand, at hosts that may each take their time.
 */
export function createFetchBudget(
  fetch: GuardedFetch,
  { fetches = DEFAULT_FETCHES, totalMs = DEFAULT_TOTAL_MS }: FetchBudgetOptions = {},
): FetchBudget {
  const scope = new AsyncLocalStorage<Spending>()

  return {
    fetch: async (url, request = {}) => {
      const spending = scope.getStore()
      if (spending === undefined) return fetch(url, request)
      const over = begin(spending)
      if (spending.left <= 0 || over.signal.aborted) throw spent(url)
      spending.left -= 1
      const signal =
        request.signal === undefined ? over.signal : AbortSignal.any([over.signal, request.signal])
      const answer = await Promise.race([fetch(url, { ...request, signal }), over.late])
      if (answer === 'late') throw spent(url)
      return answer
    },
    within: (act, signal) =>
      scope.getStore() === undefined ? scope.run({ left: fetches, ms: totalMs, given: signal }, act) : act(),
    share: async (among, act) => {
      const whole = scope.getStore()
      if (whole === undefined) return act()
      const allotted = Math.ceil(whole.left / among)
      const ms = Math.ceil(msLeft(whole) / among)
      const part: Spending = { left: allotted, ms, given: whole.given }
      try {
        return await scope.run(part, act)
      } finally {
        whole.left -= allotted - part.left
        // The time of the whole runs from the first fetch, whoever made it.
        if (part.endsAt !== undefined) whole.endsAt ??= part.endsAt - ms + whole.ms
      }
    },
  }
}

const msLeft = ({ ms, endsAt }: Spending): number =>
  endsAt === undefined ? ms : Math.max(0, Math.ceil(endsAt - performance.now()))

/** Its time runs from now on, where it did not run yet. */
function begin(spending: Spending): { readonly signal: AbortSignal; readonly late: Promise<'late'> } {
  if (spending.over !== undefined) return spending.over
  const ms = msLeft(spending)
  spending.endsAt ??= performance.now() + ms
  const timeout = AbortSignal.timeout(ms)
  const signal = spending.given === undefined ? timeout : AbortSignal.any([timeout, spending.given])
  spending.over = { signal, late: whenAborted(signal) }
  return spending.over
}

const whenAborted = (signal: AbortSignal) =>
  new Promise<'late'>((settle) => {
    signal.addEventListener('abort', () => settle('late'), { once: true })
  })

/** To whoever asked it is one that did not answer in time: that says nothing of the document. */
const spent = (url: string) =>
  platformErrors.fetchFailed({ host: URL.parse(url)?.hostname ?? '', reason: 'timeout' })
