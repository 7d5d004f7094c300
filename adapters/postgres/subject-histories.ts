import type { EvidenceEvent } from '#engine/decisions/decision-document.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { toHex } from '#engine/shared/bytes.ts'
import type { EventId, JobId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { SubjectHistories } from '#services/ports/evaluation-store.ts'
import { type EventFields, storedEvent } from './evaluated-event.ts'
import { date, known, type Transaction } from './rows.ts'

/** Events by the people whom they concern, as rules see them. */
export function subjectHistories(tx: Transaction): SubjectHistories {
  return {
    saveRecipients: async (organisationId, recipients) => {
      if (recipients.length === 0) return []
      const rows = await tx.$queryRaw<{ subject_id: string; event_id: string; path: string }[]>`
        INSERT INTO event_recipient (organisation_id, subject_id, event_id, path)
        SELECT ${organisationId}::uuid, subject_id, event_id, path
        FROM unnest(${recipients.map(({ subjectId }) => subjectId)}::uuid[], ${recipients.map(({ eventId }) => eventId)}::uuid[], ${recipients.map(({ path }) => path)}::text[])
          AS new (subject_id, event_id, path)
        -- In one order, so that two who find the same people cannot wait for each other.
        ORDER BY subject_id, event_id, path
        ON CONFLICT DO NOTHING RETURNING subject_id::text, event_id::text, path`
      return rows.map((row) => ({
        subjectId: row.subject_id as SubjectId,
        eventId: row.event_id as EventId,
        path: row.path,
      }))
    },
    namedInVoided: async (organisationId, voids) => {
      if (voids.length === 0) return []
      const rows = await tx.$queryRaw<{ void_id: string; subject_id: string; path: string }[]>`
        SELECT DISTINCT void.id::text AS void_id, named.subject_id::text, named.path
        FROM unnest(${voids.map(({ id }) => id)}::uuid[], ${voids.map(({ source }) => source)}::text[], ${voids.map((each) => each.voids ?? '')}::text[])
          AS void (id, source, voids)
        JOIN source ON source.organisation_id = ${organisationId}::uuid AND source.uri = void.source
        JOIN event_key key ON key.organisation_id = source.organisation_id AND key.source_id = source.id
          AND key.source_event_id = void.voids
        JOIN event_recipient named ON named.organisation_id = source.organisation_id AND named.event_id = key.event_id`
      return rows.map((row) => ({
        eventId: row.void_id as EventId,
        subjectId: row.subject_id as SubjectId,
        path: row.path,
      }))
    },
    historySizes: async (organisationId, subjectIds) => {
      const rows = await tx.$queryRaw<{ subject_id: string; n: number }[]>`
        SELECT subject_id::text, count(*)::int AS n FROM (
          SELECT subject_id FROM event
          WHERE organisation_id = ${organisationId}::uuid AND subject_id = ANY(${[...subjectIds]}::uuid[])
          UNION ALL
          SELECT subject_id FROM event_recipient
          WHERE organisation_id = ${organisationId}::uuid AND subject_id = ANY(${[...subjectIds]}::uuid[])
        ) AS concerned GROUP BY subject_id`
      return new Map(rows.map((row) => [row.subject_id as SubjectId, row.n]))
    },
    history: async (organisationId, subjectId) =>
      (await histories(tx, organisationId, [subjectId])).get(subjectId) ?? [],
    histories: (organisationId, subjectIds, claimed) =>
      histories(tx, organisationId, subjectIds, { claimed }),
    historiesFor: ({ organisationId, id }, subjectIds) =>
      histories(tx, organisationId, subjectIds, { jobId: id }),
    evaluatedSince: async (organisationId, ids, since) => {
      if (ids.length === 0) return new Set()
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT event.id::text FROM event_key key
        JOIN event ON event.received_at = key.received_at AND event.id = key.event_id
        WHERE key.organisation_id = ${organisationId}::uuid AND key.event_id = ANY(${[...ids]}::uuid[])
          AND (event.evaluated_at IS NULL OR event.evaluated_at >= ${date(since)})`
      return new Set(rows.map(({ id }) => id as EventId))
    },
    evidence: async (organisationId, subjectIds, ids) => {
      if (ids.length === 0) return new Map()
      // By subject, because that is how events are found; their ids alone would be looked for in every month.
      const rows = await tx.$queryRaw<
        { id: string; source: string; source_event_id: string; digest: Uint8Array }[]
      >`
        SELECT id::text, normal->>'source' AS source, source_event_id, digest FROM event
        WHERE organisation_id = ${organisationId}::uuid AND subject_id = ANY(${[...subjectIds]}::uuid[])
          AND id = ANY(${[...ids]}::uuid[])
        UNION
        SELECT event.id::text, normal->>'source', event.source_event_id, event.digest
        FROM event_recipient named
        JOIN event_key key ON key.event_id = named.event_id
        JOIN event ON event.received_at = key.received_at AND event.id = key.event_id
        WHERE named.organisation_id = ${organisationId}::uuid AND named.subject_id = ANY(${[...subjectIds]}::uuid[])
          AND named.event_id = ANY(${[...ids]}::uuid[])`
      return new Map(
        rows.map((row): [EventId, EvidenceEvent] => [
          row.id as EventId,
          {
            id: row.id as EventId,
            source: row.source,
            sourceId: row.source_event_id,
            digest: toHex(row.digest),
          },
        ]),
      )
    },
    recent: async (organisationId, since, limit) => {
      const rows = await tx.$queryRaw<EventFields[]>`
        SELECT organisation_id::text, received_at, id::text, subject_id::text, normal FROM event
        WHERE organisation_id = ${organisationId}::uuid AND received_at >= ${date(since)} AND subject_id IS NOT NULL
        ORDER BY received_at DESC, id DESC LIMIT ${limit}`
      return rows.map(storedEvent)
    },
  }
}

async function histories(
  tx: Transaction,
  organisationId: OrganisationId,
  subjectIds: readonly SubjectId[],
  { claimed = [], jobId }: { readonly claimed?: readonly EventId[] | undefined; readonly jobId?: JobId } = {},
): Promise<ReadonlyMap<SubjectId, readonly StoredEvent[]>> {
  // An event that fails would make every look at the history fail: it counts when it was evaluated itself, or is now.
  const rows = await tx.$queryRaw<(EventFields & { recipient: string | null })[]>`
    WITH named AS (
      SELECT organisation_id, subject_id, event_id, path FROM event_recipient
      WHERE ${jobId ?? null}::uuid IS NULL
        AND organisation_id = ${organisationId}::uuid AND subject_id = ANY(${[...subjectIds]}::uuid[])
      UNION ALL
      SELECT organisation_id, subject_id, event_id, path FROM job_recipient
      WHERE job_id = ${jobId ?? null}::uuid
        AND organisation_id = ${organisationId}::uuid AND subject_id = ANY(${[...subjectIds]}::uuid[])
    )
    SELECT organisation_id::text, received_at, id::text, subject_id::text, normal, recipient FROM (
      SELECT organisation_id, received_at, id, subject_id, normal, NULL AS recipient, occurred_at, state, attempts FROM event
      WHERE organisation_id = ${organisationId}::uuid AND subject_id = ANY(${[...subjectIds]}::uuid[])
      UNION ALL
      SELECT named.organisation_id, event.received_at, event.id, named.subject_id, normal, path, occurred_at, state, attempts
      FROM named
      JOIN event_key key ON key.event_id = named.event_id
      JOIN event ON event.received_at = key.received_at AND event.id = key.event_id
      UNION ALL
      -- What takes back an event that names somebody is kept with its actor.
      SELECT named.organisation_id, void.received_at, void.id, named.subject_id, void.normal, path, void.occurred_at, void.state, void.attempts
      FROM named
      JOIN event_key key ON key.event_id = named.event_id
      JOIN event ON event.received_at = key.received_at AND event.id = key.event_id
      JOIN event void ON void.organisation_id = named.organisation_id AND void.subject_id = event.subject_id
        AND void.normal->>'voids' IS NOT NULL
        AND void.normal->>'voids' = event.source_event_id AND void.normal->>'source' = event.normal->>'source'
    ) AS history
    WHERE state <> 'quarantined' AND (NOT (state = 'received' AND attempts > 0) OR id = ANY(${[...claimed]}::uuid[]))
    ORDER BY occurred_at, id`
  const found = new Map<SubjectId, StoredEvent[]>(subjectIds.map((id) => [id, []]))
  for (const row of rows)
    found
      .get(row.subject_id as SubjectId)
      ?.push({ ...storedEvent(row), ...known({ recipient: row.recipient }) })
  return found
}
