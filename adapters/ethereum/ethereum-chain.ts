import { getAddress } from 'ethers'
import type { Hex } from '#engine/shared/bytes.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { RelayerKey } from '#services/ports/relayer-key.ts'
import { contractVerify, readBatchRecord, readKey } from './anchor-reader.ts'
import { contractCalls } from './contract-calls.ts'
import { readChainId, requireBadgeAnchor } from './contract-identity.ts'
import type { Eip1193 } from './eip1193.ts'
import { findLanded } from './landed-batch.ts'
import { createRelayer } from './relayer.ts'
import { type Finality, readStatus } from './transaction-status.ts'

export interface EthereumChainNeeds {
  readonly provider: Eip1193
  /** It pays and signs nothing else: a key of 32 bytes on secp256k1, or what keeps one. */
  readonly relayerKey: RelayerKey | Uint8Array
  readonly contract: Hex
  /** The chain that the stored anchors are on; whatever chain answers if there are none yet. */
  readonly chainId?: number
  readonly independent: boolean
  readonly clock: Clock
  /** Default: the chain's `finalized` tag. */
  readonly finality?: Finality
  /** The most to pay for a unit of gas, in wei. Default: 500 gwei. */
  readonly maxFeeCapWei?: bigint
}

/**
 * The chain behind `services/ports/chain.ts`. Makes sure of chain and contract before it is used, and again before
 * every sending: throws `chain-mismatch`, `contract-missing`, `contract-mismatch`, `chain-unavailable`.
 */
export async function createEthereumChain(needs: EthereumChainNeeds): Promise<Chain> {
  const { provider, relayerKey, independent, clock, finality = { kind: 'finalized' } } = needs
  const chainId = needs.chainId ?? (await readChainId(provider))
  const address = { chainId, contract: getAddress(needs.contract) as Hex }
  await requireBadgeAnchor(provider, address)
  const maxFeeCapWei = needs.maxFeeCapWei ?? 500_000_000_000n
  const relayer = createRelayer({ provider, chainId, key: relayerKey, maxFeeCapWei })

  return {
    ...contractCalls(address, () => clock.now()),
    address,
    independent,
    relayer: relayer.address,
    nextNonce: relayer.nextNonce,
    minedNonce: relayer.minedNonce,
    signFiller: (nonce, replaces) => relayer.sign({ to: relayer.address, data: '0x' }, nonce, replaces),
    sign: relayer.sign,
    send: async (transaction) => {
      await requireBadgeAnchor(provider, address)
      await relayer.send(transaction)
    },
    status: (hash) => readStatus(provider, hash, finality),
    landed: (signer, root) => findLanded({ provider, contract: address.contract, finality }, signer, root),
    batch: (signer, root) => readBatchRecord(provider, address.contract, signer, root),
    key: (key) => readKey(provider, address.contract, key),
    verify: (question) => contractVerify(provider, address.contract, question),
  }
}
