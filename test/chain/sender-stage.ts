import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { keccak256 } from '#adapters/crypto/hashes.ts'
import { createAnchorHistory } from '#adapters/ethereum/anchor-history.ts'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import { badgeAnchor } from '#adapters/ethereum/badge-anchor.ts'
import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import type { Eip1193 } from '#adapters/ethereum/eip1193.ts'
import { createEthereumChain } from '#adapters/ethereum/ethereum-chain.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import { createCommonParts } from '#app/compose/common-parts.ts'
import { composeAnchoring } from '#app/compose/compose-anchoring.ts'
import { verifyReceipt } from '#engine/anchoring/receipt.ts'
import { type Hex, toHex } from '#engine/shared/bytes.ts'
import type { IssuerId, LeafId } from '#engine/shared/ids.ts'
import type { Batch } from '#services/ports/anchoring-store.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { RelayerKey } from '#services/ports/relayer-key.ts'
import { type SetClock, setClock } from '#test/product/second-composition.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'
import { type Anvil, startAnvil } from './anvil.ts'
import { relayerKey } from './harness.ts'

/** Of anvil's first account: published, and rich on every new test chain. It deploys, so that all nonces of the relayer are ours. */
const DEPLOYER_KEY = Buffer.from('ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80', 'hex')
/** Blocks under which nothing is final here. */
export const FINAL_AFTER = 2

export type Sender = ReturnType<typeof composeAnchoring> & { readonly chain: Chain }

export interface SenderStage {
  readonly anvil: Anvil
  readonly product: TestProduct
  readonly clock: SetClock
  readonly issuerId: IssuerId
  readonly settings: Readonly<Record<string, string>>
  /** The steps of one process, which sees the chain through this provider. */
  sender(provider?: Eip1193, key?: RelayerKey): Promise<Sender>
  /** One leaf that waits for its batch. */
  add(): Promise<SealedLeaf>
  /** One leaf in a batch of its own, sealed and queued. */
  seal(sender: Sender): Promise<SealedLeaf>
  /** Runs the steps, turn by turn with blocks, until the batch is final. */
  settle(sender: Sender, leaf: SealedLeaf): Promise<void>
  batch(leaf: SealedLeaf): Promise<Batch>
  /** One leaf in exactly one batch, anchored by one event, with a receipt that the contract calls valid. */
  expectSound(sender: Sender, ...leaves: readonly SealedLeaf[]): Promise<void>
  // biome-ignore lint/suspicious/noExplicitAny: rows are of every shape, and the tests look at them
  ask(sql: string, values?: unknown[]): Promise<any[]>
  mine(blocks?: number): Promise<void>
  fund(address?: Hex): Promise<void>
  deploy(): Promise<void>
  close(): Promise<void>
}

export interface SealedLeaf {
  readonly id: LeafId
  readonly digest: Uint8Array
}

/** A real node, a real database and the real steps, driven by hand; one issuer that is registered. */
export async function openSenderStage(): Promise<SenderStage> {
  const anvil = await startAnvil()
  const deploy = async () => {
    await anvil.ask('evm_setAutomine', true)
    await deployBadgeAnchor({ provider: anvil.provider, relayerKey: DEPLOYER_KEY })
    // From here on each test says itself when a block is made.
    await anvil.ask('evm_setAutomine', false)
  }
  const fund = async (address = addressOf(relayerKey)) => {
    await anvil.ask('anvil_setBalance', address, `0x${(10n ** 20n).toString(16)}`)
  }
  await deploy()
  await fund()
  const settings = {
    RPC_URL: anvil.url,
    RELAYER_KEY: Buffer.from(relayerKey).toString('hex'),
    MASTER_KEY: randomBytes(32).toString('hex'),
    CHAIN_CONFIRMATIONS: String(FINAL_AFTER),
  }
  const product = await startTestProduct(settings, { api: true, worker: false })
  const school = await product.organisation('sender')
  const issuer = await school.api.post('/v1/issuers', { slug: 'sender-academy', name: 'Sender' })
  expect(issuer.status).toBe(201)
  const issuerId: IssuerId = issuer.body.id
  const clock = setClock()
  const { parts } = product.running
  const common = createCommonParts({
    ...parts,
    clock,
    settings: {
      publicUrl: product.url,
      batchMaxAgeS: 0,
      batchMaxLeaves: 256,
      fetchLocalhost: true,
      backfillSubjectsPerS: 0,
      invitationDays: 14,
    },
  })
  const { database } = parts

  const stage: SenderStage = {
    anvil,
    product,
    clock,
    issuerId,
    settings,
    sender: async (provider = anvil.provider, key) => {
      const { contract } = parts.chain.address
      const finality = { kind: 'confirmations', blocks: FINAL_AFTER } as const
      const needs = {
        provider,
        relayerKey: key ?? relayerKey,
        contract,
        independent: true,
        clock,
        finality,
        chainId: 31_338,
      }
      const chain = await createEthereumChain(needs)
      const history = createAnchorHistory(provider, contract)
      return { ...composeAnchoring({ ...common, chain }, { history }), chain }
    },
    add: async () => {
      const leaf = { id: common.random.rowId() as LeafId, digest: new Uint8Array(randomBytes(32)) }
      await database.asWorker(async (stores) => {
        const issuer = await stores.issuers.find(issuerId)
        if (issuer === undefined) throw new Error('The issuer of the stage is gone.')
        const targetId = common.random.rowId()
        await common.addLeaf(stores, { issuer, kind: 'credential', ...leaf, targetId, at: clock.now() })
      })
      clock.advance(1)
      return leaf
    },
    seal: async ({ steps }) => {
      const leaf = await stage.add()
      await steps.anchor()
      return leaf
    },
    settle: async ({ steps }, leaf) => {
      for (let turn = 0; turn < 30; turn++) {
        await steps.send()
        await stage.mine()
        await steps.confirm()
        if ((await stage.batch(leaf)).state === 'final') return
        clock.advance(11_000)
      }
      const open = await stage.ask("SELECT kind, state, last_error FROM chain_task WHERE state <> 'final'")
      throw new Error(`It does not become final: ${JSON.stringify(open)}`)
    },
    batch: ({ id }) =>
      database.asWorker(async (stores) => {
        const place = (await stores.anchoring.findLeaf(id))?.place
        const batch = place && (await stores.anchoring.findBatch(place.batchId))
        if (batch === undefined) throw new Error('The leaf is in no batch.')
        return batch
      }),
    expectSound: async ({ chain }, ...leaves) => {
      for (const leaf of leaves) {
        const receipt = await database.asWorker((stores) => common.makeReceipt(stores, leaf.id))
        const checked = verifyReceipt(receipt, leaf.digest, keccak256)
        if (!checked.ok) throw new Error(checked.code)
        const question = { ...receipt, leaf: checked.leaf }
        expect(await chain.verify(question)).toBe('valid')
        expect(await stage.batch(leaf)).toMatchObject({ state: 'final', root: expect.anything() })
        expect(await anchorings(anvil, chain.address.contract, receipt.root)).toBe(1)
        const hash = Buffer.from(checked.leaf.slice(2), 'hex')
        const [{ n }] = await stage.ask(
          'SELECT count(*)::int AS n FROM batch WHERE position($1::bytea IN leaf_hashes) > 0',
          [hash],
        )
        expect(n).toBe(1)
      }
    },
    ask: (sql, values = []) =>
      withClient(parts.databaseUrl, async (client) => (await client.query(sql, values)).rows),
    mine: async (blocks = 1) => {
      for (let block = 0; block < blocks; block++) await anvil.ask('evm_mine')
    },
    fund,
    deploy,
    close: async () => {
      await product.stop()
      anvil.close()
    },
  }
  // The registration of the issuer goes first of all.
  const first = await stage.sender()
  await stage.settle(first, await stage.seal(first))
  return stage
}

/** How often the contract said that it took this root. */
async function anchorings(anvil: Anvil, contract: Hex, root: Hex): Promise<number> {
  const topics = [badgeAnchor.getEvent('BatchAnchored')?.topicHash, null, root]
  const logs = await anvil.ask('eth_getLogs', { address: contract, topics, fromBlock: '0x0' })
  return (logs as unknown[]).length
}

export const rootOf = (batch: Batch): Hex => toHex(batch.root)
