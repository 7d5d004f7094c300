import type { AccountId, HostConnectionId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { HostDescription } from './badge-host.ts'

interface ConnectionBase {
  readonly id: HostConnectionId
  readonly accountId: AccountId
  readonly baseUrl: string
  readonly name: string
  readonly description: HostDescription
  readonly scopes: readonly string[]
  readonly createdAt: Instant
  readonly connectedAt?: Instant
  readonly fetchedAt?: Instant
  /** What was issued there after this moment is news, and how many badges there were by then. */
  readonly fetchedSince?: Instant
  readonly fetchedTotal?: number
}

/** Another backpack or wallet that somebody has connected theirs to. Its secrets are sealed. */
export type HostConnection =
  | (ConnectionBase & {
      readonly state: 'asked'
      readonly stateHash: Uint8Array
      readonly sealed: Uint8Array
      readonly expiresAt: Instant
    })
  | (ConnectionBase & { readonly state: 'connected' | 'lost'; readonly sealed: Uint8Array })
  | (ConnectionBase & { readonly state: 'ended'; readonly endedAt: Instant })

export type LiveHostConnection = Exclude<HostConnection, { state: 'ended' }>

/** Belongs to accounts: all of it is for workers. */
export interface HostConnectionStore {
  insert(connection: HostConnection): Promise<void>
  find(id: HostConnectionId): Promise<HostConnection | undefined>
  /** The same, and nobody changes it until the transaction ends. */
  lock(id: HostConnectionId): Promise<HostConnection | undefined>
  /** Those that are not ended, the newest first. */
  ofAccount(accountId: AccountId): Promise<readonly HostConnection[]>
  /**
   * Puts `after` where this stood, in its state and with its secrets: false where somebody else was faster. What is known of
   * fetches stays, but for somebody who is asked anew: they may say yes there as somebody else.
   */
  replace(before: LiveHostConnection, after: HostConnection): Promise<boolean>
  /**
   * Claims the renewal of its tokens for so long, by the clock of the database, and answers until when: undefined where another
   * holds it, it is not connected any more, or its secrets are not these.
   */
  claimRenewal(
    { id, sealed }: { readonly id: HostConnectionId; readonly sealed: Uint8Array },
    ms: number,
  ): Promise<Instant | undefined>
  /** Puts secrets in the place of these, whoever holds the claim by now, and gives that back: false where there are others. */
  renew(
    { id, sealed }: { readonly id: HostConnectionId; readonly sealed: Uint8Array },
    fresh: Uint8Array,
  ): Promise<boolean>
  /** Gives back a claim that came to nothing; nothing where another has it by now. */
  giveUpRenewal(id: HostConnectionId, until: Instant): Promise<void>
  /** Notes a fetch that is over. Without `news` the next one looks as far back as this one did. */
  fetched(
    id: HostConnectionId,
    at: Instant,
    news?: { readonly since: Instant; readonly total: number },
  ): Promise<void>
}
