import type { AnchorHistory } from '#services/ports/anchor-history.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { DidResolver } from '#services/ports/verification-sources.ts'

export interface InspectionNeeds {
  readonly database: Database
  readonly chain: Chain
  readonly history: AnchorHistory
  readonly clock: Clock
  readonly suite: CredentialSuite
  readonly hashes: Hashes
  readonly secretBox: SecretBox
  /** Our own DIDs. */
  readonly resolver: DidResolver
  /** Told now and then how far it is. */
  readonly progress: (what: string) => void
}
