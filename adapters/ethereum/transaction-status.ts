import type { Hex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { TransactionStatus } from '#services/ports/chain.ts'
import { askObject, type Eip1193, whole } from './eip1193.ts'

/**
 * When a block counts as final: by the chain's own word (the `finalized` tag), or, where it has none, when so many
 * blocks stand on it, itself included.
 */
export type Finality =
  | { readonly kind: 'finalized' }
  | { readonly kind: 'confirmations'; readonly blocks: number }

/**
 * What became of a transaction. A receipt counts only if the chain's own block of that number is the one it names: a node
 * that is behind, or in the middle of a reorganisation, gives "pending".
 */
export async function readStatus(
  provider: Eip1193,
  hash: Hex,
  finality: Finality,
): Promise<TransactionStatus> {
  const receipt = await askObject(provider, 'eth_getTransactionReceipt', [hash])
  if (receipt === undefined || receipt['transactionHash'] !== hash) {
    const known = await askObject(provider, 'eth_getTransactionByHash', [hash])
    return { state: known === undefined ? 'unknown' : 'pending' }
  }
  const blockNumber = whole(receipt['blockNumber'], 'eth_getTransactionReceipt')
  const block = await askObject(provider, 'eth_getBlockByNumber', [receipt['blockNumber'], false])
  if (block === undefined || block['hash'] !== receipt['blockHash']) return { state: 'pending' }
  const final = blockNumber <= (await lastFinal(provider, finality))
  if (receipt['status'] !== '0x1') return { state: 'reverted', blockNumber, final }
  const blockTime = asInstant(whole(block['timestamp'], 'eth_getBlockByNumber') * 1000)
  return { state: 'mined', blockNumber, blockTime, final }
}

/** Number of the last block that is final; −1 if none is. */
export async function lastFinal(provider: Eip1193, finality: Finality): Promise<number> {
  const tag = finality.kind === 'finalized' ? 'finalized' : 'latest'
  const block = await askObject(provider, 'eth_getBlockByNumber', [tag, false])
  if (block === undefined) return -1
  const number = whole(block['number'], 'eth_getBlockByNumber')
  return finality.kind === 'finalized' ? number : number - finality.blocks + 1
}
