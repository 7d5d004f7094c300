import { SigningKey, Transaction } from 'ethers'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import type { Eip1193 } from '#adapters/ethereum/eip1193.ts'
import type { Hex } from '#engine/shared/bytes.ts'

interface Call {
  /** None: the data makes a contract. */
  readonly to?: Hex
  readonly data: Hex
}

export interface Log {
  readonly topics: readonly string[]
  readonly data: string
}

interface Receipt {
  readonly status: string
  readonly gasUsed: string
  readonly contractAddress: Hex | null
  readonly logs: readonly Log[]
}

/** An account that pays, on a chain. */
export interface Payer {
  readonly provider: Eip1193
  readonly key: Uint8Array
}

/** Sends a transaction and answers what it used. Throws when it failed. */
export async function gasOf(payer: Payer, call: Call): Promise<number> {
  return Number((await deliver(payer, call)).gasUsed)
}

/** Makes a contract; its address, and what that used. */
export async function create(payer: Payer, data: Hex): Promise<{ readonly at: Hex; readonly gas: number }> {
  const { contractAddress, gasUsed } = await deliver(payer, { data })
  if (contractAddress === null) throw new Error('There is no contract.')
  return { at: contractAddress, gas: Number(gasUsed) }
}

/** Sends a transaction and answers its receipt. Throws when it failed. */
export async function deliver({ provider, key }: Payer, { to, data }: Call): Promise<Receipt> {
  const ask = (method: string, ...params: readonly unknown[]) => provider.request({ method, params })
  const transaction = Transaction.from({
    type: 2,
    chainId: Number(await ask('eth_chainId')),
    nonce: Number(await ask('eth_getTransactionCount', addressOf(key), 'latest')),
    to: to ?? null,
    data,
    // A whole block: what is not used is not paid.
    gasLimit: 30_000_000,
    maxFeePerGas: 10n ** 12n,
    maxPriorityFeePerGas: 1n,
  })
  transaction.signature = new SigningKey(key).sign(transaction.unsignedHash)
  const hash = await ask('eth_sendRawTransaction', transaction.serialized)
  const receipt = (await ask('eth_getTransactionReceipt', hash)) as Receipt
  if (receipt.status !== '0x1') throw new Error(`The transaction ${String(hash)} failed.`)
  return receipt
}

/** What any transaction with these bytes costs before anything is run (EIP-2028). */
export const intrinsicGas = (data: Uint8Array): number =>
  data.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 21_000)
