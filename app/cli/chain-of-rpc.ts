import type { ChainSources } from '#adapters/ethereum/chain-sources.ts'
import { UsageFault } from './usage-fault.ts'

/** Loads the chain client only when a chain is named: it is the largest part of the command. */
export async function chainOfRpc(
  rpc: string | undefined,
  get: typeof fetch | undefined,
  contracts: readonly string[] = [],
): Promise<ChainSources> {
  if (rpc === undefined) return NOBODY
  const url = URL.parse(rpc)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageFault('--rpc takes an http or https address.')
  const { openChainSources } = await import('#adapters/ethereum/chain-sources.ts')
  return openChainSources(url, get, contracts)
}

const NOBODY: ChainSources = {
  anchors: { read: async () => 'unavailable' },
  histories: { readHistory: async () => 'unavailable' },
}
