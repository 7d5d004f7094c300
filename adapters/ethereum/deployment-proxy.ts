import { Transaction } from 'ethers'
import type { Hex } from '#engine/shared/bytes.ts'
import type { SignedTransaction } from '#services/ports/chain.ts'
import { askQuantity, type Eip1193 } from './eip1193.ts'

/** Signed by nobody's key: the same signature on every chain, and so the same address (Arachnid's proxy). */
const RAW: Hex =
  '0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222'

const parsed = Transaction.from(RAW)

/**
 * The transaction that puts the deployment proxy on a chain, as its author signed it for every chain: from before
 * EIP-155, so that nodes which take no such transactions refuse it.
 */
export const PROXY_TRANSACTION: SignedTransaction = {
  raw: RAW,
  hash: parsed.hash as Hex,
  nonce: 0,
  sender: parsed.from as Hex,
}

/** What the sender of that transaction, which nobody owns, still lacks of the price that it offers. */
export async function missingForProxy(provider: Eip1193): Promise<bigint> {
  const price = parsed.gasLimit * (parsed.gasPrice ?? 0n)
  const balance = await askQuantity(provider, 'eth_getBalance', [PROXY_TRANSACTION.sender, 'latest'])
  return balance < price ? price - balance : 0n
}
