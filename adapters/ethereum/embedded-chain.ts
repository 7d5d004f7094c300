import { fileURLToPath } from 'node:url'
import { id, Transaction, Wallet } from 'ethers'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { type ChainJournal, JOURNAL_FORMAT, type JournalEntry, openJournal } from './chain-journal.ts'
import { bytes, type Eip1193, whole } from './eip1193.ts'

/** The EIP-155 number of every embedded chain. */
export const EMBEDDED_CHAIN_ID = 31_337

export interface EmbeddedChain {
  readonly provider: Eip1193
  /** Sees to it that an account has at least one unit of the chain's currency; it costs nobody anything. */
  fund(address: Hex): Promise<void>
  close(): Promise<void>
}

export interface EmbeddedChainOptions {
  /** Where the journal stands. One process at a time. */
  readonly directory: string
  /** Time of new blocks. */
  readonly now: () => Instant
}

/**
 * An EVM chain in this process, for whoever has none: Hardhat's EDR over a journal of raw transactions. Every accepted
 * transaction is at once a block of its own and final. At the start the journal is played again, about 1 ms a
 * transaction, and gives the same blocks. An outsider has no reason to believe it: it is never *independent*.
 * Throws `chain-journal-damaged`, `chain-journal-unwritable`.
 */
export async function openEmbeddedChain({ directory, now }: EmbeddedChainOptions): Promise<EmbeddedChain> {
  const journal = await openJournal(directory, {
    format: JOURNAL_FORMAT,
    chainId: EMBEDDED_CHAIN_ID,
    genesis: seconds(now()),
  })
  try {
    const edr = await startEdr(journal.header.genesis)
    await replay(edr, journal, directory)
    const provider = journalled(edr, journal, now)
    return {
      provider,
      fund: (address) => fund(provider, address),
      async close() {
        await provider.settled()
        await edr.close()
        await journal.close()
      },
    }
  } catch (error) {
    await journal.close()
    throw error
  }
}

interface Edr extends Eip1193 {
  close(): Promise<void>
}

/** Loaded only here: whoever has a chain of their own does not load it. */
async function startEdr(genesis: number): Promise<Edr> {
  const { createHardhatRuntimeEnvironment } = await import('hardhat/hre')
  const hardhat = await createHardhatRuntimeEnvironment(
    {
      networks: {
        embedded: {
          type: 'edr-simulated',
          chainType: 'l1',
          chainId: EMBEDDED_CHAIN_ID,
          // Whatever has a say in the blocks is fixed here, so that a new release cannot change old ones.
          hardfork: 'prague',
          initialDate: new Date(genesis * 1000),
          initialBaseFeePerGas: 1_000_000_000,
          blockGasLimit: 30_000_000,
          accounts: [{ privateKey: FAUCET_KEY, balance: 10n ** 36n }],
          allowBlocksWithSameTimestamp: true,
          throwOnTransactionFailures: false,
          mining: { auto: true },
        },
      },
    },
    {},
    fileURLToPath(new URL('../..', import.meta.url)),
  )
  const { provider } = await hardhat.network.create('embedded')
  return {
    request: ({ method, params = [] }) => provider.request({ method, params }),
    close: () => provider.close(),
  }
}

async function replay(edr: Edr, journal: ChainJournal, directory: string): Promise<void> {
  for (const entry of journal.entries) {
    const played = await mine(edr, entry.raw, entry.time).catch((error: unknown) => String(error))
    if (typeof played === 'string' || played.block !== entry.block || played.succeeded !== entry.succeeded) {
      const reason = 'played again, its transaction has another outcome'
      throw anchoringErrors.journalDamaged({ file: directory, entry: entry.block, reason }, played)
    }
  }
}

/** Mines one transaction into a block of its own. Throws what the chain says if it does not take it. */
async function mine(edr: Edr, raw: Hex, time: number): Promise<JournalEntry> {
  await edr.request({ method: 'evm_setNextBlockTimestamp', params: [time] })
  const hash = await edr.request({ method: 'eth_sendRawTransaction', params: [raw] })
  const receipt = (await edr.request({ method: 'eth_getTransactionReceipt', params: [hash] })) as {
    blockNumber: string
    status: string
  }
  return { time, raw, block: whole(receipt.blockNumber, 'replay'), succeeded: receipt.status === '0x1' }
}

/** Reads, and `eth_sendRawTransaction`. Anything that would change the chain past the journal is refused. */
const ALLOWED =
  /^(?:eth_(?:blockNumber|call|chainId|estimateGas|feeHistory|gasPrice|get\w+|maxPriorityFeePerGas)|net_version|web3_clientVersion)$/

function journalled(
  edr: Edr,
  journal: ChainJournal,
  now: () => Instant,
): Eip1193 & { settled(): Promise<void> } {
  let lastTime = journal.entries.at(-1)?.time ?? journal.header.genesis
  let broken: unknown
  let queue: Promise<unknown> = Promise.resolve()

  // One question at a time: nobody reads a block that is not on disk yet.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work, work)
    queue = turn.catch(() => undefined)
    return turn
  }

  const send = async (raw: Hex): Promise<Hex> => {
    const entry = await mine(edr, raw, Math.max(lastTime, seconds(now())))
    try {
      await journal.append(entry)
    } catch (error) {
      // The chain in memory is ahead of the journal now: it must not be asked any more.
      broken = error
      throw error
    }
    lastTime = entry.time
    return Transaction.from(raw).hash as Hex
  }

  return {
    request: ({ method, params = [] }) =>
      inTurn(async () => {
        if (broken !== undefined) throw broken
        if (method === 'eth_sendRawTransaction') return await send(bytes(params[0], method))
        if (!ALLOWED.test(method)) throw new Error(`the embedded chain does not take ${method}`)
        // An estimate is of the next block, and a deadline is judged by its time.
        if (method === 'eth_estimateGas') {
          await edr.request({
            method: 'evm_setNextBlockTimestamp',
            params: [Math.max(lastTime, seconds(now()))],
          })
          return await edr.request({ method, params: [params[0], 'pending'] })
        }
        return await edr.request({ method, params })
      }),
    settled: async () => {
      await queue
    },
  }
}

/** Holds all of the currency of every embedded chain. Anybody may know it: the currency is worth nothing. */
const FAUCET_KEY = id('waarmerk/embedded-chain/faucet')
const UNIT = 10n ** 18n

async function fund(provider: Eip1193, address: Hex): Promise<void> {
  const balance = await provider.request({ method: 'eth_getBalance', params: [address, 'latest'] })
  if (BigInt(balance as string) >= UNIT) return
  const faucet = new Wallet(FAUCET_KEY)
  const nonce = await provider.request({
    method: 'eth_getTransactionCount',
    params: [faucet.address, 'latest'],
  })
  const raw = await faucet.signTransaction({
    type: 2,
    chainId: EMBEDDED_CHAIN_ID,
    to: address,
    value: 1_000_000n * UNIT,
    nonce: whole(nonce, 'fund'),
    gasLimit: 21_000,
    maxFeePerGas: 1_000_000_000_000n,
    maxPriorityFeePerGas: 1n,
  })
  await provider.request({ method: 'eth_sendRawTransaction', params: [raw] })
}

const seconds = (at: Instant): number => Math.floor(at / 1000)
