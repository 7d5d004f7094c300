import { errors } from '#engine/errors/catalogue.ts'
import { OB_SCOPES } from '#engine/open-badges-api/scopes.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { AccountId, HostConnectionId, HostFetchId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { HostFetch, OpenHostFetch } from '#services/ports/host-fetch-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { UseHost } from './use-host.ts'

export interface FetchBadgesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly wakeUps: WakeUps
  readonly useHost: Pick<UseHost, 'own'>
}

/** How many badges are asked for at a time. */
export const HOST_PAGE = 50

/**
 * So much of what the last fetch saw is looked at again. Hosts tell the time in whole seconds, and clocks differ: a badge of the
 * same second may have come after that fetch.
 */
const OVERLAP_MS = MINUTE_MS

export type FetchBadges = ReturnType<typeof createFetchBadges>

/** Badges come from a connected host: somebody starts that, looks how far it is, and stops it. A worker does it. */
export const createFetchBadges = ({ database, clock, random, wakeUps, useHost }: FetchBadgesNeeds) => ({
  /**
   * Starts one, and answers the one that is open already. `everything`: also what was issued before the last one.
   * Throws `not-found`, `host-connection-lost`, `host-scope-missing`.
   */
  start: async (
    accountId: AccountId,
    id: HostConnectionId,
    { everything }: { readonly everything: boolean },
  ): Promise<HostFetch> => {
    const fetch = await database.asWorker(async (stores): Promise<HostFetch> => {
      const connection = await useHost.own(stores, accountId, id)
      const host = new URL(connection.description.apiUrl).host
      if (connection.state !== 'connected') throw errors.hostConnectionLost({ host })
      const scope = OB_SCOPES.readCredentials
      if (!connection.scopes.includes(scope)) throw errors.hostScopeMissing({ host, scope })
      const now = clock.now()
      const { fetchedSince } = connection
      const since =
        everything || fetchedSince === undefined ? undefined : asInstant(fetchedSince - OVERLAP_MS)
      const queued: OpenHostFetch = {
        id: random.rowId() as HostFetchId,
        connectionId: id,
        state: 'queued',
        since,
        nextOffset: 0,
        pageSize: HOST_PAGE,
        created: 0,
        replaced: 0,
        known: 0,
        refused: {},
        attempts: 0,
        createdAt: now,
        nextAt: now,
      }
      if (await stores.hostFetches.begin(queued)) return queued
      return (await stores.hostFetches.find(id)) ?? queued
    })
    await wakeUps.wake('host_fetches')
    return fetch
  },

  /** The last one. Throws `not-found`. */
  show: (accountId: AccountId, id: HostConnectionId): Promise<HostFetch> =>
    database.asWorker(async (stores) => {
      await useHost.own(stores, accountId, id)
      const found = await stores.hostFetches.find(id)
      if (found === undefined) throw errors.notFound({ what: 'fetch of badges', id })
      return found
    }),

  /** What was kept stays. Throws `not-found` where none is open. */
  cancel: (accountId: AccountId, id: HostConnectionId): Promise<void> =>
    database.asWorker(async (stores) => {
      await useHost.own(stores, accountId, id)
      const at = clock.now()
      if (!(await stores.hostFetches.cancel(id, at)))
        throw errors.notFound({ what: 'open fetch of badges', id })
      await stores.accounts.record(accountId, {
        id: random.rowId(),
        at,
        action: 'connection.fetch_cancelled',
        detail: { connection: id },
      })
    }),
})
