import type pg from 'pg'
import { sha256 } from '#adapters/crypto/hashes.ts'
import {
  byteaArray,
  jsonbArray,
  textArray,
  timestamptzArray,
  uuidArray,
} from '#adapters/postgres/binary-arrays.ts'
import { identifierText } from '#engine/events/identifier.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { IncomingEvent } from '#services/events/ingest-events.ts'

/** What the rows name. */
export interface RowContext {
  readonly organisationId: OrganisationId
  readonly sourceId: string
  /** Subject by identifier. */
  readonly subjects: ReadonlyMap<string, string>
  rowId(): string
}

/** The parameters of the two statements, in their order: one array a column, encoded. */
export interface Columns {
  readonly key: readonly unknown[]
  readonly event: readonly unknown[]
}

/** The rows that ingesting these events would write. */
export function rowsOf(incoming: readonly IncomingEvent[], context: RowContext): Columns {
  const at = Date.now()
  const every = <T>(value: T) => incoming.map(() => value)
  const organisations = every(context.organisationId)
  const sources = every(context.sourceId)
  const times = every(at)
  const ids = incoming.map(() => context.rowId())
  const keys = incoming.map(({ event }) => event.sourceId)
  const raw = incoming.map(({ document }) => Buffer.from(utf8(canonicalJson(document))))
  const digests = raw.map((bytes) => Buffer.from(sha256(bytes)))
  return {
    key: [
      uuidArray(organisations),
      uuidArray(sources),
      textArray(keys),
      byteaArray(digests),
      uuidArray(ids),
      timestamptzArray(times),
    ],
    event: [
      uuidArray(organisations),
      timestamptzArray(times),
      uuidArray(ids),
      uuidArray(sources),
      textArray(keys),
      uuidArray(incoming.map(({ event }) => context.subjects.get(identifierText(event.actor)))),
      textArray(every('received')),
      textArray(incoming.map(({ event }) => event.type)),
      timestamptzArray(incoming.map(({ event }) => event.time)),
      jsonbArray(incoming.map(({ event }) => JSON.stringify(event))),
      byteaArray(raw),
      textArray(incoming.map(({ mediaType }) => mediaType)),
      byteaArray(digests),
    ],
  }
}

const INSERT_KEYS = `
  INSERT INTO event_key (organisation_id, source_id, source_event_id, digest, event_id, received_at)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::uuid[], $6::timestamptz[])`
const INSERT_EVENTS = `
  INSERT INTO event (organisation_id, received_at, id, source_id, source_event_id, subject_id, state, type, occurred_at,
                     normal, raw, media_type, digest)
  SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[],
                       $8::text[], $9::timestamptz[], $10::jsonb[], $11::bytea[], $12::text[], $13::bytea[])`

/** One transaction. */
export async function insertRows(client: pg.Client, { key, event }: Columns): Promise<void> {
  await client.query('BEGIN')
  await client.query({ name: 'keys', text: INSERT_KEYS, values: [...key] })
  await client.query({ name: 'events', text: INSERT_EVENTS, values: [...event] })
  await client.query('COMMIT')
}
