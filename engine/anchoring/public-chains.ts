/**
 * Chains that many keep who have nothing to do with an issuer, and test chains of these. A number of a chain says who runs
 * it only where all the world knows it: any other number may be a chain that the issuer keeps alone.
 */
const PUBLIC_CHAINS: ReadonlySet<number> = new Set([
  1, // Ethereum
  11_155_111, // Sepolia
  17_000, // Holesky
  560_048, // Hoodi
  8_453, // Base
  84_532, // Base Sepolia
  10, // Optimism
  11_155_420, // Optimism Sepolia
  42_161, // Arbitrum One
  421_614, // Arbitrum Sepolia
  137, // Polygon PoS
  80_002, // Polygon Amoy
  100, // Gnosis
  10_200, // Chiado
])

/** Whether a chain is known to be independent of every issuer. */
export const isPublicChain = (chainId: number): boolean => PUBLIC_CHAINS.has(chainId)
