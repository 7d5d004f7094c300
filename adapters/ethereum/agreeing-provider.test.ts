import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { createAgreeingProvider } from './agreeing-provider.ts'
import type { Eip1193 } from './eip1193.ts'
import { readStatus } from './transaction-status.ts'

const TRANSACTION: Hex = `0x${'aa'.repeat(32)}`
const hex = (number: number) => `0x${number.toString(16)}`
const silent = (method: string) => anchoringErrors.chainUnavailable({ method, reason: 'HTTP 429' })

/** A chain of which the transaction is in one block, or in none. */
interface View {
  readonly head: number
  readonly mined: number | undefined
  /** Blocks from here on are of its own making. */
  readonly forksAt: number
  readonly isDown: boolean
}

/** A node that sees the chain so. */
function scripted(view: View, name: string): Eip1193 {
  const block = (number: number) =>
    number > view.head
      ? null
      : {
          number: hex(number),
          hash: `${number >= view.forksAt ? name : 'chain'}-${number}`,
          timestamp: hex(number * 12),
        }
  return {
    request: async ({ method, params = [] }) => {
      if (view.isDown) throw silent(method)
      const isThere = view.mined !== undefined && view.mined <= view.head
      switch (method) {
        case 'eth_getTransactionReceipt':
          return isThere && view.mined !== undefined
            ? {
                transactionHash: TRANSACTION,
                blockNumber: hex(view.mined),
                blockHash: block(view.mined)?.hash,
                status: '0x1',
              }
            : null
        case 'eth_getTransactionByHash':
          return isThere ? { hash: TRANSACTION } : null
        case 'eth_getBlockByNumber':
          return block(params[0] === 'latest' ? view.head : Number(params[0]))
        default:
          throw new Error(`Not asked for: ${method}`)
      }
    },
  }
}

function agreeing(providers: readonly Eip1193[], restMs = 30_000) {
  const told: string[] = []
  const failed: string[] = []
  const clock = { now: () => asInstant(now) }
  let now = 0
  const provider = createAgreeingProvider({
    endpoints: providers.map((each, at) => ({ name: `n${at}`, provider: each })),
    clock,
    watch: {
      failed: (endpoint) => failed.push(endpoint),
      disagreed: (method) => told.push(method),
    },
    patienceMs: 30,
    restMs,
  })
  return {
    provider,
    told,
    failed,
    pass: (ms: number) => {
      now += ms
    },
  }
}

const FINALITY = { kind: 'confirmations', blocks: 3 } as const
const view = fc.record({
  head: fc.integer({ min: 0, max: 12 }),
  mined: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
  forksAt: fc.constantFrom(0, 4, 8, 99),
  isDown: fc.boolean(),
})

test('a transaction is mined when everybody who answers says so of the same block, and in no other case', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(view, { minLength: 1, maxLength: 3 }), async (views) => {
      const { provider } = agreeing(views.map((each, at) => scripted(each, `fork${at}`)))
      const awake = views.filter(({ isDown }) => !isDown)
      const asked = readStatus(provider, TRANSACTION, FINALITY)
      if (awake.length === 0) {
        await expect(asked).rejects.toMatchObject({ code: 'chain-unavailable' })
        return
      }
      const status = await asked
      // The obvious way: each by itself has it in this block, and the block is the same for all.
      const block = awake[0]?.mined ?? 99
      const expected = awake.every(
        ({ mined, head, forksAt }) =>
          mined === block && block <= head && (awake.length === 1 || block < forksAt),
      )
      expect(status.state === 'mined').toBe(expected)
      if (status.state === 'mined') {
        expect(status.blockNumber).toBe(block)
        expect(status.final).toBe(awake.every(({ head }) => head >= block + 2))
      }
    }),
    { numRuns: 500 },
  )
})

const node = (answers: Record<string, unknown>, delayMs = 0): Eip1193 & { readonly asked: string[] } => {
  const asked: string[] = []
  return {
    asked,
    request: async ({ method, params = [] }) => {
      asked.push(method)
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
      const answer = answers[`${method} ${params.at(-1)}`] ?? answers[method]
      if (answer instanceof Error) throw answer
      if (answer === undefined) throw silent(method)
      return answer
    },
  }
}
const call = (method: string, ...params: unknown[]) => ({ method, params })

test('an invented receipt is told, a late one is not', async () => {
  const receipt = { transactionHash: TRANSACTION, blockNumber: '0x5', blockHash: '0xb5', status: '0x1' }
  const liar = node({ eth_getTransactionReceipt: receipt })
  const denying = node({
    eth_getTransactionReceipt: null,
    eth_getBlockByNumber: { hash: '0xb5', number: '0x5' },
  })
  const late = node({ eth_getTransactionReceipt: null, eth_getBlockByNumber: null })
  const lied = agreeing([liar, denying])
  expect(await lied.provider.request(call('eth_getTransactionReceipt', TRANSACTION))).toBe(null)
  expect(lied.told).toEqual(['eth_getTransactionReceipt'])
  const waiting = agreeing([liar, late])
  expect(await waiting.provider.request(call('eth_getTransactionReceipt', TRANSACTION))).toBe(null)
  expect(waiting.told).toEqual([])
})

test('what is sent goes to all; one that takes it is enough, and a refusal counts for more than silence', async () => {
  const nonce = new Error('nonce too low')
  const taking = node({ eth_sendRawTransaction: '0x1' })
  const refusing = node({ eth_sendRawTransaction: nonce })
  const both = agreeing([refusing, taking])
  expect(await both.provider.request(call('eth_sendRawTransaction', '0x'))).toBe('0x1')
  expect([taking.asked, refusing.asked]).toEqual([['eth_sendRawTransaction'], ['eth_sendRawTransaction']])
  await expect(
    agreeing([node({}), refusing]).provider.request(call('eth_sendRawTransaction', '0x')),
  ).rejects.toBe(nonce)
  await expect(
    agreeing([node({}), node({})]).provider.request(call('eth_sendRawTransaction', '0x')),
  ).rejects.toMatchObject({ code: 'chain-unavailable' })
})

test('of nonces and heights the lowest counts', async () => {
  const { provider } = agreeing([
    node({ eth_getTransactionCount: '0x10' }),
    node({ eth_getTransactionCount: '0x9' }),
  ])
  expect(await provider.request(call('eth_getTransactionCount', '0x', 'pending'))).toBe('0x9')
})

test('a contract that is read a block apart is read again at the lower head; one that stays different is told', async () => {
  const ahead = node({ 'eth_call latest': '0x02', eth_blockNumber: '0x8', 'eth_call 0x7': '0x01' })
  const behind = node({ 'eth_call latest': '0x01', eth_blockNumber: '0x7', 'eth_call 0x7': '0x01' })
  const honest = agreeing([ahead, behind])
  expect(await honest.provider.request(call('eth_call', {}, 'latest'))).toBe('0x01')
  expect(honest.told).toEqual([])
  const liar = node({ eth_call: '0x02', eth_blockNumber: '0x7' })
  const lied = agreeing([liar, behind])
  await expect(lied.provider.request(call('eth_call', {}, 'latest'))).rejects.toMatchObject({
    code: 'chain-unavailable',
    message: expect.stringMatching(/disagree/),
  })
  expect(lied.told).toEqual(['eth_call'])
})

test('one that fails rests while the other serves, and is asked again after that, or when the other fails too', async () => {
  const broken = node({})
  const good = node({ eth_chainId: '0x1' })
  const { provider, failed, pass } = agreeing([broken, good])
  for (let turn = 0; turn < 3; turn++) expect(await provider.request(call('eth_chainId'))).toBe('0x1')
  expect(broken.asked).toHaveLength(1)
  expect(failed).toEqual(['n0'])
  pass(30_000)
  await provider.request(call('eth_chainId'))
  expect(broken.asked).toHaveLength(2)
  await expect(provider.request(call('eth_gasPrice'))).rejects.toMatchObject({ code: 'chain-unavailable' })
  expect(broken.asked).toHaveLength(3)
})

test('one that is much slower than the other is not waited for', async () => {
  const slow = node({ eth_chainId: '0x1' }, 300)
  const { provider, failed } = agreeing([slow, node({ eth_chainId: '0x1' })])
  expect(await provider.request(call('eth_chainId'))).toBe('0x1')
  expect(failed).toEqual(['n0'])
})

test('a node that cannot say it contradicts nobody, and a revert does', async () => {
  const pruned = node({ eth_call: new Error('missing trie node') })
  const says = node({ eth_call: '0x01', eth_blockNumber: '0x1' })
  expect(await agreeing([pruned, says]).provider.request(call('eth_call', {}, '0x1'))).toBe('0x01')
  const reverts = node({ eth_call: new Error('execution reverted'), eth_blockNumber: '0x1' })
  await expect(
    agreeing([reverts, says]).provider.request(call('eth_call', {}, 'latest')),
  ).rejects.toMatchObject({ code: 'chain-unavailable' })
})
