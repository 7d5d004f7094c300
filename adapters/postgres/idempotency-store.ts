import { randomUUID } from 'node:crypto'
import { equalBytes } from '#engine/shared/bytes.ts'
import type { IdempotencyStore } from '#services/ports/idempotency.ts'
import type { PostgresDatabase } from './database.ts'
import { bytes } from './rows.ts'

/** A request that has said nothing for this long is taken to be dead. */
const DEAD_AFTER_MS = 60_000
const KEPT_MS = 24 * 3600 * 1000

interface Row {
  request_digest: Uint8Array
  ticket: string
  status: number | null
  headers: unknown
  body: Uint8Array | null
}

/** `now` in milliseconds; the row's own time, so that two processes agree. */
export function postgresIdempotencyStore(
  database: PostgresDatabase,
  now: () => number = Date.now,
): IdempotencyStore {
  return {
    begin: (scope, key, requestDigest) =>
      database.transaction('waarmerk_worker', '', async (tx) => {
        const ticket = randomUUID()
        const at = new Date(now())
        const dead = new Date(at.getTime() - DEAD_AFTER_MS)
        const old = new Date(at.getTime() - KEPT_MS)
        // A new key, one whose request died, or one that is too old to be kept: ours from here on.
        const [taken] = await tx.$queryRaw<{ ticket: string }[]>`
          INSERT INTO idempotency_key (scope, key, request_digest, ticket, created_at)
          VALUES (${scope}, ${key}, ${bytes(requestDigest)}, ${ticket}::uuid, ${at})
          ON CONFLICT (scope, key) DO UPDATE
          SET request_digest = excluded.request_digest, ticket = excluded.ticket, created_at = excluded.created_at,
              status = NULL, headers = NULL, body = NULL
          WHERE (idempotency_key.status IS NULL AND idempotency_key.created_at <= ${dead})
             OR idempotency_key.created_at <= ${old}
          RETURNING ticket::text`
        if (taken !== undefined) return { kind: 'new', ticket }
        const [row] = await tx.$queryRaw<Row[]>`
          SELECT request_digest, ticket::text, status, headers, body FROM idempotency_key
          WHERE scope = ${scope} AND key = ${key}`
        if (row === undefined) return { kind: 'in-progress' }
        if (!equalBytes(row.request_digest, requestDigest)) return { kind: 'mismatch' }
        if (row.status === null) return { kind: 'in-progress' }
        return {
          kind: 'replay',
          answer: {
            status: row.status,
            headers: row.headers as Record<string, string>,
            body: row.body ?? new Uint8Array(),
          },
        }
      }),
    complete: (scope, key, ticket, { status, headers, body }) =>
      database.transaction('waarmerk_worker', '', async (tx) => {
        await tx.$executeRaw`
          UPDATE idempotency_key SET status = ${status}, headers = ${JSON.stringify(headers)}::jsonb, body = ${bytes(body)}
          WHERE scope = ${scope} AND key = ${key} AND ticket = ${ticket}::uuid AND status IS NULL`
      }),
    abandon: (scope, key, ticket) =>
      database.transaction('waarmerk_worker', '', async (tx) => {
        await tx.$executeRaw`
          DELETE FROM idempotency_key WHERE scope = ${scope} AND key = ${key} AND ticket = ${ticket}::uuid AND status IS NULL`
      }),
  }
}
