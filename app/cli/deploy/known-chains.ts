interface KnownChain {
  readonly name: string
  /** What gas is paid in; 18 digits behind the point on each of them. */
  readonly coin: string
}

/** The chains of docs/networks.md, and those that development nodes make, by their EIP-155 numbers. */
const CHAINS: ReadonlyMap<number, KnownChain> = new Map([
  [1, { name: 'Ethereum', coin: 'ETH' }],
  [11_155_111, { name: 'Sepolia, a test chain', coin: 'test ETH' }],
  [8453, { name: 'Base', coin: 'ETH' }],
  [84_532, { name: 'Base Sepolia, a test chain', coin: 'test ETH' }],
  [137, { name: 'Polygon PoS', coin: 'POL' }],
  [80_002, { name: 'Polygon Amoy, a test chain', coin: 'test POL' }],
  [100, { name: 'Gnosis', coin: 'xDAI' }],
  [10_200, { name: 'Gnosis Chiado, a test chain', coin: 'test xDAI' }],
  [31_337, { name: 'a development chain', coin: 'coins without value' }],
])

export const knownChain = (chainId: number): KnownChain =>
  CHAINS.get(chainId) ?? { name: 'a chain that is not known here', coin: 'of its coin' }
