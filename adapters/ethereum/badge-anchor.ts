import { Interface } from 'ethers'
import type { Hex } from '#engine/shared/bytes.ts'
import artifact from './badge-anchor-artifact.json' with { type: 'json' }
import { type KnownContract, knownCode, knownContract } from './known-contract.ts'

/** The contract as it is spoken to. */
export const badgeAnchor = new Interface(artifact.abi)

const known = knownContract(artifact, 'waarmerk/BadgeAnchor/1')

export const BADGE_ANCHOR_ADDRESS = known.address
export const DEPLOYED_CODE_HASH = known.deployedCodeHash
export const hashOfCode = known.hashOfCode

/** What the deployer is sent. */
export const deploymentData = (): Hex => known.deploymentData

/** The versions that installations began with: their receipts name an earlier contract for ever. */
const EARLIER: readonly Pick<KnownContract, 'address' | 'deployedCodeHash' | 'hashOfCode'>[] = [
  {
    address: '0x60485018EA593b57e8A1a8DCcdE84784399C7B8f',
    ...knownCode({
      deployedCodeHash: '0xf28dbc2bcb7388bae77c946227a7c63806eea94f66cd958c4334bd49a4bb4e29',
      immutables: [2058, 2102, 11_107, 11_154, 11_233, 11_271, 11_337].map((start) => ({
        start,
        length: 32,
      })),
    }),
  },
]

/**
 * Whether this is the code of BadgeAnchor, in one of its versions. All are spoken to in the same way and mean the same
 * (ADR 0047).
 */
export const isBadgeAnchorCode = (code: Hex): boolean =>
  [known, ...EARLIER].some(({ deployedCodeHash, hashOfCode }) => hashOfCode(code) === deployedCodeHash)

/**
 * Whether nothing but BadgeAnchor can ever stand at an address, on any chain: it follows from the code that *makes* the
 * contract. The code that stands there says nothing of how its storage began: whoever deploys it in another way can write
 * whatever they like into it first. So a verifier believes these addresses, and those that it was told itself.
 */
export const isBadgeAnchorAddress = (contract: Hex): boolean =>
  [known, ...EARLIER].some(({ address }) => address.toLowerCase() === contract.toLowerCase())
