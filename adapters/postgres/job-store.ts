import type { JobId, OrganisationId, RuleId, RuleVersionId, SubjectId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { job as JobRow, Prisma } from '#prisma'
import type { Job, JobKind, JobState, JobStore } from '#services/ports/job-store.ts'
import { after, date, dateOrNull, instant, instantOrNull, known, page, type Transaction } from './rows.ts'

const OPEN: JobState[] = ['queued', 'running']

export function jobStore(tx: Transaction): JobStore {
  const find = async (id: string) => {
    const row = await tx.job.findUnique({ where: { id } })
    return row === null ? undefined : toJob(row)
  }
  return {
    insert: async (job) => {
      await tx.job.create({
        data: {
          organisation_id: job.organisationId,
          id: job.id,
          kind: job.kind,
          rule_id: job.ruleId ?? null,
          rule_version_id: job.ruleVersionId ?? null,
          state: job.state,
          input: job.input as Prisma.InputJsonObject,
          total: job.total,
          result: job.result as Prisma.InputJsonObject,
          created_by: job.createdBy,
          created_at: date(job.createdAt),
          next_at: date(job.createdAt),
        },
      })
    },
    find: async (organisationId, id) => {
      const row = await tx.job.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : toJob(row)
    },
    list: async (organisationId, request, { kind, state, ruleId }) => {
      const rows = await tx.job.findMany({
        where: {
          organisation_id: organisationId,
          ...(kind === undefined ? {} : { kind }),
          ...(state === undefined ? {} : { state }),
          ...(ruleId === undefined ? {} : { rule_id: ruleId }),
          ...after('created_at', request),
        },
        orderBy: [{ created_at: 'desc' }, { id: 'desc' }],
        take: request.limit + 1,
      })
      return page(rows.map(toJob), request.limit, (job) => job.createdAt)
    },
    claim: async (now) => {
      const [row] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM job WHERE state IN ('queued', 'running') AND next_at <= ${date(now)}
        ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`
      return row === undefined ? undefined : find(row.id)
    },
    lock: async (id) => {
      const [row] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM job WHERE id = ${id}::uuid AND state IN ('queued', 'running') FOR UPDATE`
      return row === undefined ? undefined : find(row.id)
    },
    nextDue: async () => {
      const row = await tx.job.findFirst({ where: { state: { in: OPEN } }, orderBy: { next_at: 'asc' } })
      return row === null ? undefined : instant(row.next_at)
    },
    save: async (id, step) => {
      await tx.job.update({
        where: { id },
        data: {
          state: step.state,
          done: step.done,
          result: step.result as Prisma.InputJsonObject,
          attempts: step.attempts,
          careful: step.careful,
          cursor: step.cursor ?? null,
          error: step.error ?? null,
          started_at: dateOrNull(step.startedAt),
          finished_at: dateOrNull(step.finishedAt),
          next_at: date(step.nextAt),
        },
      })
    },
    cancel: async (organisationId, id, at) => {
      const { count } = await tx.job.updateMany({
        where: { organisation_id: organisationId, id, state: { in: OPEN } },
        data: { state: 'cancelled', finished_at: date(at) },
      })
      return count === 1
    },
    isSuperseded: async ({ organisationId, id, kind, ruleVersionId }) =>
      ruleVersionId !== undefined &&
      (await tx.job.findFirst({
        where: {
          organisation_id: organisationId,
          kind,
          rule_version_id: ruleVersionId,
          state: { in: OPEN },
          id: { gt: id },
        },
        select: { id: true },
      })) !== null,

    nextSubjects: async (organisationId, cursor, most) => {
      const rows = await tx.$queryRaw<{ id: string; events: number }[]>`
        SELECT id::text, (
          SELECT count(*)::int FROM (
            SELECT 1 FROM event WHERE event.organisation_id = subject.organisation_id AND event.subject_id = subject.id
            LIMIT ${most.events + 1}::int
          ) AS few
        ) AS events
        FROM subject
        WHERE organisation_id = ${organisationId}::uuid AND canonical_id = id
          AND id > coalesce(${cursor ?? null}::uuid, '00000000-0000-0000-0000-000000000000')
        ORDER BY id LIMIT ${most.subjects}::int`
      let events = 0
      const fitting = rows.findIndex((row) => {
        events += row.events
        return events > most.events
      })
      const end = fitting === -1 ? rows.length : Math.max(1, fitting)
      return rows.slice(0, end).map(({ id }) => id as SubjectId)
    },
    countSubjects: async (organisationId) => {
      const [row] = await tx.$queryRaw<{ n: number }[]>`
        SELECT count(*)::int AS n FROM subject WHERE organisation_id = ${organisationId}::uuid AND canonical_id = id`
      return row?.n ?? 0
    },
  }
}

const toJob = (row: JobRow): Job => ({
  ...known({
    ruleId: row.rule_id as RuleId | null,
    ruleVersionId: row.rule_version_id as RuleVersionId | null,
    cursor: row.cursor as SubjectId | null,
    error: row.error,
    startedAt: instantOrNull(row.started_at),
    finishedAt: instantOrNull(row.finished_at),
  }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as JobId,
  kind: row.kind as JobKind,
  state: row.state as JobState,
  input: row.input as JsonObject,
  done: row.done,
  total: row.total,
  result: row.result as JsonObject,
  createdBy: row.created_by,
  createdAt: instant(row.created_at),
  attempts: row.attempts,
  careful: row.careful,
})
