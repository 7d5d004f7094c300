import { Interface } from 'ethers'
import type { Hex } from '#engine/shared/bytes.ts'
import artifact from './badge-anchor-artifact.json' with { type: 'json' }
import { knownContract } from './known-contract.ts'

/** The contract as it is spoken to. */
export const badgeAnchor = new Interface(artifact.abi)

const known = knownContract(artifact, 'waarmerk/BadgeAnchor/1')

export const BADGE_ANCHOR_ADDRESS = known.address
export const DEPLOYED_CODE_HASH = known.deployedCodeHash
export const hashOfCode = known.hashOfCode

/** What the deployer is sent. */
export const deploymentData = (): Hex => known.deploymentData
