import { ATTESTED_AWARD } from '#adapters/ethereum/attested-award.ts'
import { BADGE_ANCHOR } from '#adapters/ethereum/deploy.ts'
import type { DeployableContract } from '#adapters/ethereum/deployable-contract.ts'

interface Contract {
  readonly deployable: DeployableContract
  /** Its sources (scripts/build-contracts.ts). Loaded only when asked for: they are large. */
  readonly sources: () => Promise<{ readonly default: Sources }>
}

/** What the verification of a source wants to know. */
interface Sources {
  /** File and name. */
  readonly contract: string
  /** The version as explorers list it. */
  readonly compiler: string
  /** Standard JSON input of the compiler. */
  readonly input: object
}

/** What `waarmerk deploy` puts on a chain. */
export const CONTRACTS: readonly Contract[] = [
  {
    deployable: BADGE_ANCHOR,
    sources: () => import('#adapters/ethereum/badge-anchor-sources.json', { with: { type: 'json' } }),
  },
  {
    deployable: ATTESTED_AWARD,
    sources: () => import('#adapters/ethereum/attested-award-sources.json', { with: { type: 'json' } }),
  },
]
