import type { JobId, OrganisationId, RuleId, RuleVersionId, SubjectId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { job as JobRow, Prisma } from '#prisma'
import type { Job, JobKind, JobState, JobStore } from '#services/ports/job-store.ts'
import {
  behind,
  date,
  dateOrNull,
  instant,
  instantOrNull,
  known,
  newestFirst,
  page,
  type Transaction,
} from './rows.ts'
import { underKey } from './under-key.ts'

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
          rounds: job.rounds,
          round: job.round,
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
    list: async (organisationId, request, { kind, state, ruleId, among }) => {
      const rows = await tx.job.findMany(
        newestFirst<Prisma.jobWhereInput>('created_at', request, {
          organisation_id: organisationId,
          ...(kind === undefined ? {} : { kind }),
          ...(state === undefined ? {} : { state }),
          ...(ruleId === undefined ? {} : { rule_id: ruleId }),
          ...(among === undefined
            ? {}
            : { OR: [{ rule_id: { in: [...among.ruleIds] } }, { created_by: among.createdBy }] }),
        }),
      )
      return page(rows.map(toJob), request.limit, (job) => job.createdAt)
    },
    claim: async (now, last) => {
      const [row] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM job WHERE state IN ('queued', 'running') AND next_at <= ${date(now)}
        ORDER BY (organisation_id > ${behind(last)}::uuid) DESC, organisation_id, next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`
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
          total: step.total,
          round: step.round,
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
      if (!OPEN.includes(step.state)) {
        await tx.job_recipient.deleteMany({ where: { job_id: id } })
        await tx.framework_import.deleteMany({ where: { job_id: id } })
      }
    },
    cancel: async (organisationId, id, at) => {
      const { count } = await tx.job.updateMany({
        where: { organisation_id: organisationId, id, state: { in: OPEN } },
        data: { state: 'cancelled', finished_at: date(at) },
      })
      if (count === 1) {
        await tx.job_recipient.deleteMany({ where: { organisation_id: organisationId, job_id: id } })
        await tx.framework_import.deleteMany({ where: { organisation_id: organisationId, job_id: id } })
      }
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

    nextSubjects: async ({ organisationId, id, cursor, round, kind, input }, most) => {
      if (kind === 'award_change') {
        const named = await tx.$queryRaw<{ subject_id: string }[]>`
          SELECT DISTINCT subject_id::text FROM award_change_item
          WHERE organisation_id = ${organisationId}::uuid AND change_id = ${String(input['changeId'])}::uuid
            AND outcome IS NULL
            AND subject_id > coalesce(${cursor ?? null}::uuid, '00000000-0000-0000-0000-000000000000')
          ORDER BY subject_id LIMIT ${most.subjects}::int`
        return named.map(({ subject_id }) => subject_id as SubjectId)
      }
      if (kind === 'key_reissue') {
        const holders = await tx.$queryRaw<{ subject_id: string }[]>`
          SELECT DISTINCT subject_id::text FROM (${underKey(String(input['keyId']))}) AS held
          WHERE organisation_id = ${organisationId}::uuid
            AND subject_id > coalesce(${cursor ?? null}::uuid, '00000000-0000-0000-0000-000000000000')
          ORDER BY subject_id LIMIT ${most.subjects}::int`
        return holders.map(({ subject_id }) => subject_id as SubjectId)
      }
      const few = most.events + 1
      const rows = await tx.$queryRaw<{ id: string; events: number }[]>`
        SELECT id::text, (
          SELECT count(*)::int FROM (
            (SELECT 1 FROM event WHERE event.organisation_id = ${organisationId}::uuid AND event.subject_id = person.id
             LIMIT ${few}::int)
            UNION ALL
            (SELECT 1 FROM event_recipient named WHERE named.organisation_id = ${organisationId}::uuid
               AND named.subject_id = person.id LIMIT ${few}::int)
            UNION ALL
            (SELECT 1 FROM job_recipient noted WHERE noted.organisation_id = ${organisationId}::uuid
               AND noted.job_id = ${id}::uuid AND noted.subject_id = person.id LIMIT ${few}::int)
          ) AS few
        ) AS events
        FROM (
          (SELECT id FROM subject
           WHERE organisation_id = ${organisationId}::uuid AND canonical_id = id
             AND id > coalesce(${cursor ?? null}::uuid, '00000000-0000-0000-0000-000000000000')
           ORDER BY id LIMIT ${most.subjects}::int)
          UNION ALL
          (SELECT DISTINCT subject_id FROM job_recipient
           WHERE organisation_id = ${organisationId}::uuid AND job_id = ${id}::uuid AND NOT is_known AND is_met
             AND ${round > 1}::boolean
             AND subject_id > coalesce(${cursor ?? null}::uuid, '00000000-0000-0000-0000-000000000000')
           ORDER BY subject_id LIMIT ${most.subjects}::int)
        ) AS person
        ORDER BY id LIMIT ${most.subjects}::int`
      let events = 0
      const fitting = rows.findIndex((row) => {
        events += row.events
        return events > most.events
      })
      const end = fitting === -1 ? rows.length : Math.max(1, fitting)
      return rows.slice(0, end).map((row) => row.id as SubjectId)
    },
    countSubjects: async (organisationId) => {
      const [row] = await tx.$queryRaw<{ n: number }[]>`
        SELECT count(*)::int AS n FROM subject WHERE organisation_id = ${organisationId}::uuid AND canonical_id = id`
      return row?.n ?? 0
    },

    note: async ({ organisationId, id }, recipients) => {
      if (recipients.length === 0) return
      await tx.$executeRaw`
        INSERT INTO job_recipient (organisation_id, job_id, subject_id, event_id, path, is_known, is_met)
        SELECT ${organisationId}::uuid, ${id}::uuid, subject_id, event_id, path, is_known, is_met
        FROM unnest(${recipients.map(({ subjectId }) => subjectId)}::uuid[], ${recipients.map(({ eventId }) => eventId)}::uuid[],
                    ${recipients.map(({ path }) => path)}::text[], ${recipients.map(({ isKnown }) => isKnown)}::boolean[],
                    ${recipients.map(({ isMet }) => isMet)}::boolean[])
          AS new (subject_id, event_id, path, is_known, is_met)
        ON CONFLICT DO NOTHING`
    },
    countStrangers: async ({ organisationId, id }) => {
      const [row] = await tx.$queryRaw<{ n: number }[]>`
        SELECT count(DISTINCT subject_id)::int AS n FROM job_recipient
        WHERE organisation_id = ${organisationId}::uuid AND job_id = ${id}::uuid AND NOT is_known AND is_met`
      return row?.n ?? 0
    },
    strangers: async ({ organisationId, id }, subjectIds) => {
      const rows = await tx.$queryRaw<{ subject_id: string }[]>`
        SELECT DISTINCT subject_id::text FROM job_recipient
        WHERE organisation_id = ${organisationId}::uuid AND job_id = ${id}::uuid AND NOT is_known AND is_met
          AND subject_id = ANY(${[...subjectIds]}::uuid[])`
      return new Set(rows.map(({ subject_id }) => subject_id as SubjectId))
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
  rounds: row.rounds,
  round: row.round,
  done: row.done,
  total: row.total,
  result: row.result as JsonObject,
  createdBy: row.created_by,
  createdAt: instant(row.created_at),
  attempts: row.attempts,
  careful: row.careful,
})
