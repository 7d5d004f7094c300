import { createAnchorHistory } from '#adapters/ethereum/anchor-history.ts'
import { createAnchorReader } from '#adapters/ethereum/anchor-reader.ts'
import { ATTESTED_AWARD, ATTESTED_AWARD_ADDRESS } from '#adapters/ethereum/attested-award.ts'
import { createAttestedChain } from '#adapters/ethereum/attested-chain.ts'
import { BADGE_ANCHOR_ADDRESS } from '#adapters/ethereum/badge-anchor.ts'
import { contractCalledBy } from '#adapters/ethereum/contract-identity.ts'
import { deployBadgeAnchor, deployContract } from '#adapters/ethereum/deploy.ts'
import type { EndpointRecord } from '#adapters/ethereum/endpoint-record.ts'
import { createEthereumChain } from '#adapters/ethereum/ethereum-chain.ts'
import type { Finality } from '#adapters/ethereum/transaction-status.ts'
import type { Bonds } from '#adapters/postgres/installation.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { isPublicChain } from '#engine/anchoring/public-chains.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { AnchorHistory } from '#services/ports/anchor-history.ts'
import type { AttestedChain } from '#services/ports/attested-chain.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Log } from '#services/ports/log.ts'
import type { RelayerKey } from '#services/ports/relayer-key.ts'
import type { AnchorReader } from '#services/ports/verification-sources.ts'
import type { Config } from './config.ts'
import { checkFinality, openEndpoints } from './open-endpoints.ts'
import { checkChain, checkContract } from './start-checks.ts'

export interface OpenChain {
  readonly chain: Chain
  /** Its contract may be missing on a chain of your own. */
  readonly attestedChain: AttestedChain
  readonly anchors: AnchorReader
  readonly history: AnchorHistory
  /** What went wrong at the endpoints; none on an embedded chain. */
  readonly endpoints?: EndpointRecord
  readonly close: () => Promise<void>
}

/**
 * The chain of RPC_URL, or an embedded one in a folder of ours, with the contract on it. An installation goes on with
 * the chain and the contract that know its issuers, whatever version of the contract a new one would begin with.
 */
export async function openChain(
  config: Config,
  relayerKey: RelayerKey,
  directory: string,
  { chainIds, registration }: Pick<Bonds, 'chainIds' | 'registration'>,
  log: Log,
): Promise<OpenChain> {
  const settled = registration === undefined ? undefined : contractCalledBy(registration)
  if (config.RPC_URL === undefined) return openEmbedded(relayerKey, directory, { chainIds, settled })
  checkContract(config.CHAIN_CONTRACT, settled)
  const contract = (config.CHAIN_CONTRACT ?? settled ?? BADGE_ANCHOR_ADDRESS) as Hex
  const { provider, chainId, record } = await openEndpoints(config.RPC_URL, contract, log)
  checkChain(chainId, chainIds)
  if (config.CHAIN_CONFIRMATIONS === 0) await checkFinality(provider, config.RPC_URL)
  const finality: Finality =
    config.CHAIN_CONFIRMATIONS > 0
      ? { kind: 'confirmations', blocks: config.CHAIN_CONFIRMATIONS }
      : { kind: 'finalized' }
  const independent = isPublicChain(chainId)
  const chain = await createEthereumChain({
    provider,
    relayerKey,
    chainId,
    contract,
    independent,
    clock: systemClock,
    maxFeeCapWei: BigInt(config.CHAIN_MAX_FEE_GWEI) * 1_000_000_000n,
    finality,
  })
  const attestedChain = createAttestedChain({
    provider,
    relayer: relayerKey.address,
    address: { chainId, contract: ATTESTED_AWARD_ADDRESS },
    finality,
  })
  return {
    chain,
    attestedChain,
    anchors: createAnchorReader({ provider, chainId, independent, contracts: [contract] }),
    history: createAnchorHistory(provider, chain.address.contract),
    endpoints: record,
    close: async () => undefined,
  }
}

async function openEmbedded(
  relayerKey: RelayerKey,
  directory: string,
  { chainIds, settled }: { readonly chainIds: readonly number[]; readonly settled: Hex | undefined },
): Promise<OpenChain> {
  // Loaded here: with a chain of your own nothing of Hardhat is ever read.
  const { EMBEDDED_CHAIN_ID, openEmbeddedChain } = await import('#adapters/ethereum/embedded-chain.ts')
  checkChain(EMBEDDED_CHAIN_ID, chainIds)
  const embedded = await openEmbeddedChain({ directory, now: () => systemClock.now() })
  try {
    await embedded.fund(relayerKey.address)
    const contract =
      settled ?? (await deployBadgeAnchor({ provider: embedded.provider, relayerKey })).contract
    const chain = await createEthereumChain({
      provider: embedded.provider,
      relayerKey,
      chainId: EMBEDDED_CHAIN_ID,
      contract,
      independent: false,
      clock: systemClock,
    })
    await deployContract(ATTESTED_AWARD, { provider: embedded.provider, relayerKey })
    const attestedChain = createAttestedChain({
      provider: embedded.provider,
      relayer: relayerKey.address,
      address: { chainId: EMBEDDED_CHAIN_ID, contract: ATTESTED_AWARD_ADDRESS },
    })
    const anchors = createAnchorReader({
      provider: embedded.provider,
      chainId: EMBEDDED_CHAIN_ID,
      independent: false,
    })
    const history = createAnchorHistory(embedded.provider, contract)
    return { chain, attestedChain, anchors, history, close: () => embedded.close() }
  } catch (error) {
    await embedded.close()
    throw error
  }
}
