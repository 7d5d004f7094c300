import type { AccountId, HostConnectionId } from '#engine/shared/ids.ts'
import type { Prisma, host_connection as Row } from '#prisma'
import type { HostDescription } from '#services/ports/badge-host.ts'
import type { HostConnection, HostConnectionStore } from '#services/ports/host-connection-store.ts'
import { bytes, date, dateOrNull, instant, instantOrNull, known, type Transaction } from './rows.ts'

export function hostConnectionStore(tx: Transaction): HostConnectionStore {
  const find = async (id: HostConnectionId): Promise<HostConnection | undefined> => {
    const row = await tx.host_connection.findUnique({ where: { id } })
    return row === null ? undefined : toConnection(row)
  }
  return {
    insert: async (connection) => {
      await tx.host_connection.create({
        data: {
          id: connection.id,
          account_id: connection.accountId,
          base_url: connection.baseUrl,
          created_at: date(connection.createdAt),
          ...columns(connection),
        },
      })
    },
    find,
    lock: async (id) => {
      await tx.$queryRaw`SELECT 1 FROM host_connection WHERE id = ${id}::uuid FOR NO KEY UPDATE`
      return find(id)
    },
    ofAccount: async (accountId) =>
      (
        await tx.host_connection.findMany({
          where: { account_id: accountId, state: { not: 'ended' } },
          orderBy: [{ created_at: 'desc' }, { id: 'desc' }],
        })
      ).map(toConnection),
    replace: async (before, after) => {
      const { count } = await tx.host_connection.updateMany({
        where: { id: before.id, state: before.state, sealed: bytes(before.sealed) },
        data: columns(after),
      })
      return count === 1
    },
    claimRenewal: async ({ id, sealed }, ms) => {
      // One clock for all processes.
      const [row] = await tx.$queryRaw<{ renewing_until: Date }[]>`
        UPDATE host_connection SET renewing_until = now() + ${ms}::int * interval '1 millisecond'
        WHERE id = ${id}::uuid AND state = 'connected' AND sealed = ${bytes(sealed)}
          AND (renewing_until IS NULL OR renewing_until <= now())
        RETURNING renewing_until`
      return row === undefined ? undefined : instant(row.renewing_until)
    },
    renew: async ({ id, sealed }, fresh) => {
      const { count } = await tx.host_connection.updateMany({
        where: { id, state: 'connected', sealed: bytes(sealed) },
        data: { sealed: bytes(fresh), renewing_until: null },
      })
      return count === 1
    },
    giveUpRenewal: async (id, until) => {
      await tx.host_connection.updateMany({
        where: { id, renewing_until: date(until) },
        data: { renewing_until: null },
      })
    },
    fetched: async (id, at, news) => {
      await tx.host_connection.updateMany({
        where: { id },
        data: {
          fetched_at: date(at),
          ...(news === undefined ? {} : { fetched_since: date(news.since), fetched_total: news.total }),
        },
      })
    },
  }
}

const columns = (connection: HostConnection) => ({
  name: connection.name,
  state: connection.state,
  description: connection.description as unknown as Prisma.InputJsonValue,
  scopes: [...connection.scopes],
  state_hash: connection.state === 'asked' ? bytes(connection.stateHash) : null,
  expires_at: connection.state === 'asked' ? date(connection.expiresAt) : null,
  sealed: connection.state === 'ended' ? null : bytes(connection.sealed),
  connected_at: dateOrNull(connection.connectedAt),
  ended_at: connection.state === 'ended' ? date(connection.endedAt) : null,
  renewing_until: null,
  ...(connection.state === 'asked' ? { fetched_since: null, fetched_total: null } : {}),
})

function toConnection(row: Row): HostConnection {
  const base = {
    ...known({
      connectedAt: instantOrNull(row.connected_at),
      fetchedAt: instantOrNull(row.fetched_at),
      fetchedSince: instantOrNull(row.fetched_since),
      fetchedTotal: row.fetched_total,
    }),
    id: row.id as HostConnectionId,
    accountId: row.account_id as AccountId,
    baseUrl: row.base_url,
    name: row.name,
    description: row.description as unknown as HostDescription,
    scopes: row.scopes,
    createdAt: instant(row.created_at),
  }
  // The checks of the table say which columns are there in which state.
  const { state_hash: stateHash, expires_at: expires, sealed, ended_at: ended } = row
  if (row.state === 'ended' && ended !== null) return { ...base, state: 'ended', endedAt: instant(ended) }
  if (sealed === null) throw new Error(`The connection ${row.id} has no secrets.`)
  if (stateHash !== null && expires !== null)
    return { ...base, state: 'asked', stateHash, sealed, expiresAt: instant(expires) }
  return { ...base, state: row.state as 'connected' | 'lost', sealed }
}
