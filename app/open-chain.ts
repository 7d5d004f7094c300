import { createAnchorReader } from '#adapters/ethereum/anchor-reader.ts'
import { BADGE_ANCHOR_ADDRESS } from '#adapters/ethereum/badge-anchor.ts'
import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import type { EndpointRecord } from '#adapters/ethereum/endpoint-record.ts'
import { createEthereumChain } from '#adapters/ethereum/ethereum-chain.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Log } from '#services/ports/log.ts'
import type { RelayerKey } from '#services/ports/relayer-key.ts'
import type { AnchorReader } from '#services/ports/verification-sources.ts'
import type { Config } from './config.ts'
import { checkFinality, openEndpoints } from './open-endpoints.ts'

export interface OpenChain {
  readonly chain: Chain
  readonly anchors: AnchorReader
  /** What went wrong at the endpoints; none on an embedded chain. */
  readonly endpoints?: EndpointRecord
  readonly close: () => Promise<void>
}

/** The chain of RPC_URL, or an embedded one in a folder of ours, with the contract on it. */
export async function openChain(
  config: Config,
  relayerKey: RelayerKey,
  directory: string,
  log: Log,
): Promise<OpenChain> {
  if (config.RPC_URL === undefined) return openEmbedded(relayerKey, directory)
  const contract = (config.CHAIN_CONTRACT ?? BADGE_ANCHOR_ADDRESS) as Hex
  const { provider, chainId, record } = await openEndpoints(config.RPC_URL, contract, log)
  if (config.CHAIN_CONFIRMATIONS === 0) await checkFinality(provider, config.RPC_URL)
  const chain = await createEthereumChain({
    provider,
    relayerKey,
    chainId,
    contract,
    independent: true,
    clock: systemClock,
    maxFeeCapWei: BigInt(config.CHAIN_MAX_FEE_GWEI) * 1_000_000_000n,
    finality:
      config.CHAIN_CONFIRMATIONS > 0
        ? { kind: 'confirmations', blocks: config.CHAIN_CONFIRMATIONS }
        : { kind: 'finalized' },
  })
  return {
    chain,
    anchors: createAnchorReader({ provider, chainId, independent: true }),
    endpoints: record,
    close: async () => undefined,
  }
}

async function openEmbedded(relayerKey: RelayerKey, directory: string): Promise<OpenChain> {
  // Loaded here: with a chain of your own nothing of Hardhat is ever read.
  const { EMBEDDED_CHAIN_ID, openEmbeddedChain } = await import('#adapters/ethereum/embedded-chain.ts')
  const embedded = await openEmbeddedChain({ directory, now: () => systemClock.now() })
  try {
    await embedded.fund(relayerKey.address)
    const { contract } = await deployBadgeAnchor({ provider: embedded.provider, relayerKey })
    const chain = await createEthereumChain({
      provider: embedded.provider,
      relayerKey,
      chainId: EMBEDDED_CHAIN_ID,
      contract,
      independent: false,
      clock: systemClock,
    })
    const anchors = createAnchorReader({
      provider: embedded.provider,
      chainId: EMBEDDED_CHAIN_ID,
      independent: false,
    })
    return { chain, anchors, close: () => embedded.close() }
  } catch (error) {
    await embedded.close()
    throw error
  }
}
