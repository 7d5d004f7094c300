import { Interface } from 'ethers'
import type { Hex } from '#engine/shared/bytes.ts'
import artifact from './badge-anchor-artifact.json' with { type: 'json' }
import { hashOfCodeWithout, knownContract } from './known-contract.ts'

/** The contract as it is spoken to. */
export const badgeAnchor = new Interface(artifact.abi)

const known = knownContract(artifact, 'waarmerk/BadgeAnchor/1')

export const BADGE_ANCHOR_ADDRESS = known.address

/** What the deployer is sent. */
export const deploymentData = (): Hex => known.deploymentData

/** A version of the code: its hash, with what differs by chain and address taken as zero. */
interface CodeVersion {
  readonly address: Hex
  readonly deployedCodeHash: string
  readonly immutables: readonly { readonly start: number; readonly length: number }[]
}

/**
 * The version that a new installation deploys, and those that installations began with: their receipts name an earlier
 * contract for ever. All are spoken to in the same way and mean the same (ADR 0047).
 */
const VERSIONS: readonly [CodeVersion, ...CodeVersion[]] = [
  { address: BADGE_ANCHOR_ADDRESS, ...artifact },
  {
    address: '0x60485018EA593b57e8A1a8DCcdE84784399C7B8f',
    deployedCodeHash: '0xf28dbc2bcb7388bae77c946227a7c63806eea94f66cd958c4334bd49a4bb4e29',
    immutables: [2058, 2102, 11_107, 11_154, 11_233, 11_271, 11_337].map((start) => ({ start, length: 32 })),
  },
]

export const DEPLOYED_CODE_HASH = known.deployedCodeHash

/** Whether this is the code of BadgeAnchor, in one of its versions. */
export const isBadgeAnchorCode = (code: Hex): boolean =>
  VERSIONS.some(
    ({ deployedCodeHash, immutables }) => hashOfCodeWithout(code, immutables) === deployedCodeHash,
  )

/** Hash of the code at an address as it is told to people: comparable with `DEPLOYED_CODE_HASH`. */
export const hashOfCode = known.hashOfCode
