import { Interface } from 'ethers'
import { attestedErrors } from '#engine/attested-awards/attested-errors.ts'
import type { ChainAddress } from '#services/ports/chain.ts'
import artifact from './attested-award-artifact.json' with { type: 'json' }
import { requireChain } from './contract-identity.ts'
import type { DeployableContract } from './deployable-contract.ts'
import { askBytes, type Eip1193 } from './eip1193.ts'
import { knownContract } from './known-contract.ts'

/** The contract as it is spoken to. */
export const attestedAward = new Interface(artifact.abi)

const known = knownContract(artifact, 'waarmerk/AttestedAward/1')

export const ATTESTED_AWARD_ADDRESS = known.address

/**
 * Makes sure that AttestedAward stands there and nothing else.
 * Throws `chain-mismatch`, `attested-contract-missing`, `chain-unavailable`. Two questions.
 */
export async function requireAttestedAward(
  provider: Eip1193,
  { chainId, contract }: ChainAddress,
): Promise<void> {
  await requireChain(provider, chainId)
  const code = await askBytes(provider, 'eth_getCode', [contract, 'latest'])
  if (known.hashOfCode(code) !== known.deployedCodeHash)
    throw attestedErrors.attestedContractMissing({ chainId, contract })
}

export const ATTESTED_AWARD: DeployableContract = {
  name: 'AttestedAward',
  address: known.address,
  deploymentData: known.deploymentData,
  require: requireAttestedAward,
}
