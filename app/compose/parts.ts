import type { CryptoMeans } from '#adapters/crypto/crypto-means.ts'
import type { RemoteMap } from '#adapters/fetch/remote-map.ts'
import type { IssuingThreads } from '#adapters/threads/issuing-threads.ts'
import type { PrintingThreads } from '#adapters/threads/printing-threads.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { AnchorHistory } from '#services/ports/anchor-history.ts'
import type { AttestedChain } from '#services/ports/attested-chain.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { IdentityProviders } from '#services/ports/identity-providers.ts'
import type { Log } from '#services/ports/log.ts'
import type { Mailer } from '#services/ports/mailer.ts'
import type { AnchorReader } from '#services/ports/verification-sources.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'

export interface VcApiSettings {
  readonly didKeyIssuer: boolean
  /** Documents of controllers, by their id. */
  readonly controllers: ReadonlyMap<string, JsonObject>
  /** Digests of related resources, by their address. */
  readonly resources: ReadonlyMap<string, readonly string[]>
}

/** What is opened before the product is put together: see `app/open-parts.ts`. */
export interface Parts {
  readonly database: Database
  readonly chain: Chain
  readonly attestedChain: AttestedChain
  readonly anchors: AnchorReader
  readonly history: AnchorHistory
  readonly wakeUps: WakeUps
  readonly mailer: Mailer
  /** Where people sign in by OpenID Connect. */
  readonly identityProviders: IdentityProviders
  readonly log: Log
  readonly masterKey: Uint8Array
  readonly cryptoMeans: CryptoMeans
  /** Where many documents are signed at once; without them, where the step runs. */
  readonly issuingThreads?: IssuingThreads
  readonly printingThreads: PrintingThreads
  readonly settings: {
    /** PUBLIC_URL, without a slash at the end. */
    readonly publicUrl: string
    readonly batchMaxAgeS: number
    readonly batchMaxLeaves: number
    readonly fetchLocalhost: boolean
    /** What others publish, instead of the network. Never in production. */
    readonly remoteMap?: RemoteMap
    /** People a second that a backfill goes through at most; 0: as fast as it can. */
    readonly backfillSubjectsPerS: number
    /** For how many days the link of an invitation works. */
    readonly invitationDays: number
    /** Issuers of elsewhere that are known here. */
    readonly trust?: TrustSettings
  }
  /** What the operator added for verifiers, and for conformance suites. Nothing by default. */
  readonly vcApi?: VcApiSettings
  readonly clock?: Clock
}

export interface TrustSettings {
  readonly issuers: readonly string[]
  /** Paths of signed lists, and the keys of their publishers. */
  readonly lists: readonly string[]
  readonly keys: readonly string[]
}
