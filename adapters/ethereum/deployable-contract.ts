import type { Hex } from '#engine/shared/bytes.ts'
import type { ChainAddress } from '#services/ports/chain.ts'
import type { Eip1193 } from './eip1193.ts'

/** A contract whose address follows from its code: the same on every chain, whoever puts it there. */
export interface DeployableContract {
  readonly name: string
  readonly address: Hex
  /** What the deployment proxy is sent: the salt, and the code that makes the contract. */
  readonly deploymentData: Hex
  /** The setting that names it where it has another address; undefined: it is looked for at its own only. */
  readonly setting?: string
  /** Makes sure that it stands there, and nothing else. Throws `contract-missing`, `contract-mismatch`. */
  readonly require: (provider: Eip1193, at: ChainAddress) => Promise<void>
}
