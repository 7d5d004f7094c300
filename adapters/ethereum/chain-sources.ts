import { isPublicChain } from '#engine/anchoring/public-chains.ts'
import { isLoopbackHost } from '#engine/credentials/did-web.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { AnchorReader, IssuerHistories } from '#services/ports/verification-sources.ts'
import { createAnchorReader } from './anchor-reader.ts'
import { readChainId } from './contract-identity.ts'
import { createIssuerHistories } from './issuer-history.ts'
import { createRpcProvider } from './rpc-provider.ts'

export interface ChainSources {
  readonly anchors: AnchorReader
  readonly histories: IssuerHistories
}

/** What a verifier may learn of whatever chain answers at an address; nothing where none does. For a browser as well as for Node. */
export async function openChainSources(
  rpc: URL,
  get: typeof fetch = fetch,
  contracts: readonly string[] = [],
): Promise<ChainSources> {
  const provider = createRpcProvider({ url: rpc.href, fetch: get })
  try {
    const chainId = await readChainId(provider)
    const independent = !isLoopbackHost(rpc.hostname) && isPublicChain(chainId)
    return {
      anchors: createAnchorReader({ provider, chainId, independent, contracts }),
      histories: createIssuerHistories({ provider, chainId, contracts }),
    }
  } catch (error) {
    if (!(error instanceof WaarmerkError)) throw error
    return {
      anchors: { read: async () => 'unavailable' },
      histories: { readHistory: async () => 'unavailable' },
    }
  }
}
