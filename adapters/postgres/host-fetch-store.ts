import type { HostConnectionId, HostFetchId } from '#engine/shared/ids.ts'
import type { Prisma, host_fetch as Row } from '#prisma'
import type { HostFetch, HostFetchStore, OpenHostFetch } from '#services/ports/host-fetch-store.ts'
import { date, dateOrNull, instant, instantOrNull, known, type Transaction } from './rows.ts'

const OPEN = ['queued', 'running']

export function hostFetchStore(tx: Transaction): HostFetchStore {
  return {
    begin: async (fetch) => {
      const { connectionId } = fetch
      // One after the other: of two that begin at once the second finds the first.
      await tx.$queryRaw`SELECT 1 FROM host_connection WHERE id = ${connectionId}::uuid FOR UPDATE`
      await tx.host_fetch.deleteMany({ where: { connection_id: connectionId, state: { notIn: OPEN } } })
      if ((await tx.host_fetch.count({ where: { connection_id: connectionId } })) > 0) return false
      await tx.host_fetch.create({
        data: {
          id: fetch.id,
          connection_id: connectionId,
          created_at: date(fetch.createdAt),
          ...columns(fetch),
        },
      })
      return true
    },
    find: async (connectionId) => {
      const row = await tx.host_fetch.findUnique({ where: { connection_id: connectionId } })
      return row === null ? undefined : toFetch(row)
    },
    ofConnections: async (ids) => {
      const rows = await tx.host_fetch.findMany({ where: { connection_id: { in: [...ids] } } })
      return new Map(rows.map((row) => [row.connection_id as HostConnectionId, toFetch(row)]))
    },
    claim: async (most, now, until) => {
      // One after the other: of two that look at once the second sees what the first has claimed.
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('host_fetch:claim', 0))::text`
      const rows = await tx.$queryRaw<{ id: string }[]>`
        WITH first_due AS (
          SELECT DISTINCT ON (c.account_id) f.id FROM host_fetch f JOIN host_connection c ON c.id = f.connection_id
          WHERE f.state IN ('queued', 'running') AND f.next_at <= ${date(now)} AND NOT EXISTS (
            SELECT 1 FROM host_fetch held JOIN host_connection own ON own.id = held.connection_id
            WHERE own.account_id = c.account_id AND held.state = 'running' AND held.next_at > ${date(now)})
          ORDER BY c.account_id, f.next_at, f.id)
        UPDATE host_fetch SET state = 'running', next_at = ${date(until)}, started_at = coalesce(started_at, ${date(now)})
        WHERE id IN (
          SELECT id FROM host_fetch
          WHERE id IN (SELECT id FROM first_due) AND state IN ('queued', 'running') AND next_at <= ${date(now)}
          ORDER BY next_at, id LIMIT ${most}::int FOR UPDATE SKIP LOCKED)
        RETURNING id::text`
      const found = await tx.host_fetch.findMany({ where: { id: { in: rows.map(({ id }) => id) } } })
      return found.map(toFetch).filter(isOpen)
    },
    save: async (before, after) => {
      const { count } = await tx.host_fetch.updateMany({
        where: { id: before.id, state: { in: OPEN }, next_at: date(before.nextAt) },
        data: columns(after),
      })
      return count === 1
    },
    noteStopped: async ({ id, nextAt, created, replaced, known, refused }) => {
      await tx.host_fetch.updateMany({
        where: { id, state: 'cancelled', next_at: date(nextAt) },
        data: { created, replaced, known, refused },
      })
    },
    cancel: async (connectionId, at) => {
      const { count } = await tx.host_fetch.updateMany({
        where: { connection_id: connectionId, state: { in: OPEN } },
        data: { state: 'cancelled', finished_at: date(at) },
      })
      return count === 1
    },
    nextDue: async () => {
      const row = await tx.host_fetch.findFirst({
        where: { state: { in: OPEN } },
        orderBy: { next_at: 'asc' },
      })
      return row === null ? undefined : instant(row.next_at)
    },
  }
}

const isOpen = (fetch: HostFetch): fetch is OpenHostFetch => OPEN.includes(fetch.state)

const columns = (fetch: HostFetch) => ({
  state: fetch.state,
  since: dateOrNull(fetch.since),
  next_offset: fetch.nextOffset,
  page_size: fetch.pageSize,
  total: fetch.total ?? null,
  created: fetch.created,
  replaced: fetch.replaced,
  known: fetch.known,
  refused: fetch.refused satisfies Prisma.InputJsonValue,
  host_time: dateOrNull(fetch.hostTime),
  attempts: fetch.attempts,
  error_code: fetch.state === 'failed' ? fetch.error.code : null,
  error_reason: fetch.state === 'failed' ? (fetch.error.reason ?? null) : null,
  started_at: dateOrNull(fetch.startedAt),
  finished_at: 'finishedAt' in fetch ? date(fetch.finishedAt) : null,
  next_at: date(fetch.nextAt),
})

function toFetch(row: Row): HostFetch {
  const base = {
    ...known({
      since: instantOrNull(row.since),
      total: row.total,
      hostTime: instantOrNull(row.host_time),
      startedAt: instantOrNull(row.started_at),
    }),
    id: row.id as HostFetchId,
    connectionId: row.connection_id as HostConnectionId,
    nextOffset: row.next_offset,
    pageSize: row.page_size,
    created: row.created,
    replaced: row.replaced,
    known: row.known,
    refused: row.refused as Readonly<Record<string, number>>,
    attempts: row.attempts,
    createdAt: instant(row.created_at),
    nextAt: instant(row.next_at),
  }
  // The checks of the table say which columns are there in which state.
  const { finished_at: finished, error_code: code } = row
  if (finished === null) return { ...base, state: row.state as OpenHostFetch['state'] }
  const finishedAt = instant(finished)
  if (code === null) return { ...base, state: row.state as 'done' | 'cancelled', finishedAt }
  return { ...base, state: 'failed', finishedAt, error: { code, ...known({ reason: row.error_reason }) } }
}
