import { isLoopbackHost } from '#engine/credentials/did-web.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { AnchorReader, IssuerHistories } from '#services/ports/verification-sources.ts'
import { UsageFault } from './usage-fault.ts'

export interface ChainSources {
  readonly anchors: AnchorReader
  readonly histories: IssuerHistories
}

/** Loads the chain client only when a chain is named: it is the largest part of the command. */
export async function chainOfRpc(
  rpc: string | undefined,
  get: typeof fetch | undefined,
): Promise<ChainSources> {
  if (rpc === undefined) return NOBODY
  const url = URL.parse(rpc)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageFault('--rpc takes an http or https address.')
  const { createRpcProvider } = await import('#adapters/ethereum/rpc-provider.ts')
  const { readChainId } = await import('#adapters/ethereum/contract-identity.ts')
  const { createAnchorReader } = await import('#adapters/ethereum/anchor-reader.ts')
  const { createIssuerHistories } = await import('#adapters/ethereum/issuer-history.ts')
  const provider = createRpcProvider({ url: rpc, ...(get === undefined ? {} : { fetch: get }) })
  try {
    const chainId = await readChainId(provider)
    const independent = !isLoopbackHost(url.hostname) && chainId !== DEVELOPMENT_CHAIN
    return {
      anchors: createAnchorReader({ provider, chainId, independent }),
      histories: createIssuerHistories({ provider, chainId }),
    }
  } catch (error) {
    if (!(error instanceof WaarmerkError)) throw error
    return NOBODY
  }
}

const NOBODY: ChainSources = {
  anchors: { read: async () => 'unavailable' },
  histories: { readHistory: async () => 'unavailable' },
}

/** The number that development chains take by custom; nobody independent runs one. */
const DEVELOPMENT_CHAIN = 31_337
