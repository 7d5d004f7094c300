import { SigningKey, Transaction } from 'ethers'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import type { Eip1193 } from '#adapters/ethereum/eip1193.ts'
import type { Hex } from '#engine/shared/bytes.ts'

interface Call {
  /** None: the data makes a contract. */
  readonly to?: Hex
  readonly data: Hex
}

interface Receipt {
  readonly status: string
  readonly gasUsed: string
  readonly contractAddress: Hex | null
}

/** Sends a transaction and answers what it used. Throws when it failed. */
export async function gasOf(provider: Eip1193, key: Uint8Array, call: Call): Promise<number> {
  return Number((await deliver(provider, key, call)).gasUsed)
}

/** Makes a contract of six bytes: TIMESTAMP, PUSH1 0, CALLDATALOAD, SSTORE, STOP. */
const SLOT_WRITER: Hex = '0x6006600a5f3960065ff3426000355500'

/** The floor: the least that a transaction costs that fills one new slot, named by 32 bytes, with something. */
export async function oneSlotGas(provider: Eip1193, key: Uint8Array): Promise<number> {
  const { contractAddress } = await deliver(provider, key, { data: SLOT_WRITER })
  if (contractAddress === null) throw new Error('There is no contract.')
  return gasOf(provider, key, { to: contractAddress, data: `0x${'a5'.repeat(32)}` })
}

/** What any transaction with these bytes costs before anything is run (EIP-2028). */
export const intrinsicGas = (data: Uint8Array): number =>
  data.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 21_000)

async function deliver(provider: Eip1193, key: Uint8Array, { to, data }: Call): Promise<Receipt> {
  const ask = (method: string, ...params: readonly unknown[]) => provider.request({ method, params })
  const transaction = Transaction.from({
    type: 2,
    chainId: Number(await ask('eth_chainId')),
    nonce: Number(await ask('eth_getTransactionCount', addressOf(key), 'latest')),
    to: to ?? null,
    data,
    gasLimit: 2_000_000,
    maxFeePerGas: 10n ** 12n,
    maxPriorityFeePerGas: 1n,
  })
  transaction.signature = new SigningKey(key).sign(transaction.unsignedHash)
  const hash = await ask('eth_sendRawTransaction', transaction.serialized)
  const receipt = (await ask('eth_getTransactionReceipt', hash)) as Receipt
  if (receipt.status !== '0x1') throw new Error(`The transaction ${String(hash)} failed.`)
  return receipt
}
