import { concat, getCreate2Address, id, keccak256 } from 'ethers'
import type { Hex } from '#engine/shared/bytes.ts'

/** Deployed by anybody, on any chain, a contract of ours has one address: it follows from its code. */
export const DEPLOYER: Hex = '0x4e59b44847b379578588920cA78FbF26c0B4956C'

/** What of an artifact (scripts/build-contracts.ts) decides where the contract stands, and whether it is ours. */
interface Artifact {
  readonly bytecode: string
  readonly deployedCodeHash: string
  /** Positions in the code that differ by chain and address: taken as zero in the hash. */
  readonly immutables: readonly { readonly start: number; readonly length: number }[]
}

export interface KnownContract {
  readonly address: Hex
  /** What the deployer is sent. */
  readonly deploymentData: Hex
  readonly deployedCodeHash: Hex
  /** Hash of the code at an address, with what differs by chain and address taken as zero: `deployedCodeHash` if it is ours. */
  readonly hashOfCode: (code: Hex) => Hex
}

/** A contract whose source is ours. `salt`: its name and version, as in `waarmerk/BadgeAnchor/1`. */
export function knownContract(artifact: Artifact, salt: string): KnownContract {
  const { bytecode } = artifact
  return {
    address: getCreate2Address(DEPLOYER, id(salt), keccak256(bytecode)) as Hex,
    deploymentData: concat([id(salt), bytecode]) as Hex,
    ...knownCode(artifact),
  }
}

/** Code that is known by its hash alone. */
export function knownCode({
  deployedCodeHash,
  immutables,
}: Omit<Artifact, 'bytecode'>): Pick<KnownContract, 'deployedCodeHash' | 'hashOfCode'> {
  return {
    deployedCodeHash: deployedCodeHash as Hex,
    hashOfCode: (code) => {
      let digits = code.slice(2)
      for (const { start, length } of immutables) {
        if (digits.length < (start + length) * 2) break
        digits = digits.slice(0, start * 2) + '00'.repeat(length) + digits.slice((start + length) * 2)
      }
      return keccak256(`0x${digits}`) as Hex
    },
  }
}
