import type { LearningEvent } from '#engine/events/learning-event.ts'
import { ACTOR } from '#engine/rules/compile/event-actor.ts'
import type { EventId, OrganisationId, SourceId, SubjectId } from '#engine/shared/ids.ts'
import type { event as EventTableRow, Prisma, source as SourceRow } from '#prisma'
import type {
  EventMention,
  EventRow,
  EventState,
  EventStore,
  ReceivedEvent,
  Source,
} from '#services/ports/event-store.ts'
import { instant, instantOrNull, known, newestFirst, page, type Transaction } from './rows.ts'

export function eventStore(tx: Transaction): EventStore {
  return {
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
      const rows = await tx.event.findMany(
        newestFirst<Prisma.eventWhereInput>('received_at', request, {
          organisation_id: organisationId,
          ...(state === undefined ? {} : { state }),
          ...(subjectId === undefined ? {} : { subject_id: subjectId }),
          ...(parked === undefined ? {} : { parked_at: parked ? { not: null } : null }),
        }),
      )
      return page(rows.map(toEvent), request.limit, (each) => each.receivedAt)
    },
    named: async (organisationId, id) => {
      const rows = await tx.event_recipient.findMany({
        where: { organisation_id: organisationId, event_id: id },
        orderBy: [{ path: 'asc' }, { subject_id: 'asc' }],
      })
      return rows.map((row) => ({ subjectId: row.subject_id as SubjectId, path: row.path }))
    },
    received: async (organisationId, subjectId, { limit, after }) => {
      const before = after === undefined ? null : new Date(after.at)
      const last = after?.id ?? null
      const rows = await tx.$queryRaw<(EventTableRow & { recipients: string[] })[]>`
        WITH named AS (
          SELECT key.received_at, key.event_id, named.path FROM event_recipient named
          JOIN event_key key ON key.event_id = named.event_id
          WHERE named.organisation_id = ${organisationId}::uuid AND named.subject_id = ${subjectId}::uuid
        ), reached AS (
          (SELECT received_at, id, ${ACTOR} AS path FROM event
           WHERE organisation_id = ${organisationId}::uuid AND subject_id = ${subjectId}::uuid AND state <> 'quarantined'
             AND (${before}::timestamptz IS NULL OR (received_at, id) < (${before}::timestamptz, ${last}::uuid))
           ORDER BY received_at DESC, id DESC LIMIT ${limit + 1}::int)
          UNION
          SELECT received_at, event_id, path FROM named
          UNION
          -- What takes back an event that names somebody is kept with its actor.
          SELECT void.received_at, void.id, named.path FROM named
          JOIN event ON event.received_at = named.received_at AND event.id = named.event_id
          JOIN event void ON void.organisation_id = event.organisation_id AND void.subject_id = event.subject_id
            AND void.state <> 'quarantined' AND void.normal->>'voids' IS NOT NULL
            AND void.normal->>'voids' = event.source_event_id AND void.normal->>'source' = event.normal->>'source'
        ), shown AS (
          SELECT received_at, id, array_agg(path ORDER BY path <> ${ACTOR}, path) AS recipients FROM reached
          WHERE ${before}::timestamptz IS NULL OR (received_at, id) < (${before}::timestamptz, ${last}::uuid)
          GROUP BY received_at, id ORDER BY received_at DESC, id DESC LIMIT ${limit + 1}::int
        )
        SELECT event.*, shown.recipients FROM shown
        JOIN event ON event.received_at = shown.received_at AND event.id = shown.id
        ORDER BY event.received_at DESC, event.id DESC`
      const received = rows.map(
        (row): ReceivedEvent => ({
          ...toEvent(row),
          subjectId,
          recipients: row.recipients,
          raw: row.raw,
          mediaType: row.media_type,
          digest: row.digest,
        }),
      )
      return page(received, limit, (each) => each.receivedAt)
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

export const toSource = (row: SourceRow): Source => ({
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
