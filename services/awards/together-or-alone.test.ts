import { expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import { createPassSize, togetherOrAlone } from './together-or-alone.ts'

/** A pass over a, b and c that ends at 5; together they do not go, and that takes until `splitAt`. */
async function passSplitAt(splitAt: number, signal?: AbortSignal) {
  let now = 0
  const alone: string[] = []
  const failed: string[] = []
  const isAtItsEnd = await togetherOrAlone({
    clock: { now: () => asInstant(now) },
    claimed: ['a', 'b', 'c'],
    until: asInstant(5),
    signal,
    together: async () => {
      now = splitAt
      throw new Error('Not these together.')
    },
    alone: async (item) => {
      alone.push(item)
      if (item === 'a') throw new Error('Not this one.')
    },
    onSplit: () => undefined,
    onFailure: async (item) => {
      failed.push(item)
    },
  })
  return { isAtItsEnd, alone, failed }
}

test('what does not go as one goes alone, and fails or succeeds by itself', async () => {
  expect(await passSplitAt(3)).toEqual({ isAtItsEnd: true, alone: ['a', 'b', 'c'], failed: ['a'] })
})

test('a pass that ran out of time together has done one alone, and its failure is counted', async () => {
  expect(await passSplitAt(6)).toEqual({ isAtItsEnd: false, alone: ['a'], failed: ['a'] })
})

test('a pass that is to end does none alone, and that is not for want of time', async () => {
  expect(await passSplitAt(6, AbortSignal.abort())).toEqual({ isAtItsEnd: true, alone: [], failed: [] })
})

test('each pass that runs out of time halves the next one, and each that does not doubles it again', () => {
  const size = createPassSize(100)
  const sizes = [false, false, true, false, false, false, false, false, false, true, true].map(
    (isAtItsEnd) => {
      size.after(isAtItsEnd)
      return size.now()
    },
  )
  expect(sizes).toEqual([50, 25, 50, 25, 12, 6, 3, 1, 1, 2, 4])
  for (let n = 0; n < 9; n++) size.after(true)
  expect(size.now()).toBe(100)
})
