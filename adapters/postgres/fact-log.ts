import { FACTS_SOURCE, VOID_PREFIX } from '#engine/events/fact-events.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { LoggedFact } from '#engine/facts/logged-fact.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import { Prisma } from '#prisma'
import type { FactLog, FactRow } from '#services/ports/fact-log.ts'
import { toSource } from './event-store.ts'
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
    source: async (organisationId, newId) => {
      await tx.source.createMany({
        data: { organisation_id: organisationId, id: newId, uri: FACTS_SOURCE, name: FACTS_SOURCE },
        skipDuplicates: true,
      })
      return toSource(
        await tx.source.findUniqueOrThrow({
          where: { organisation_id_uri: { organisation_id: organisationId, uri: FACTS_SOURCE } },
        }),
      )
    },
    append: async ({ organisationId, id: sourceId }, facts, receivedAt) => {
      if (facts.length === 0) return []
      const at = new Date(receivedAt)
      const keys = facts.map(({ event }) => event.sourceId)
      const taken = await tx.$queryRaw<{ source_event_id: string; event_id: string }[]>`
        WITH fresh AS (
          INSERT INTO event_key (organisation_id, source_id, source_event_id, digest, event_id, received_at)
          SELECT ${organisationId}::uuid, ${sourceId}::uuid, key, digest, id, ${at}
          FROM unnest(${keys}::text[], ${facts.map(({ digest }) => Buffer.from(digest))}::bytea[], ${facts.map(({ id }) => id)}::uuid[])
            AS new (key, digest, id)
          ORDER BY key
          ON CONFLICT (organisation_id, source_id, source_event_id) DO NOTHING
          RETURNING source_event_id, event_id
        )
        SELECT source_event_id, event_id::text FROM fresh
        UNION ALL
        SELECT source_event_id, event_id::text FROM event_key
        WHERE organisation_id = ${organisationId}::uuid AND source_id = ${sourceId}::uuid AND source_event_id = ANY(${keys}::text[])`
      const holder = new Map(taken.map((row) => [row.source_event_id, row.event_id as EventId]))
      const fresh = facts.filter(({ id, event }) => holder.get(event.sourceId) === id)
      await tx.$executeRaw`
        INSERT INTO event (organisation_id, received_at, id, source_id, source_event_id, subject_id, state, type, occurred_at,
                           normal, raw, media_type, digest)
        SELECT ${organisationId}::uuid, ${at}, id, ${sourceId}::uuid, key, subject_id, 'received', type, occurred_at,
               normal::jsonb, raw, 'application/json', digest
        FROM unnest(
          ${fresh.map(({ id }) => id)}::uuid[], ${fresh.map(({ event }) => event.sourceId)}::text[],
          ${fresh.map(({ subjectId }) => subjectId)}::uuid[], ${fresh.map(({ event }) => event.type)}::text[],
          ${fresh.map(({ event }) => new Date(event.time))}::timestamptz[], ${fresh.map(({ event }) => JSON.stringify(event))}::text[],
          ${fresh.map(({ raw }) => Buffer.from(raw))}::bytea[], ${fresh.map(({ digest }) => Buffer.from(digest))}::bytea[]
        ) AS new (id, key, subject_id, type, occurred_at, normal, raw, digest)`
      return facts.map(({ event }) => {
        const id = holder.get(event.sourceId)
        if (id === undefined) throw new Error('The key of a fact that is taken has no holder.')
        return id
      })
    },
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
