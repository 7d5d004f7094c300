import { identifierText } from '#engine/events/identifier.ts'
import type { EventId, SourceId, SubjectId, UnitId } from '#engine/shared/ids.ts'
import type { EventIntake, IntakeSource, KeyAnswer, NewEvent } from '#services/ports/event-intake.ts'
import { byteaArray, jsonbArray, textArray, timestamptzArray, uuidArray } from './binary-arrays.ts'
import type { Sql } from './sql.ts'
import { createSubjects } from './subject-identifiers.ts'

export function eventIntake(sql: Sql, organisationId: string): EventIntake {
  return {
    look: async (uris, people) => {
      // One row: the people in the order asked for, by commas, with nothing between them for one who is unknown.
      // Each is looked up by itself: a join would read all people of the organisation where statistics are missing.
      const [row] = await sql.$queryRaw<
        { root: string | null; sources: readonly SourceFields[] | null; subjects: string | null }[]
      >`
        SELECT (SELECT id::text FROM unit WHERE organisation_id = ${organisationId}::uuid AND parent_id IS NULL) AS root,
               (SELECT json_agg(json_build_object('id', id, 'uri', uri, 'creates_subjects', creates_subjects))
                FROM source WHERE organisation_id = ${organisationId}::uuid AND uri = ANY (${textArray(uris)}::text[])) AS sources,
               (SELECT string_agg(coalesce((
                  SELECT subject.canonical_id::text FROM subject_identifier identifier
                  JOIN subject ON subject.organisation_id = identifier.organisation_id AND subject.id = identifier.subject_id
                  WHERE identifier.organisation_id = ${organisationId}::uuid
                    AND identifier.type = wanted.type AND identifier.value = wanted.value
                ), ''), ',' ORDER BY wanted.place)
                FROM unnest(${textArray(people.map(({ type }) => type))}::text[], ${textArray(people.map(({ value }) => value))}::text[])
                  WITH ORDINALITY AS wanted (type, value, place)) AS subjects`
      const found = row?.subjects?.split(',') ?? []
      return {
        rootUnit: (row?.root ?? undefined) as UnitId | undefined,
        sources: byUri(row?.sources ?? []),
        subjects: new Map(
          people.flatMap((person, place): [string, SubjectId][] => {
            const id = found[place]
            return id === undefined || id === '' ? [] : [[identifierText(person), id as SubjectId]]
          }),
        ),
      }
    },
    createSources: async (wanted) => {
      // In one order everywhere, so that two batches with the same new sources cannot wait for each other.
      const sorted = [...wanted].sort((a, b) => (a.uri < b.uri ? -1 : 1))
      const uris = textArray(sorted.map(({ uri }) => uri))
      await sql.$executeRaw`
        INSERT INTO source (organisation_id, id, uri, name)
        SELECT ${organisationId}::uuid, id, uri, uri
        FROM unnest(${uuidArray(sorted.map(({ id }) => id))}::uuid[], ${uris}::text[]) AS new (id, uri)
        ON CONFLICT (organisation_id, uri) DO NOTHING`
      return byUri(
        await sql.$queryRaw<SourceFields[]>`
          SELECT id::text, uri, creates_subjects FROM source
          WHERE organisation_id = ${organisationId}::uuid AND uri = ANY (${uris}::text[])`,
      )
    },
    createSubjects: (wanted) => createSubjects(sql, organisationId, wanted),
    subjectsOf: async (keys) => {
      const rows = await sql.$queryRaw<{ source_id: string; source_event_id: string; subject_id: string }[]>`
        SELECT wanted.source_id::text, wanted.source_event_id, event.subject_id::text
        FROM unnest(${uuidArray(keys.map((key) => key.sourceId))}::uuid[], ${textArray(keys.map((key) => key.sourceEventId))}::text[])
          AS wanted (source_id, source_event_id)
        JOIN event_key key ON key.organisation_id = ${organisationId}::uuid
          AND key.source_id = wanted.source_id AND key.source_event_id = wanted.source_event_id
        JOIN event ON event.received_at = key.received_at AND event.id = key.event_id
        WHERE event.subject_id IS NOT NULL`
      return new Map(rows.map((row) => [keyText(row), row.subject_id as SubjectId]))
    },
    store: async (events, receivedAt) => {
      if (events.length === 0) return []
      // In key order, so that two batches with the same events cannot wait for each other.
      const taken = await sql.$queryRaw<{ id: string }[]>`
        WITH new AS MATERIALIZED (
          SELECT * FROM unnest(
            ${uuidArray(events.map((each) => each.id))}::uuid[],
            ${uuidArray(events.map((each) => each.sourceId))}::uuid[],
            ${textArray(events.map((each) => each.event.sourceId))}::text[],
            ${uuidArray(events.map((each) => each.subjectId))}::uuid[],
            ${textArray(events.map((each) => each.quarantineCode))}::text[],
            ${textArray(events.map((each) => each.event.type))}::text[],
            ${timestamptzArray(events.map((each) => each.event.time))}::timestamptz[],
            ${jsonbArray(events.map((each) => JSON.stringify(each.event)))}::jsonb[],
            ${byteaArray(events.map((each) => each.raw))}::bytea[],
            ${textArray(events.map((each) => each.mediaType))}::text[],
            ${byteaArray(events.map((each) => each.digest))}::bytea[]
          ) AS new (id, source_id, source_event_id, subject_id, quarantine_code, type, occurred_at, normal, raw, media_type, digest)
        ), fresh AS (
          INSERT INTO event_key (organisation_id, source_id, source_event_id, digest, event_id, received_at)
          SELECT ${organisationId}::uuid, source_id, source_event_id, digest, id, ${new Date(receivedAt)}::timestamptz
          FROM new ORDER BY source_id, source_event_id
          ON CONFLICT (organisation_id, source_id, source_event_id) DO NOTHING
          RETURNING event_id
        ), stored AS (
          INSERT INTO event (organisation_id, received_at, id, source_id, source_event_id, subject_id, state, quarantine_code,
                             type, occurred_at, normal, raw, media_type, digest)
          SELECT ${organisationId}::uuid, ${new Date(receivedAt)}::timestamptz, id, source_id, source_event_id, subject_id,
                 CASE WHEN quarantine_code IS NULL THEN 'received' ELSE 'quarantined' END, quarantine_code,
                 type, occurred_at, normal, raw, media_type, digest
          FROM new WHERE id IN (SELECT event_id FROM fresh)
        )
        SELECT id::text FROM new WHERE id NOT IN (SELECT event_id FROM fresh)`
      if (taken.length === 0) return events.map(() => ({ kind: 'fresh' }))
      return answersOf(events, new Set(taken.map(({ id }) => id)))
    },
  }

  /** A statement of its own: only now are the rows visible of whoever was faster. */
  async function answersOf(events: readonly NewEvent[], isTaken: ReadonlySet<string>): Promise<KeyAnswer[]> {
    const taken = events.filter(({ id }) => isTaken.has(id))
    const rows = await sql.$queryRaw<
      { source_id: string; source_event_id: string; event_id: string; digest: Uint8Array }[]
    >`
      SELECT source_id::text, source_event_id, event_id::text, digest
      FROM event_key JOIN unnest(${uuidArray(taken.map(({ sourceId }) => sourceId))}::uuid[], ${textArray(taken.map(({ event }) => event.sourceId))}::text[])
        AS wanted (source_id, source_event_id) USING (source_id, source_event_id)
      WHERE organisation_id = ${organisationId}::uuid`
    const holders = new Map(rows.map((row) => [keyText(row), row]))
    return events.map(({ id, sourceId, event }): KeyAnswer => {
      if (!isTaken.has(id)) return { kind: 'fresh' }
      const holder = holders.get(keyText({ source_id: sourceId, source_event_id: event.sourceId }))
      if (holder === undefined) throw new Error('An event key that is taken has no holder.')
      return { kind: 'taken', eventId: holder.event_id as EventId, digest: holder.digest }
    })
  }
}

interface SourceFields {
  readonly id: string
  readonly uri: string
  readonly creates_subjects: boolean
}

const byUri = (rows: readonly SourceFields[]): ReadonlyMap<string, IntakeSource> =>
  new Map(
    rows.map(({ id, uri, creates_subjects }) => [
      uri,
      { id: id as SourceId, createsSubjects: creates_subjects },
    ]),
  )

const keyText = (key: { readonly source_id: string; readonly source_event_id: string }): string =>
  `${key.source_id}:${key.source_event_id}`
