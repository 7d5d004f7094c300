import { AsyncLocalStorage } from 'node:async_hooks'
import { platformErrors } from '#engine/errors/platform-errors.ts'
import type { GuardedFetch } from '#services/ports/guarded-fetch.ts'

export interface FetchBudget {
  /** The same fetcher. Beyond a budget it throws `fetch-failed`, as for a host that does not answer. */
  readonly fetch: GuardedFetch
  /** Whatever is fetched on behalf of this comes out of one budget. One within another has no budget of its own. */
  readonly within: <T>(act: () => Promise<T>) => Promise<T>
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
  deadline: AbortSignal | undefined
  late: Promise<'late'> | undefined
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

  const start = (spending: Spending): { deadline: AbortSignal; late: Promise<'late'> } => {
    const deadline = spending.deadline ?? AbortSignal.timeout(totalMs)
    const late = spending.late ?? whenAborted(deadline)
    Object.assign(spending, { deadline, late })
    return { deadline, late }
  }

  return {
    fetch: async (url, request = {}) => {
      const spending = scope.getStore()
      if (spending === undefined) return fetch(url, request)
      const { deadline, late } = start(spending)
      if (spending.left <= 0 || deadline.aborted) throw spent(url)
      spending.left -= 1
      const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal])
      const answer = await Promise.race([fetch(url, { ...request, signal }), late])
      if (answer === 'late') throw spent(url)
      return answer
    },
    within: (act) =>
      scope.getStore() === undefined
        ? scope.run({ left: fetches, deadline: undefined, late: undefined }, act)
        : act(),
  }
}

const whenAborted = (signal: AbortSignal) =>
  new Promise<'late'>((settle) => {
    signal.addEventListener('abort', () => settle('late'), { once: true })
  })

/** To whoever asked it is one that did not answer in time: that says nothing of the document. */
const spent = (url: string) =>
  platformErrors.fetchFailed({ host: URL.parse(url)?.hostname ?? '', reason: 'timeout' })
