import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createAgreeingProvider } from '#adapters/ethereum/agreeing-provider.ts'
import { feesOf } from '#adapters/ethereum/relayer.ts'
import { createRpcProvider } from '#adapters/ethereum/rpc-provider.ts'
import { openKms } from '#adapters/keys/kms.ts'
import { kmsRelayerKey } from '#adapters/keys/kms-relayer-key.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import { kmsEnvironment, startFakeKms } from '#test/keys/fake-kms.ts'
import { type FaultProxy, startFaultProxy, type Trouble } from './fault-proxy.ts'
import { keyNamed } from './harness.ts'
import { openSenderStage, rootOf, type SealedLeaf, type Sender, type SenderStage } from './sender-stage.ts'

/**
 * One node, one database and the real steps for all of it. Whatever happens, in the end each leaf is in exactly one
 * batch, each batch landed once, and its receipt verifies.
 */
let stage: SenderStage
let proxy: FaultProxy
/** Sees the node as it is. */
let sender: Sender
/** Sees it through the proxy. */
let troubled: Sender

beforeAll(async () => {
  stage = await openSenderStage()
  sender = await stage.sender()
  proxy = await startFaultProxy(stage.anvil.url)
  troubled = await stage.sender(createRpcProvider({ url: proxy.url, timeoutMs: 200 }))
})
beforeEach(() => proxy.heal())
afterAll(async () => {
  proxy?.close()
  await stage?.close()
})

const newest = async (leaf: SealedLeaf) => {
  const [task] = await stage.ask("SELECT id FROM chain_task WHERE kind = 'anchor' AND batch_id = $1", [
    (await stage.batch(leaf)).id,
  ])
  const rows = await stage.ask(
    'SELECT nonce::int, bump, hash, raw FROM chain_transaction WHERE task_id = $1 ORDER BY created_at DESC, bump DESC',
    [task.id],
  )
  return rows as { nonce: number; bump: number; hash: Hex; raw: Hex }[]
}
const stateOf = async (leaf: SealedLeaf) => (await stage.batch(leaf)).state

describe('the chain takes something back', () => {
  test('a reorganisation drops the transaction: it is sent again, the same bytes', async () => {
    const leaf = await stage.seal(sender)
    await sender.steps.send()
    await stage.mine()
    await sender.steps.confirm()
    expect(await stateOf(leaf)).toBe('mined')
    const before = await newest(leaf)
    await stage.anvil.ask('anvil_reorg', 1, [])
    await stage.anvil.ask('anvil_dropTransaction', before[0]?.hash)
    stage.clock.advance(11_000)
    await sender.steps.confirm()
    expect(await stateOf(leaf)).toBe('sent')
    await stage.settle(sender, leaf)
    expect(await newest(leaf)).toEqual(before)
    await stage.expectSound(sender, leaf)
  })

  test('a reorganisation puts it into another block: the stored block follows', async () => {
    const leaf = await stage.seal(sender)
    await stage.mine(3)
    await sender.steps.send()
    await stage.mine()
    await sender.steps.confirm()
    const { block } = await stage.batch(leaf)
    const raw = (await newest(leaf))[0]?.raw
    await stage.anvil.ask('anvil_reorg', 3, [[raw, 0]])
    stage.clock.advance(11_000)
    await sender.steps.confirm()
    const moved = await stage.batch(leaf)
    expect(moved.state).toMatch(/mined|final/)
    expect(`${moved.block?.number} ${moved.block?.time}`).not.toBe(`${block?.number} ${block?.time}`)
    await stage.settle(sender, leaf)
    await stage.expectSound(sender, leaf)
  })

  test('a reorganisation goes deeper than the confirmations: the reconciler has it sent again', async () => {
    const leaf = await stage.seal(sender)
    await stage.settle(sender, leaf)
    const { hash } = (await newest(leaf))[0] ?? {}
    await stage.anvil.ask('anvil_reorg', 5, [])
    await stage.anvil.ask('anvil_dropTransaction', hash)
    expect(await sender.chain.batch((await stage.batch(leaf)).signer, rootOf(await stage.batch(leaf)))).toBe(
      undefined,
    )
    expect((await sender.reconcile()).resent).toBeGreaterThan(0)
    await stage.settle(sender, leaf)
    await stage.expectSound(sender, leaf)
  })

  test('dropped from the pool: sent again, the same bytes', async () => {
    const leaf = await stage.seal(sender)
    await sender.steps.send()
    const before = await newest(leaf)
    await stage.anvil.ask('anvil_dropTransaction', before[0]?.hash)
    await stage.settle(sender, leaf)
    expect(await newest(leaf)).toEqual(before)
    await stage.expectSound(sender, leaf)
  })
})

describe('fees, funds and nonces', () => {
  test('stuck below the base fee: at least 12.5 % more each time, until one is mined', async () => {
    const leaf = await stage.seal(sender)
    await sender.steps.send()
    const [stuck] = await newest(leaf)
    const { maxFeePerGas } = feesOf({ raw: stuck?.raw ?? '0x' } as never)
    await stage.anvil.ask('anvil_setNextBlockBaseFeePerGas', `0x${(maxFeePerGas * 3n).toString(16)}`)
    await stage.mine()
    await sender.steps.confirm()
    expect(await newest(leaf)).toHaveLength(1)
    stage.clock.advance(2 * MINUTE_MS)
    await sender.steps.confirm()
    const [better, first] = await newest(leaf)
    expect(first).toEqual(stuck)
    expect(better).toMatchObject({ nonce: stuck?.nonce, bump: 1 })
    const paid = feesOf({ raw: better?.raw ?? '0x' } as never)
    expect(paid.maxFeePerGas * 8n).toBeGreaterThanOrEqual(maxFeePerGas * 9n)
    await stage.settle(sender, leaf)
    await stage.expectSound(sender, leaf)
  })

  test('somebody else used the relayer and their transaction vanished: the gap is filled', async () => {
    const { chain } = sender
    const foreign = await chain.signFiller(await chain.nextNonce())
    await chain.send(foreign)
    const leaf = await stage.seal(sender)
    await sender.steps.send()
    expect((await newest(leaf))[0]?.nonce).toBe(foreign.nonce + 1)
    await stage.anvil.ask('anvil_dropTransaction', foreign.hash)
    await stage.settle(sender, leaf)
    await stage.expectSound(sender, leaf)
    const fillers = await stage.ask('SELECT nonce::int FROM chain_transaction WHERE task_id IS NULL')
    expect(fillers).toEqual([{ nonce: foreign.nonce }])
  })

  test('a task that gave its nonce up leaves no gap: the next task takes it', async () => {
    const [parked, leaf] = [await stage.seal(sender), await stage.seal(sender)]
    const { id } = await stage.batch(parked)
    const task = await stage.ask('SELECT id FROM chain_task WHERE batch_id = $1', [id])
    await stage.ask('UPDATE chain_task SET next_attempt_at = $2 WHERE batch_id <> $1 AND state = $3', [
      id,
      new Date(stage.clock.now() + 1000),
      'queued',
    ])
    proxy.trouble((method) => (method === 'eth_sendRawTransaction' ? { kind: 'down' } : { kind: 'none' }))
    await troubled.steps.send()
    proxy.heal()
    await stage.ask('UPDATE chain_task SET parked_at = now() WHERE id = $1', [task[0].id])
    stage.clock.advance(11_000)
    await sender.steps.send()
    expect((await newest(leaf))[0]).toMatchObject({ nonce: (await newest(parked))[0]?.nonce, bump: 1 })
    await stage.settle(sender, leaf)
    // A person lets it go on: somebody else has its nonce now, so it gets another.
    await stage.ask('UPDATE chain_task SET parked_at = NULL WHERE id = $1', [task[0].id])
    await stage.settle(sender, parked)
    await stage.expectSound(sender, leaf, parked)
  })

  test('out of funds: it waits, and goes on when there is money', async () => {
    const leaf = await stage.seal(sender)
    await stage.anvil.ask('anvil_setBalance', sender.chain.relayer, '0x0')
    for (let attempt = 0; attempt < 10; attempt++) {
      await sender.steps.send()
      stage.clock.advance(6_000)
    }
    const [task] = await stage.ask(
      'SELECT state, parked_at, attempts, last_error FROM chain_task WHERE batch_id = $1',
      [(await stage.batch(leaf)).id],
    )
    expect(task).toMatchObject({
      parked_at: null,
      attempts: 0,
      last_error: expect.stringMatching(/too little/),
    })
    await stage.fund()
    await stage.settle(sender, leaf)
    await stage.expectSound(sender, leaf)
  })
})

describe('the endpoint', () => {
  const troubles: readonly (readonly [string, Trouble])[] = [
    ['is down', { kind: 'down' }],
    [
      'has had too many requests',
      { kind: 'status', status: 429, body: '{"jsonrpc":"2.0","id":1,"error":{}}' },
    ],
    ['answers with HTML', { kind: 'status', status: 200, body: '<html>Hello</html>' }],
    ['answers with a bad gateway', { kind: 'status', status: 502, body: 'Bad Gateway' }],
    ['is slow', { kind: 'slow', ms: 400 }],
  ]
  test.each(troubles)('%s while something is to be sent: it waits', async (_, trouble) => {
    const leaf = await stage.seal(troubled)
    proxy.trouble(() => trouble)
    await troubled.steps.send()
    expect(await stateOf(leaf)).toBe('sealed')
    proxy.heal()
    await stage.settle(troubled, leaf)
    await stage.expectSound(sender, leaf)
  })

  test('leads to other code: nothing is sent, and nothing is given up', async () => {
    const leaf = await stage.seal(troubled)
    proxy.trouble((method) =>
      method === 'eth_getCode' ? { kind: 'lie', result: () => '0x6000' } : { kind: 'none' },
    )
    for (let attempt = 0; attempt < 10; attempt++) {
      await troubled.steps.send()
      stage.clock.advance(31_000)
    }
    expect(await stateOf(leaf)).toBe('signed')
    expect(proxy.asked.at(-1)).toBe('eth_getCode')
    proxy.heal()
    await stage.settle(troubled, leaf)
    await stage.expectSound(sender, leaf)
  })

  test('takes the transaction and loses its answer: nothing is sent twice', async () => {
    const leaf = await stage.seal(troubled)
    proxy.trouble((method) =>
      method === 'eth_sendRawTransaction' ? { kind: 'answer-lost' } : { kind: 'none' },
    )
    await troubled.steps.send()
    expect(await stateOf(leaf)).toBe('sent')
    proxy.heal()
    await stage.settle(troubled, leaf)
    expect(await newest(leaf)).toHaveLength(1)
    await stage.expectSound(sender, leaf)
  })

  test('takes the transaction and goes away: it is found there afterwards', async () => {
    const leaf = await stage.seal(troubled)
    let isGone = false
    proxy.trouble((method) => {
      if (isGone) return { kind: 'down' }
      isGone = method === 'eth_sendRawTransaction'
      return isGone ? { kind: 'answer-lost' } : { kind: 'none' }
    })
    await troubled.steps.send()
    expect(await stateOf(leaf)).toBe('signed')
    await stage.mine()
    proxy.heal()
    await stage.settle(troubled, leaf)
    expect(await newest(leaf)).toHaveLength(1)
    await stage.expectSound(sender, leaf)
  })

  test('invents a receipt: the contract is asked before anything is called final', async () => {
    const leaf = await stage.seal(troubled)
    await troubled.steps.send()
    const [transaction] = await newest(leaf)
    await stage.anvil.ask('anvil_dropTransaction', transaction?.hash)
    const block = (await stage.anvil.ask('eth_getBlockByNumber', '0x1', false)) as Record<string, unknown>
    const receipt = {
      transactionHash: transaction?.hash,
      blockNumber: '0x1',
      blockHash: block['hash'],
      status: '0x1',
    }
    proxy.trouble((method) =>
      method === 'eth_getTransactionReceipt' ? { kind: 'lie', result: () => receipt } : { kind: 'none' },
    )
    await troubled.steps.confirm()
    expect(await stateOf(leaf)).toBe('sent')
    proxy.heal()
    await stage.settle(troubled, leaf)
    await stage.expectSound(sender, leaf)
  })
})

describe('two endpoints', () => {
  test('one lies about the block that a transaction is in, for as long as it likes', async () => {
    const told: string[] = []
    const provider = createAgreeingProvider({
      endpoints: [
        { name: 'liar', provider: createRpcProvider({ url: proxy.url }) },
        { name: 'honest', provider: stage.anvil.provider },
      ],
      clock: stage.clock,
      watch: { failed: (endpoint) => told.push(endpoint), disagreed: (method) => told.push(method) },
    })
    const both = await stage.sender(provider)
    const leaf = await stage.seal(both)
    await both.steps.send()
    const [transaction] = await newest(leaf)
    // A whole block of its own, with a receipt that fits it, under enough others to be final.
    const hash = `0x${'11'.repeat(32)}`
    const height = `0x${(Number(await stage.anvil.ask('eth_blockNumber')) - 5).toString(16)}`
    proxy.trouble((method, [what]) => {
      if (method === 'eth_getTransactionReceipt' && what === transaction?.hash)
        return {
          kind: 'lie',
          result: () => ({ transactionHash: what, blockNumber: height, blockHash: hash, status: '0x1' }),
        }
      if (method === 'eth_getBlockByNumber' && what === height)
        return { kind: 'lie', result: (truth) => ({ ...(truth as object), hash }) }
      return { kind: 'none' }
    })
    await stage.anvil.ask('anvil_dropTransaction', transaction?.hash)
    for (let pass = 0; pass < 3; pass++) await both.steps.confirm()
    expect(await stateOf(leaf)).toBe('sent')
    expect(new Set(told)).toEqual(new Set(['eth_getTransactionReceipt']))
    // Sent again for the honest one; still nothing is believed that only one of them says.
    stage.clock.advance(11_000)
    await both.steps.confirm()
    await stage.mine(3)
    await both.steps.confirm()
    expect(await stateOf(leaf)).toBe('sent')
    proxy.heal()
    await stage.settle(both, leaf)
    await stage.expectSound(sender, leaf)
  })

  test('one is down, the other serves; both are down, it waits', async () => {
    const second = await startFaultProxy(stage.anvil.url)
    const endpoints = [proxy, second].map(({ url }, at) => ({
      name: `n${at}`,
      provider: createRpcProvider({ url, timeoutMs: 300 }),
    }))
    const watch = { failed: () => undefined, disagreed: () => undefined }
    const both = await stage.sender(createAgreeingProvider({ endpoints, clock: stage.clock, watch }))
    const waiting = await stage.seal(both)
    proxy.trouble(() => ({ kind: 'down' }))
    second.trouble(() => ({ kind: 'status', status: 429, body: '' }))
    await both.steps.send()
    expect(await stateOf(waiting)).toBe('sealed')
    second.heal()
    await stage.settle(both, waiting)
    second.close()
    await stage.expectSound(sender, waiting)
  })
})

describe('more than one of us', () => {
  test('two senders at once: each batch has one transaction, and no nonce is there twice', async () => {
    const other = await stage.sender()
    const leaves: SealedLeaf[] = []
    for (let n = 0; n < 6; n++) leaves.push(await stage.seal(sender))
    const work = async (one: Sender) => {
      for (let turn = 0; turn < 4; turn++) {
        await one.steps.send()
        await one.steps.confirm()
      }
    }
    await Promise.all([work(sender), work(other)])
    for (const leaf of leaves) await stage.settle(sender, leaf)
    const nonces = (await Promise.all(leaves.map(newest))).map((rows) => rows.map(({ nonce }) => nonce))
    expect(nonces.every((of) => of.length === 1)).toBe(true)
    expect(new Set(nonces.flat()).size).toBe(leaves.length)
    await stage.expectSound(sender, ...leaves)
  })

  test.each(['queued', 'signed'] as const)(
    'a database restored to when a batch was %s: it is recognised on chain',
    async (when) => {
      const leaf = await stage.seal(sender)
      if (when === 'signed') {
        proxy.trouble((method) => (method === 'eth_sendRawTransaction' ? { kind: 'down' } : { kind: 'none' }))
        await troubled.steps.send()
        proxy.heal()
        stage.clock.advance(11_000)
      }
      await keepCopy()
      await stage.settle(sender, leaf)
      const later = await stage.seal(sender)
      await stage.settle(sender, later)
      const used = await sender.chain.minedNonce()
      await restoreCopy()
      await stage.settle(sender, leaf)
      expect(await sender.chain.minedNonce()).toBe(used)
      await stage.expectSound(sender, leaf)
      // Whatever comes after takes a nonce that nobody has used.
      const next = await stage.seal(sender)
      await stage.settle(sender, next)
      expect((await newest(next)).map(({ nonce }) => nonce)).toEqual([used])
      await stage.expectSound(sender, next)
    },
  )
})

test('the chain begins anew, with nothing on it: everything is sent once more, and every receipt stays true', async () => {
  const [last] = await stage.ask('SELECT id, batch_id FROM leaf ORDER BY created_at DESC LIMIT 1')
  await stage.anvil.ask('anvil_reset')
  await stage.deploy()
  await stage.fund()
  // Of what was only found on chain, after the backup was restored, there are no bytes to send again: it is signed anew.
  const foreign = await stage.ask(
    "SELECT batch_id FROM chain_task task WHERE kind = 'anchor' AND NOT EXISTS (SELECT 1 FROM chain_transaction WHERE task_id = task.id)",
  )
  expect(foreign.length).toBeGreaterThan(0)
  const { resent, missing } = await sender.reconcile()
  expect(resent).toBeGreaterThan(0)
  expect(missing).toEqual(foreign.map(({ batch_id }) => batch_id))
  const leaf = await stage.seal(sender)
  await stage.settle(sender, leaf)
  await stage.expectSound(sender, leaf)
  const [batch] = await stage.ask('SELECT state, signer, root FROM batch WHERE id = $1', [last.batch_id])
  expect(batch.state).toBe('final')
  expect(await sender.chain.batch(batch.signer, `0x${batch.root.toString('hex')}`)).toMatchObject({
    size: 184,
  })
  const [{ open }] = await stage.ask("SELECT count(*)::int AS open FROM chain_task WHERE state <> 'final'")
  expect(open).toBe(0)
  expect(await sender.reconcile()).toMatchObject({ resent: 0, missing: [] })
})

test('the relayer’s key is in a key management service that does not sign for a while', async () => {
  const service = await startFakeKms()
  for (const [name, value] of Object.entries(kmsEnvironment)) vi.stubEnv(name, value)
  try {
    service.keys.set('relayer', { secret: keyNamed('kms') })
    const key = await kmsRelayerKey(await openKms({ endpoint: service.url }), 'relayer')
    await stage.fund(key.address)
    const one = await stage.sender(stage.anvil.provider, key)
    const leaf = await stage.seal(one)
    service.keys.set('relayer', { secret: keyNamed('kms'), enabled: false })
    await one.steps.send()
    expect(await stateOf(leaf)).toBe('sealed')
    service.keys.set('relayer', { secret: keyNamed('kms') })
    stage.clock.advance(6_000)
    await stage.settle(one, leaf)
    await stage.expectSound(sender, leaf)
  } finally {
    vi.unstubAllEnvs()
    service.close()
  }
})

const TABLES = ['batch', 'leaf', 'chain_task', 'chain_transaction']

/** What a backup holds of anchoring. */
async function keepCopy(): Promise<void> {
  for (const table of TABLES)
    await stage.ask(`DROP TABLE IF EXISTS copy_of_${table}; CREATE TABLE copy_of_${table} AS TABLE ${table}`)
}

async function restoreCopy(): Promise<void> {
  await stage.ask(
    ['SET session_replication_role = replica']
      .concat(TABLES.map((table) => `DELETE FROM ${table}`))
      .concat(TABLES.map((table) => `INSERT INTO ${table} SELECT * FROM copy_of_${table}`))
      .join('; '),
  )
}
