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

export const DEPLOYED_CODE_HASH = artifact.deployedCodeHash as Hex

/** Hash of the code at an address, with what differs by chain and address taken as zero: `DEPLOYED_CODE_HASH` if it is ours. */
export function hashOfCode(code: Hex): Hex {
  let digits = code.slice(2)
  for (const { start, length } of artifact.immutables) {
    if (digits.length < (start + length) * 2) break
    digits = digits.slice(0, start * 2) + '00'.repeat(length) + digits.slice((start + length) * 2)
  }
  return keccak256(`0x${digits}`) as Hex
}
