import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { EventId, OrganisationId, SourceId, SubjectId } from '#engine/shared/ids.ts'
import type { event as EventTableRow, source as SourceRow } from '#prisma'
import type {
  EventMention,
  EventRow,
  EventState,
  EventStore,
  KeyAnswer,
  ReceivedEvent,
  Source,
} from '#services/ports/event-store.ts'
import { after, instant, instantOrNull, known, page, type Transaction } from './rows.ts'

export function eventStore(tx: Transaction): EventStore {
  return {
    sourceOf: async (organisationId, uri, newId) => {
      await tx.source.createMany({
        data: { organisation_id: organisationId, id: newId, uri, name: uri },
        skipDuplicates: true,
      })
      return toSource(
        await tx.source.findUniqueOrThrow({
          where: { organisation_id_uri: { organisation_id: organisationId, uri } },
        }),
      )
    },
    sources: async (organisationId) =>
      (
        await tx.source.findMany({
          where: { organisation_id: organisationId },
          orderBy: { created_at: 'asc' },
        })
      ).map(toSource),
    insertSource: async ({ organisationId, id, uri, name, createsSubjects }) => {
      const { count } = await tx.source.createMany({
        data: { organisation_id: organisationId, id, uri, name, creates_subjects: createsSubjects },
        skipDuplicates: true,
      })
      return count === 1
    },
    updateSource: async (organisationId, id, { name, createsSubjects }) => {
      const where = { organisation_id: organisationId, id }
      await tx.source.updateMany({
        where,
        data: {
          ...(name === undefined ? {} : { name }),
          ...(createsSubjects === undefined ? {} : { creates_subjects: createsSubjects }),
        },
      })
      const row = await tx.source.findFirst({ where })
      return row === null ? undefined : toSource(row)
    },

    takeKeys: async (events) => {
      if (events.length === 0) return []
      const columns = {
        organisations: events.map((each) => each.organisationId),
        sources: events.map((each) => each.sourceId),
        keys: events.map((each) => each.event.sourceId),
        ids: events.map((each) => each.id),
      }
      // In key order, so that two batches with the same events cannot wait for each other.
      const fresh = await tx.$queryRaw<{ event_id: string }[]>`
        INSERT INTO event_key (organisation_id, source_id, source_event_id, digest, event_id, received_at)
        SELECT * FROM unnest(
          ${columns.organisations}::uuid[], ${columns.sources}::uuid[], ${columns.keys}::text[],
          ${events.map((each) => Buffer.from(each.digest))}::bytea[], ${columns.ids}::uuid[],
          ${events.map((each) => new Date(each.receivedAt))}::timestamptz[]
        ) AS new (organisation_id, source_id, source_event_id, digest, event_id, received_at)
        ORDER BY source_id, source_event_id
        ON CONFLICT (organisation_id, source_id, source_event_id) DO NOTHING
        RETURNING event_id::text`
      const isFresh = new Set(fresh.map((row) => row.event_id))
      const taken = await tx.$queryRaw<
        { source_id: string; source_event_id: string; event_id: string; digest: Uint8Array }[]
      >`
        SELECT source_id::text, event_key.source_event_id, event_id::text, digest
        FROM event_key JOIN unnest(${columns.organisations}::uuid[], ${columns.sources}::uuid[], ${columns.keys}::text[])
          AS wanted (organisation_id, source_id, source_event_id) USING (organisation_id, source_id, source_event_id)`
      const holder = new Map(taken.map((row) => [`${row.source_id}:${row.source_event_id}`, row]))
      return events.map((each): KeyAnswer => {
        if (isFresh.has(each.id)) return { kind: 'fresh' }
        const row = holder.get(`${each.sourceId}:${each.event.sourceId}`)
        if (row === undefined) throw new Error('An event key that is taken has no holder.')
        return { kind: 'taken', eventId: row.event_id as EventId, digest: row.digest }
      })
    },
    subjectsOf: async (organisationId, keys) => {
      if (keys.length === 0) return new Map()
      const rows = await tx.$queryRaw<{ source_id: string; source_event_id: string; subject_id: string }[]>`
        SELECT wanted.source_id::text, wanted.source_event_id, event.subject_id::text
        FROM unnest(${keys.map((key) => key.sourceId)}::uuid[], ${keys.map((key) => key.sourceEventId)}::text[])
          AS wanted (source_id, source_event_id)
        JOIN event_key key ON key.organisation_id = ${organisationId}::uuid
          AND key.source_id = wanted.source_id AND key.source_event_id = wanted.source_event_id
        JOIN event ON event.received_at = key.received_at AND event.id = key.event_id
        WHERE event.subject_id IS NOT NULL`
      return new Map(
        rows.map((row) => [`${row.source_id}:${row.source_event_id}`, row.subject_id as SubjectId]),
      )
    },
    insert: async (events) => {
      if (events.length === 0) return
      await tx.$executeRaw`
        INSERT INTO event (organisation_id, received_at, id, source_id, source_event_id, subject_id, state, quarantine_code,
                           type, occurred_at, normal, raw, media_type, digest)
        SELECT organisation_id, received_at, id, source_id, source_event_id, subject_id,
               CASE WHEN quarantine_code IS NULL THEN 'received' ELSE 'quarantined' END, quarantine_code,
               type, occurred_at, normal::jsonb, raw, media_type, digest
        FROM unnest(
          ${events.map((each) => each.organisationId)}::uuid[], ${events.map((each) => new Date(each.receivedAt))}::timestamptz[],
          ${events.map((each) => each.id)}::uuid[], ${events.map((each) => each.sourceId)}::uuid[],
          ${events.map((each) => each.event.sourceId)}::text[], ${events.map((each) => each.subjectId ?? null)}::uuid[],
          ${events.map((each) => each.quarantineCode ?? null)}::text[], ${events.map((each) => each.event.type)}::text[],
          ${events.map((each) => new Date(each.event.time))}::timestamptz[], ${events.map((each) => JSON.stringify(each.event))}::text[],
          ${events.map((each) => Buffer.from(each.raw))}::bytea[], ${events.map((each) => each.mediaType)}::text[],
          ${events.map((each) => Buffer.from(each.digest))}::bytea[]
        ) AS new (organisation_id, received_at, id, source_id, source_event_id, subject_id, quarantine_code,
                  type, occurred_at, normal, raw, media_type, digest)`
    },

    find: async (organisationId, id) => {
      const row = await tx.event.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : toEvent(row)
    },
    findMany: async (organisationId, ids) =>
      ids.length === 0
        ? []
        : (
            await tx.$queryRaw<EventTableRow[]>`
              SELECT * FROM event WHERE organisation_id = ${organisationId}::uuid AND id = ANY(${ids}::uuid[])`
          ).map(toEvent),
    mentions: async (organisationId, ids) => {
      if (ids.length === 0) return new Map()
      const rows = await tx.event.findMany({
        where: { organisation_id: organisationId, id: { in: [...ids] } },
        select: { id: true, normal: true },
      })
      return new Map(
        rows.map(({ id, normal }): [EventId, EventMention] => {
          const { type, time, activity, source } = normal as unknown as LearningEvent
          return [id as EventId, { type, time, source, ...(activity === undefined ? {} : { activity }) }]
        }),
      )
    },
    list: async (organisationId, request, { state, subjectId, parked }) => {
      const rows = await tx.event.findMany({
        where: {
          organisation_id: organisationId,
          ...(state === undefined ? {} : { state }),
          ...(subjectId === undefined ? {} : { subject_id: subjectId }),
          ...(parked === undefined ? {} : { parked_at: parked ? { not: null } : null }),
          ...after('received_at', request),
        },
        orderBy: [{ received_at: 'desc' }, { id: 'desc' }],
        take: request.limit + 1,
      })
      return page(rows.map(toEvent), request.limit, (each) => each.receivedAt)
    },
    received: async (organisationId, subjectId, request) => {
      const rows = await tx.event.findMany({
        where: {
          organisation_id: organisationId,
          subject_id: subjectId,
          state: { not: 'quarantined' },
          ...after('received_at', request),
        },
        orderBy: [{ received_at: 'desc' }, { id: 'desc' }],
        take: request.limit + 1,
      })
      const received = rows.map(
        (row): ReceivedEvent => ({
          ...toEvent(row),
          raw: row.raw,
          mediaType: row.media_type,
          digest: row.digest,
        }),
      )
      return page(received, request.limit, (each) => each.receivedAt)
    },
    counts: async (organisationId) => {
      const rows = await tx.event.groupBy({
        by: ['state'],
        where: { organisation_id: organisationId },
        _count: true,
      })
      const counted = Object.fromEntries(rows.map((row) => [row.state, row._count]))
      return { received: 0, evaluated: 0, unmatched: 0, quarantined: 0, ...counted }
    },
    types: async (organisationId) => {
      // Not Prisma's `distinct`, which reads every row into memory.
      const rows = await tx.$queryRaw<{ type: string }[]>`
        SELECT DISTINCT type FROM event WHERE organisation_id = ${organisationId}::uuid LIMIT 1000`
      return rows.map(({ type }) => type)
    },
    retry: async (organisationId, id) => {
      const { count } = await tx.event.updateMany({
        where: { organisation_id: organisationId, id, parked_at: { not: null } },
        data: BACK,
      })
      return count === 1
    },
    retryParked: (organisationId, { code, type }, limit) => tx.$executeRaw`
        UPDATE event SET attempts = 0, next_attempt_at = NULL, parked_at = NULL
        FROM (
          SELECT received_at, id FROM event
          WHERE organisation_id = ${organisationId}::uuid AND parked_at IS NOT NULL
            AND (${code ?? null}::text IS NULL OR error_code = ${code ?? null}::text)
            AND (${type ?? null}::text IS NULL OR type = ${type ?? null}::text)
          ORDER BY received_at DESC, id DESC LIMIT ${limit} FOR UPDATE
        ) AS parked
        WHERE event.received_at = parked.received_at AND event.id = parked.id`,
    release: async (organisationId, id, subjectId) => {
      const { count } = await tx.event.updateMany({
        where: { organisation_id: organisationId, id, state: 'quarantined' },
        data: { state: 'received', quarantine_code: null, subject_id: subjectId },
      })
      return count === 1
    },
  }
}

const BACK = { attempts: 0, next_attempt_at: null, parked_at: null }

const toSource = (row: SourceRow): Source => ({
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as SourceId,
  uri: row.uri,
  name: row.name,
  createsSubjects: row.creates_subjects,
})

const toEvent = (row: EventTableRow): EventRow => ({
  ...known({
    quarantineCode: row.quarantine_code,
    subjectId: row.subject_id as SubjectId | null,
    evaluatedAt: instantOrNull(row.evaluated_at),
    parkedAt: instantOrNull(row.parked_at),
    failure:
      row.error_code === null || row.state !== 'received'
        ? null
        : {
            ...known({ nextAt: instantOrNull(row.parked_at === null ? row.next_attempt_at : null) }),
            attempts: row.attempts,
            code: row.error_code,
          },
  }),
  id: row.id as EventId,
  receivedAt: instant(row.received_at),
  state: row.state as EventState,
  event: row.normal as unknown as LearningEvent,
})
