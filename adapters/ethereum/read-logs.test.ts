import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hex } from '#engine/shared/bytes.ts'
import { firstBlockOf } from './first-block.ts'
import { readLogs } from './read-logs.ts'

const address: Hex = `0x${'ab'.repeat(20)}`
const topic: Hex = `0x${'01'.repeat(32)}`
const filter = { address, topics: [[topic]] }

/** An endpoint with logs in these blocks, that takes at most so many blocks, and at most so many logs, at once. */
function endpoint(
  blocks: readonly number[],
  { mostBlocks = Number.MAX_SAFE_INTEGER, mostLogs = Number.MAX_SAFE_INTEGER },
) {
  let questions = 0
  return {
    asked: () => questions,
    request: async ({ params = [] }: { params?: readonly unknown[] }) => {
      questions++
      const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string }
      const [from, to] = [Number(fromBlock), Number(toBlock)]
      if (to - from >= mostBlocks) throw new Error('block range is too wide')
      const found = blocks.filter((block) => block >= from && block <= to)
      if (found.length > mostLogs) throw new Error('query returned more than allowed')
      return found.map((block) => ({
        address,
        topics: [topic],
        data: '0x',
        blockNumber: `0x${block.toString(16)}`,
      }))
    },
  }
}

test('every log is read once and in order, whatever range the endpoint takes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(20_000), { maxLength: 40 }),
      fc.integer({ min: 64, max: 30_000 }),
      fc.nat(20_000),
      async (unsorted, mostBlocks, from) => {
        const blocks = unsorted.toSorted((a, b) => a - b)
        const found = await readLogs(endpoint(blocks, { mostBlocks }), filter, { from, to: 20_000 })
        expect(found.map(({ block }) => block)).toEqual(blocks.filter((block) => block >= from))
      },
    ),
    { numRuns: 100 },
  )
})

test('an endpoint that limits the number of logs is asked for fewer blocks', async () => {
  const blocks = Array.from({ length: 300 }, (_, at) => at * 3)
  const found = await readLogs(endpoint(blocks, { mostLogs: 100 }), filter, { from: 0, to: 1000 })
  expect(found).toHaveLength(300)
})

test('an endpoint that takes everything is asked once', async () => {
  const provider = endpoint([7], {})
  await readLogs(provider, filter, { from: 0, to: 20_000_000 })
  expect(provider.asked()).toBe(1)
})

test.each([
  ['too many requests', 1],
  ['down', 10],
])('an endpoint that refuses all with "%s" is given up', async (message, most) => {
  let asked = 0
  const request = async () => {
    asked++
    throw new Error(message)
  }
  await expect(readLogs({ request }, filter, { from: 0, to: 20_000 })).rejects.toMatchObject({
    code: 'chain-unavailable',
  })
  expect(asked).toBeLessThanOrEqual(most)
})

test('what was not asked for, and what a reorganisation took back, is left out', async () => {
  const log = { address, topics: [topic], data: '0x', blockNumber: '0x5' }
  const sent = [
    log,
    { ...log, address: `0x${'cd'.repeat(20)}` },
    { ...log, topics: [`0x${'02'.repeat(32)}`] },
    { ...log, topics: [] },
    { ...log, blockNumber: '0xff' },
    { ...log, removed: true },
    null,
  ]
  const found = await readLogs({ request: async () => sent }, filter, { from: 0, to: 10 })
  expect(found).toEqual([{ topics: [topic], data: '0x', block: 5 }])
})

test('the first block of a contract is found by halving, and is 0 where old states are not kept', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1_000_000), fc.nat(1_000_000), async (a, b) => {
      const [first, last] = [Math.min(a, b), Math.max(a, b)]
      const request = async ({ params = [] }: { params?: readonly unknown[] }) =>
        Number(params[1]) >= first ? '0x60' : '0x'
      expect(await firstBlockOf({ request }, address, last)).toBe(first)
    }),
    { numRuns: 100 },
  )
  const forgetful = { request: async () => Promise.reject(new Error('missing trie node')) }
  expect(await firstBlockOf(forgetful, address, 1_000_000)).toBe(0)
})
