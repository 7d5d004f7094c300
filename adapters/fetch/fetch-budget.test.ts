import { expect, test } from 'vitest'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { GuardedFetch } from '#services/ports/guarded-fetch.ts'
import { createFetchBudget } from './fetch-budget.ts'

const answer = { status: 200, mediaType: 'application/json', body: new Uint8Array() }

/** A fetcher that answers at once, and what it was asked for. */
function answering() {
  const asked: string[] = []
  const fetch: GuardedFetch = async (url) => {
    asked.push(url)
    return answer
  }
  return { fetch, asked }
}

const outcomeOf = (fetched: Promise<unknown>): Promise<string> =>
  fetched.then(
    () => 'ok',
    (error: unknown) => (error instanceof WaarmerkError ? error.code : expect.unreachable()),
  )

test('what is within one shares a budget, whatever is within it, and what comes beyond is not fetched', async () => {
  const { fetch, asked } = answering()
  const budget = createFetchBudget(fetch, { fetches: 3 })
  const two = () =>
    budget.within(async () => [
      await outcomeOf(budget.fetch('https://a.example/')),
      await outcomeOf(budget.fetch('https://b.example/')),
    ])
  expect(await budget.within(async () => [...(await two()), ...(await two())])).toEqual([
    'ok',
    'ok',
    'ok',
    'fetch-failed',
  ])
  expect(asked).toHaveLength(3)
  // The next one has its own; and so have two at a time.
  expect(await Promise.all([two(), two()])).toEqual([
    ['ok', 'ok'],
    ['ok', 'ok'],
  ])
})

test('fetches at the same time are counted as well, and those of nobody are not', async () => {
  const { fetch } = answering()
  const budget = createFetchBudget(fetch, { fetches: 2 })
  const four = () =>
    Promise.all(Array.from({ length: 4 }, () => outcomeOf(budget.fetch('https://a.example/'))))
  expect(await budget.within(four)).toEqual(['ok', 'ok', 'fetch-failed', 'fetch-failed'])
  expect(await four()).toEqual(Array(4).fill('ok'))
})

test('a host that takes all the time is left, and no other is asked after it', async () => {
  const asked: string[] = []
  let ended = false
  const stuck: GuardedFetch = (url, request) => {
    asked.push(url)
    request?.signal?.addEventListener('abort', () => {
      ended = true
    })
    return new Promise(() => {})
  }
  const budget = createFetchBudget(stuck, { totalMs: 20 })
  const outcomes = await budget.within(async () => [
    await outcomeOf(budget.fetch('https://slow.example/')),
    await outcomeOf(budget.fetch('https://other.example/')),
  ])
  expect(outcomes).toEqual(['fetch-failed', 'fetch-failed'])
  expect(asked).toEqual(['https://slow.example/'])
  expect(ended).toBe(true)
})

test('those that share a budget have equal parts of it, and what one does not need goes on to the next', async () => {
  const { fetch } = answering()
  const budget = createFetchBudget(fetch, { fetches: 9 })
  const counts: number[] = []
  const wanting = (wanted: number) => async () => {
    const all = Array.from({ length: wanted }, () => outcomeOf(budget.fetch('https://a.example/')))
    counts.push((await Promise.all(all)).filter((outcome) => outcome === 'ok').length)
  }
  await budget.within(async () => {
    await budget.share([100, 1, 100].map(wanting))
    // All of it is spent.
    await wanting(1)()
  })
  expect(counts).toEqual([3, 1, 5, 0])
})

test('those whose part was too small are done once more with what the others have left, and that answer counts', async () => {
  const { fetch, asked } = answering()
  const budget = createFetchBudget(fetch, { fetches: 9 })
  const wanting = (wanted: number) => async () => {
    const all = Array.from({ length: wanted }, () => outcomeOf(budget.fetch('https://a.example/')))
    return (await Promise.all(all)).filter((outcome) => outcome === 'ok').length
  }
  expect(await budget.within(() => budget.share([4, 1, 1].map(wanting)))).toEqual([4, 1, 1])
  expect(asked).toHaveLength(3 + 1 + 1 + 4)
  // Where less is left than it had, it would only do worse.
  expect(await budget.within(() => budget.share([4, 1, 3].map(wanting)))).toEqual([3, 1, 3])
  expect(asked).toHaveLength(9 + 3 + 1 + 3)
  // Of nobody's budget each is done once, with all that it wants.
  expect(await budget.share([100, 1].map(wanting))).toEqual([100, 1])
})

test('a part that begins late ends with its whole', async () => {
  const fetch: GuardedFetch = (url) =>
    url === 'https://slow.example/' ? new Promise(() => {}) : Promise.resolve(answer)
  const budget = createFetchBudget(fetch, { totalMs: 1_000 })
  const first = await budget.within(async () => {
    await outcomeOf(budget.fetch('https://quick.example/'))
    const after = new Promise<string>((settle) => setTimeout(() => settle('beyond its end'), 1_400))
    const [ended] = await budget.share([
      async () => {
        // It computes first.
        await new Promise((settle) => setTimeout(settle, 600))
        return Promise.race([outcomeOf(budget.fetch('https://slow.example/')), after])
      },
    ])
    return ended
  })
  expect(first).toBe('fetch-failed')
})

test('whoever takes all of its time leaves the time of the others', async () => {
  const stuck = new Set(['https://slow.example/'])
  const fetch: GuardedFetch = async (url) => (stuck.has(url) ? new Promise(() => {}) : answer)
  const budget = createFetchBudget(fetch, { totalMs: 60 })
  const hosts = ['slow', 'quick', 'slow'].map((name) => `https://${name}.example/`)
  const outcomes = await budget.within(() =>
    budget.share(hosts.map((url) => () => outcomeOf(budget.fetch(url)))),
  )
  expect(outcomes).toEqual(['fetch-failed', 'ok', 'fetch-failed'])
})

test('what is given up asks nobody any more, and hangs up on whom it has asked', async () => {
  const asked: string[] = []
  const given = new AbortController()
  let hungUp = false
  const fetch: GuardedFetch = (url, request) => {
    asked.push(url)
    request?.signal?.addEventListener('abort', () => {
      hungUp = true
    })
    return new Promise(() => {})
  }
  const budget = createFetchBudget(fetch)
  const outcomes = budget.within(
    () =>
      budget.share(
        ['https://slow.example/', 'https://other.example/'].map((url) => () => outcomeOf(budget.fetch(url))),
      ),
    given.signal,
  )
  given.abort()
  expect(await outcomes).toEqual(['fetch-failed', 'fetch-failed'])
  expect([asked, hungUp]).toEqual([['https://slow.example/'], true])
})
