import { isError, type Result, Transaction } from 'ethers'
import { keeperOf } from '#adapters/keys/local-relayer-key.ts'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { ContractCall, SignedTransaction } from '#services/ports/chain.ts'
import type { RelayerKey } from '#services/ports/relayer-key.ts'
import { attestedAward } from './attested-award.ts'
import { badgeAnchor } from './badge-anchor.ts'
import {
  ask,
  askObject,
  askQuantity,
  asUnavailable,
  type Eip1193,
  faultOf,
  quantity,
  whole,
} from './eip1193.ts'
import { type FeeMarket, type Fees, nextFees } from './fees.ts'

export interface RelayerNeeds {
  readonly provider: Eip1193
  readonly chainId: number
  /** It pays and signs nothing else. */
  readonly key: RelayerKey | Uint8Array
  /** The most that it pays for a unit of gas, in wei. */
  readonly maxFeeCapWei: bigint
}

/** A call that may bring money. */
export type Payment = ContractCall & { readonly value?: bigint }

export interface Relayer {
  readonly address: Hex
  nextNonce(): Promise<number>
  minedNonce(): Promise<number>
  sign(call: Payment, nonce: number, replaces?: SignedTransaction): Promise<SignedTransaction>
  /** Signs what somebody else put together: nonce, prices and limits are theirs. */
  seal(transaction: Transaction): Promise<SignedTransaction>
  send(transaction: SignedTransaction): Promise<void>
}

/** The account that pays. Signing and sending are apart, so that what is sent can be stored before. */
export function createRelayer({ provider, chainId, key, maxFeeCapWei }: RelayerNeeds): Relayer {
  const keeper = keeperOf(key)
  const { address } = keeper
  const countOf = async (tag: string) =>
    whole(await ask(provider, 'eth_getTransactionCount', [address, tag]), 'eth_getTransactionCount')
  const seal = async (transaction: Transaction): Promise<SignedTransaction> => {
    const { nonce } = transaction
    transaction.signature = await keeper.sign(transaction.unsignedHash as Hex)
    return { hash: transaction.hash as Hex, raw: transaction.serialized as Hex, nonce, sender: address }
  }
  return {
    address,
    nextNonce: () => countOf('pending'),
    minedNonce: () => countOf('latest'),

    sign: async (call, nonce, replaces) => {
      const [gasLimit, market] = await Promise.all([
        estimateGas(provider, address, call),
        readMarket(provider),
      ])
      const fees = nextFees(market, maxFeeCapWei, replaces && feesOf(replaces))
      return seal(Transaction.from({ type: 2, chainId, nonce, ...call, gasLimit, ...fees }))
    },
    seal,

    send: async (transaction) => {
      try {
        await provider.request({ method: 'eth_sendRawTransaction', params: [transaction.raw] })
      } catch (error) {
        const { message } = faultOf(error)
        if (/already known|already imported|known transaction/i.test(message)) return
        // Whatever the node says: if it holds the transaction, it has been sent.
        if (await isKnown(provider, transaction.hash).catch(() => false)) return
        throw refusalOf(error, message, transaction)
      }
    },
  }
}

/** The prices that a stored transaction offers. */
export function feesOf({ raw }: SignedTransaction): Fees {
  const { maxFeePerGas, maxPriorityFeePerGas } = Transaction.from(raw)
  return { maxFeePerGas: maxFeePerGas ?? 0n, maxPriorityFeePerGas: maxPriorityFeePerGas ?? 0n }
}

/** The most that a call may use. A call that would revert is `contract-refused`, with the contract's own error. */
export async function estimateGas(
  provider: Eip1193,
  from: Hex,
  { to, data, value = 0n }: Payment,
): Promise<bigint> {
  const method = 'eth_estimateGas'
  const call = { from, to, data, value: `0x${value.toString(16)}` }
  try {
    const gas = quantity(await provider.request({ method, params: [call, 'latest'] }), method)
    return gasLimitFor(gas, data)
  } catch (error) {
    throw asRefusal(error) ?? asUnavailable(error, method)
  }
}

/**
 * With a fifth to spare, and with room for the storage that the call may have to write when it is mined, even if an equal
 * call would write nothing now: what is there already costs little, and a reorganisation can take it away. Gas that is
 * not used is not paid.
 */
export const gasLimitFor = (gas: bigint, data: Hex): bigint =>
  (gas * 6n) / 5n + NEW_SLOT_GAS * BigInt(Math.min(MAX_SPARE_SLOTS, Math.ceil(data.length / 128)))

const NEW_SLOT_GAS = 22_100n
/** One for each 64 bytes of the call: no method writes more. */
const MAX_SPARE_SLOTS = 64

function asRefusal(error: unknown): unknown {
  const { message, data } = faultOf(error)
  const known = data === undefined ? null : parseRefusal(data)
  if (known !== null) {
    return anchoringErrors.contractRefused(
      { error: known.name, arguments: known.args.toArray().map(String) },
      error,
    )
  }
  if (data === undefined && !/revert/i.test(message)) return undefined
  return anchoringErrors.contractRefused(
    { error: 'unknown', arguments: data === undefined ? [] : [data] },
    error,
  )
}

function parseRefusal(data: Hex): { readonly name: string; readonly args: Result } | null {
  try {
    return badgeAnchor.parseError(data) ?? attestedAward.parseError(data)
  } catch (error) {
    if (isError(error, 'BUFFER_OVERRUN') || isError(error, 'INVALID_ARGUMENT')) return null
    throw error
  }
}

/** What a unit of gas costs at the moment. */
export async function readMarket(provider: Eip1193): Promise<FeeMarket> {
  const block = await askObject(provider, 'eth_getBlockByNumber', ['latest', false])
  const baseFee = quantity(block?.['baseFeePerGas'] ?? '0x0', 'eth_getBlockByNumber')
  // Not every node suggests a tip; 1 gwei is one that is taken.
  const suggestedTip = await askQuantity(provider, 'eth_maxPriorityFeePerGas').catch(() => 1_000_000_000n)
  return { baseFee, suggestedTip }
}

async function isKnown(provider: Eip1193, hash: Hex): Promise<boolean> {
  return (await askObject(provider, 'eth_getTransactionByHash', [hash])) !== undefined
}

/** Nodes word their refusals freely; these are those of geth, Nethermind, Erigon, Besu, anvil and EDR. */
function refusalOf(error: unknown, message: string, { hash, nonce, sender }: SignedTransaction): unknown {
  if (/nonce too low|nonce has already been used|nonce is too low|oldnonce/i.test(message)) {
    return anchoringErrors.nonceTaken({ nonce, hash }, error)
  }
  if (/underpriced|fee too low|replacement|less than block base fee|too low to replace/i.test(message)) {
    return anchoringErrors.feeTooLow({ hash }, error)
  }
  if (/insufficient funds|enough funds|insufficient balance/i.test(message)) {
    return anchoringErrors.relayerOutOfFunds({ relayer: sender }, error)
  }
  const unavailable = asUnavailable(error, 'eth_sendRawTransaction')
  if (unavailable === error) return error
  return anchoringErrors.transactionRefused({ hash, reason: message }, error)
}
