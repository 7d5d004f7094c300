import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { EventId, OrganisationId, SourceId, SubjectId } from '#engine/shared/ids.ts'
import type { event as EventTableRow, source as SourceRow } from '#prisma'
import type { EventRow, EventState, EventStore, Source } from '#services/ports/event-store.ts'
import { after, instant, instantOrNull, known, page, type Transaction } from './rows.ts'

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
    list: async (organisationId, request, { state, subjectId }) => {
      const rows = await tx.event.findMany({
        where: {
          organisation_id: organisationId,
          ...(state === undefined ? {} : { state }),
          ...(subjectId === undefined ? {} : { subject_id: subjectId }),
          ...after('received_at', request),
        },
        orderBy: [{ received_at: 'desc' }, { id: 'desc' }],
        take: request.limit + 1,
      })
      return page(rows.map(toEvent), request.limit, (each) => each.receivedAt)
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
      const rows = await tx.event.findMany({
        where: { organisation_id: organisationId },
        distinct: ['type'],
        select: { type: true },
        take: 1000,
      })
      return rows.map(({ type }) => type)
    },
    release: async (organisationId, id, subjectId) => {
      const { count } = await tx.event.updateMany({
        where: { organisation_id: organisationId, id, state: 'quarantined' },
        data: { state: 'received', quarantine_code: null, subject_id: subjectId },
      })
      return count === 1
    },
  }
}

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
  }),
  id: row.id as EventId,
  receivedAt: instant(row.received_at),
  state: row.state as EventState,
  event: row.normal as unknown as LearningEvent,
})
