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
   * Does one after the other out of one budget: each gets its equal part of what is left, and leaves to those after it what it
   * does not need of that. Those whose part was too small are done once more at the end, where so much is left that they get as
   * much as before, or more; then it is the second answer that counts.
   */
  readonly share: <T>(acts: readonly (() => Promise<T>)[]) => Promise<readonly T[]>
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
  /** Milliseconds from its first fetch. A part ends with its whole at the latest. */
  readonly ms: number
  readonly whole?: Spending
  /** Something was not fetched for want of number or time. */
  isShort?: true
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
      if (spending.left <= 0 || over.signal.aborted) throw spent(spending, url)
      spending.left -= 1
      const signal =
        request.signal === undefined ? over.signal : AbortSignal.any([over.signal, request.signal])
      const answer = await Promise.race([fetch(url, { ...request, signal }), over.late])
      if (answer === 'late') throw spent(spending, url)
      return answer
    },
    within: (act, signal) =>
      scope.getStore() === undefined ? scope.run({ left: fetches, ms: totalMs, given: signal }, act) : act(),
    share: async <T>(acts: readonly (() => Promise<T>)[]): Promise<readonly T[]> => {
      const whole = scope.getStore()
      const answers: T[] = []
      const short: { readonly at: number; readonly had: Allotment }[] = []
      for (const [at, act] of acts.entries()) {
        if (whole === undefined) {
          answers.push(await act())
          continue
        }
        const had = allot(whole, acts.length - at)
        const { answer, isShort } = await spend(whole, had, act)
        answers.push(answer)
        if (isShort) short.push({ at, had })
      }
      for (const [n, { at, had }] of short.entries()) {
        const act = acts[at]
        if (whole === undefined || act === undefined || whole.given?.aborted) break
        const now = allot(whole, short.length - n)
        if (now.left === 0 || now.left < had.left || now.ms < had.ms) continue
        answers[at] = (await spend(whole, now, act)).answer
      }
      return answers
    },
  }

  async function spend<T>(
    whole: Spending,
    allotment: Allotment,
    act: () => Promise<T>,
  ): Promise<{ readonly answer: T; readonly isShort: boolean }> {
    const part: Spending = { ...allotment, whole, given: whole.given }
    try {
      const answer = await scope.run(part, act)
      return { answer, isShort: part.isShort === true }
    } finally {
      whole.left -= allotment.left - part.left
    }
  }
}

type Allotment = Pick<Spending, 'left' | 'ms'>

const allot = (whole: Spending, among: number): Allotment => ({
  left: Math.ceil(whole.left / among),
  ms: Math.ceil(msLeft(whole) / among),
})

const msLeft = ({ ms, endsAt }: Spending): number =>
  endsAt === undefined ? ms : Math.max(0, Math.ceil(endsAt - performance.now()))

/** When it ends where its first fetch is now; that of a part is the first of its whole, where that had none. */
function endOf(spending: Spending): number {
  if (spending.endsAt !== undefined) return spending.endsAt
  const end = performance.now() + spending.ms
  if (spending.whole === undefined) return end
  spending.whole.endsAt = endOf(spending.whole)
  return Math.min(end, spending.whole.endsAt)
}

/** Its time runs from now on, where it did not run yet. */
function begin(spending: Spending): { readonly signal: AbortSignal; readonly late: Promise<'late'> } {
  if (spending.over !== undefined) return spending.over
  spending.endsAt = endOf(spending)
  const timeout = AbortSignal.timeout(msLeft(spending))
  const signal = spending.given === undefined ? timeout : AbortSignal.any([timeout, spending.given])
  spending.over = { signal, late: whenAborted(signal) }
  return spending.over
}

const whenAborted = (signal: AbortSignal) =>
  new Promise<'late'>((settle) => {
    signal.addEventListener('abort', () => settle('late'), { once: true })
  })

/** To whoever asked it is one that did not answer in time: that says nothing of the document. */
function spent(spending: Spending, url: string) {
  spending.isShort = true
  return platformErrors.fetchFailed({ host: URL.parse(url)?.hostname ?? '', reason: 'timeout' })
}
