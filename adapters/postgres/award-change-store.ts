import type { ChangeAction } from '#engine/awards/award-change.ts'
import type { AwardChangeId, AwardId, JobId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { award_change as ChangeRow, award_change_item as ItemRow, Prisma } from '#prisma'
import type { AwardChange, AwardChangeItem, AwardChangeStore } from '#services/ports/award-change-store.ts'
import { bytes, date, instant, instantOrNull, known, newestFirst, page, type Transaction } from './rows.ts'

export function awardChangeStore(tx: Transaction): AwardChangeStore {
  const find = async (id: string) => {
    const row = await tx.award_change.findUnique({ where: { id } })
    return row === null ? undefined : toChange(row)
  }
  return {
    insert: async (change, items) => {
      await tx.award_change.create({
        data: {
          organisation_id: change.organisationId,
          id: change.id,
          kind: change.kind,
          selection: change.selection as Prisma.InputJsonObject,
          reason: change.reason,
          note: change.note ?? null,
          digest: bytes(change.digest),
          state: change.state,
          prepared_by: change.preparedBy,
          created_at: date(change.createdAt),
          expires_at: date(change.expiresAt),
        },
      })
      await tx.$executeRaw`
        INSERT INTO award_change_item (organisation_id, change_id, award_id, subject_id, action, revision)
        SELECT ${change.organisationId}::uuid, ${change.id}::uuid, award_id, subject_id, action, revision
        FROM unnest(${items.map(({ awardId }) => awardId)}::uuid[], ${items.map(({ subjectId }) => subjectId)}::uuid[],
                    ${items.map(({ action }) => action)}::text[], ${items.map(({ revision }) => revision)}::int[])
          AS new (award_id, subject_id, action, revision)`
    },
    find,
    lock: async (id) => {
      await tx.$queryRaw`SELECT 1 FROM award_change WHERE id = ${id}::uuid FOR UPDATE`
      return find(id)
    },
    list: async (organisationId, request, { state }) => {
      const rows = await tx.award_change.findMany(
        newestFirst<Prisma.award_changeWhereInput>('created_at', request, {
          organisation_id: organisationId,
          ...(state === undefined ? {} : { state }),
        }),
      )
      return page(rows.map(toChange), request.limit, ({ createdAt }) => createdAt)
    },
    decide: async (id, { state, by, at, jobId }) => {
      await tx.award_change.update({
        where: { id },
        data: { state, decided_by: by, decided_at: date(at), job_id: jobId ?? null },
      })
    },
    counts: async (ids) => {
      const all = await tx.award_change_item.groupBy({
        by: ['change_id', 'action', 'outcome'],
        where: { change_id: { in: [...ids] } },
        _count: true,
      })
      return new Map(
        ids.map((id) => {
          const rows = all.filter(({ change_id }) => change_id === id)
          const count = (fits: (row: (typeof rows)[number]) => boolean) =>
            rows.filter(fits).reduce((sum, row) => sum + row._count, 0)
          const actions = {
            revoke: count(({ action }) => action === 'revoke'),
            reissue: count(({ action }) => action === 'reissue'),
          }
          const done = count(({ outcome }) => outcome === 'done')
          const left = count(({ outcome }) => outcome === 'left')
          return [id, { actions, done, left, open: count(({ outcome }) => outcome === null) }]
        }),
      )
    },
    items: async (id, { limit, after: last }) => {
      const rows = await tx.award_change_item.findMany({
        where: { change_id: id, ...(last === undefined ? {} : { award_id: { gt: last.id } }) },
        orderBy: { award_id: 'asc' },
        take: limit + 1,
      })
      const items = rows.map((row) => ({ ...toItem(row), id: row.award_id }))
      return page(items, limit, () => 0)
    },
    allItems: async (id) =>
      (await tx.award_change_item.findMany({ where: { change_id: id }, orderBy: { award_id: 'asc' } })).map(
        toItem,
      ),
    openItems: async (id, subjectIds) =>
      (
        await tx.award_change_item.findMany({
          where: { change_id: id, subject_id: { in: [...subjectIds] }, outcome: null },
          orderBy: { award_id: 'asc' },
        })
      ).map(toItem),
    countSubjects: async (id) => {
      const [row] = await tx.$queryRaw<{ n: number }[]>`
        SELECT count(DISTINCT subject_id)::int AS n FROM award_change_item WHERE change_id = ${id}::uuid`
      return row?.n ?? 0
    },
    finish: async (id, awardId, outcome) => {
      await tx.award_change_item.updateMany({
        where: { change_id: id, award_id: awardId },
        data: { outcome },
      })
    },
  }
}

const toChange = (row: ChangeRow): AwardChange => ({
  ...known({
    note: row.note,
    decidedBy: row.decided_by,
    decidedAt: instantOrNull(row.decided_at),
    jobId: row.job_id as JobId | null,
  }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as AwardChangeId,
  kind: row.kind as AwardChange['kind'],
  selection: row.selection as JsonObject,
  reason: row.reason,
  digest: row.digest,
  state: row.state as AwardChange['state'],
  preparedBy: row.prepared_by,
  createdAt: instant(row.created_at),
  expiresAt: instant(row.expires_at),
})

const toItem = (row: ItemRow): AwardChangeItem => ({
  ...known({ outcome: row.outcome as 'done' | 'left' | null }),
  awardId: row.award_id as AwardId,
  subjectId: row.subject_id as SubjectId,
  action: row.action as ChangeAction,
  revision: row.revision,
})
