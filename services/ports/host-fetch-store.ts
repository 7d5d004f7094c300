import type { HostConnectionId, HostFetchId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

interface FetchBase {
  readonly id: HostFetchId
  readonly connectionId: HostConnectionId
  /** Only what was issued there after this moment; undefined: everything. */
  readonly since?: Instant | undefined
  /** Where it goes on in the list of the host, and how much it asks for at a time. */
  readonly nextOffset: number
  readonly pageSize: number
  /** How many there are, as the host says. */
  readonly total?: number | undefined
  readonly created: number
  readonly replaced: number
  /** Those that were kept here already. */
  readonly known: number
  /** Codes of problems, and how many badges they are about. */
  readonly refused: Readonly<Record<string, number>>
  /** What the clock of the host said when the first page came. */
  readonly hostTime?: Instant | undefined
  /** Failures in a row. */
  readonly attempts: number
  readonly createdAt: Instant
  readonly startedAt?: Instant | undefined
  /** Not to be taken up before: one that is running, while a worker holds it. */
  readonly nextAt: Instant
}

export type OpenHostFetch = FetchBase & { readonly state: 'queued' | 'running' }

/** Badges are fetched from a connected host. Of a connection the last one is kept. */
export type HostFetch =
  | OpenHostFetch
  | (FetchBase & { readonly state: 'done' | 'cancelled'; readonly finishedAt: Instant })
  | (FetchBase & {
      readonly state: 'failed'
      readonly finishedAt: Instant
      readonly error: { readonly code: string; readonly reason?: string }
    })

/** Belongs to accounts, by their connections: all of it is for workers. */
export interface HostFetchStore {
  /** Puts it in the place of the one before: false where that is open still. */
  begin(fetch: OpenHostFetch): Promise<boolean>
  find(connectionId: HostConnectionId): Promise<HostFetch | undefined>
  ofConnections(ids: readonly HostConnectionId[]): Promise<ReadonlyMap<HostConnectionId, HostFetch>>
  /**
   * Claims some that are due, which are then put off until a moment: whoever dies lets the claim run out. Of an account one at
   * most, and none while another of it is claimed.
   */
  claim(most: number, now: Instant, until: Instant): Promise<readonly OpenHostFetch[]>
  /** Puts `after` where `before` was claimed: false where the claim has run out, or it was cancelled. */
  save(before: OpenHostFetch, after: HostFetch): Promise<boolean>
  /** Counts what a page came to that was under way when its fetch was cancelled; nothing where that is not so. */
  noteStopped(fetch: OpenHostFetch): Promise<void>
  /** False where none is open. */
  cancel(connectionId: HostConnectionId, at: Instant): Promise<boolean>
  nextDue(): Promise<Instant | undefined>
}
