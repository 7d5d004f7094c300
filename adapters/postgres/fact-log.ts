import { FACTS_SOURCE, VOID_PREFIX } from '#engine/events/fact-events.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { LoggedFact } from '#engine/facts/logged-fact.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import { Prisma } from '#prisma'
import type { FactLog, FactRow } from '#services/ports/fact-log.ts'
import { instant, page, type Transaction } from './rows.ts'

interface Row {
  readonly id: string
  readonly received_at: Date
  readonly subject_id: string
  readonly normal: LearningEvent
  readonly taken_back: boolean
}

export function factLog(tx: Transaction): FactLog {
  /** `where` speaks of `event` and `source`. A fact that was taken back has a key of its own in the log. */
  const rows = (where: Prisma.Sql, order: Prisma.Sql): Promise<Row[]> => tx.$queryRaw<Row[]>`
    SELECT event.id::text, event.received_at, event.subject_id::text, event.normal,
           EXISTS (
             SELECT FROM event_key key
             WHERE key.organisation_id = event.organisation_id AND key.source_id = event.source_id
               AND key.source_event_id = ${VOID_PREFIX} || event.source_event_id
           ) AS taken_back
    FROM event JOIN source ON source.organisation_id = event.organisation_id AND source.id = event.source_id
    WHERE source.uri = ${FACTS_SOURCE} AND event.type LIKE 'waarmerk.%' AND ${where} ${order}`
  return {
    of: async (organisationId, type, subjectIds, activity) => {
      if (subjectIds.length === 0) return []
      const about =
        activity === undefined ? Prisma.empty : Prisma.sql`AND event.normal->>'activity' = ${activity}`
      const found = await rows(
        Prisma.sql`event.organisation_id = ${organisationId}::uuid
          AND event.subject_id = ANY(${[...subjectIds]}::uuid[]) AND event.type = ${type} ${about}`,
        Prisma.empty,
      )
      return found.filter((row) => !row.taken_back).map(toLogged)
    },
    find: async (organisationId, id) => {
      const [row] = await rows(
        Prisma.sql`event.organisation_id = ${organisationId}::uuid AND event.id = ${id}::uuid`,
        Prisma.empty,
      )
      return row === undefined ? undefined : toFact(row)
    },
    list: async (organisationId, subjectId, { limit, after }) => {
      const start =
        after === undefined
          ? Prisma.empty
          : Prisma.sql`AND (event.received_at, event.id) < (${new Date(after.at)}, ${after.id}::uuid)`
      const found = await rows(
        Prisma.sql`event.organisation_id = ${organisationId}::uuid AND event.subject_id = ${subjectId}::uuid ${start}`,
        Prisma.sql`ORDER BY event.received_at DESC, event.id DESC LIMIT ${limit + 1}`,
      )
      return page(found.map(toFact), limit, (each) => each.receivedAt)
    },
  }
}

const toLogged = ({ id, subject_id, normal }: Row): LoggedFact => ({
  id: id as EventId,
  subjectId: subject_id as SubjectId,
  sourceId: normal.sourceId,
  time: normal.time,
  activity: normal.activity ?? '',
  data: normal.data,
})

const toFact = ({ id, received_at, subject_id, normal, taken_back }: Row): FactRow => ({
  id: id as EventId,
  receivedAt: instant(received_at),
  subjectId: subject_id as SubjectId,
  event: normal,
  takenBack: taken_back,
})
