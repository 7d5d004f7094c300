import { concat, getCreate2Address, Interface, id, keccak256 } from 'ethers'
import type { Hex } from '#engine/shared/bytes.ts'
import artifact from './badge-anchor-artifact.json' with { type: 'json' }

/** The contract as it is spoken to. */
export const badgeAnchor = new Interface(artifact.abi)

/** Deployed by anybody, on any chain, the contract has one address: it follows from its code. */
export const DEPLOYER: Hex = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
const SALT = id('waarmerk/BadgeAnchor/1') as Hex

export const BADGE_ANCHOR_ADDRESS = getCreate2Address(DEPLOYER, SALT, keccak256(artifact.bytecode)) as Hex

/** What the deployer is sent. */
export const deploymentData = (): Hex => concat([SALT, artifact.bytecode]) as Hex

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

export const DEPLOYED_CODE_HASH = artifact.deployedCodeHash as Hex

/** Whether this is the code of BadgeAnchor, in one of its versions. */
export const isBadgeAnchorCode = (code: Hex): boolean =>
  VERSIONS.some(({ deployedCodeHash, immutables }) => hashWithout(code, immutables) === deployedCodeHash)

/** Hash of the code at an address as it is told to people: comparable with `DEPLOYED_CODE_HASH`. */
export const hashOfCode = (code: Hex): Hex => hashWithout(code, artifact.immutables)

function hashWithout(code: Hex, immutables: CodeVersion['immutables']): Hex {
  let digits = code.slice(2)
  for (const { start, length } of immutables) {
    if (digits.length < (start + length) * 2) break
    digits = digits.slice(0, start * 2) + '00'.repeat(length) + digits.slice((start + length) * 2)
  }
  return keccak256(`0x${digits}`) as Hex
}
