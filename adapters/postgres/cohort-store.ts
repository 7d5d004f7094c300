import type { CohortId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import type { cohort as CohortRow, Prisma } from '#prisma'
import type { Cohort, CohortStore } from '#services/ports/cohort-store.ts'
import { date, instant, newestFirst, page, type Transaction } from './rows.ts'

export function cohortStore(tx: Transaction): CohortStore {
  const find: CohortStore['find'] = async (organisationId, slug) => {
    const row = await tx.cohort.findFirst({ where: { organisation_id: organisationId, slug } })
    return row === null ? undefined : toCohort(row)
  }
  return {
    insert: async ({ organisationId, id, slug, name, createdAt }) => {
      const { count } = await tx.cohort.createMany({
        data: { organisation_id: organisationId, id, slug, name, created_at: date(createdAt) },
        skipDuplicates: true,
      })
      return count === 1
    },
    find,
    rename: async (organisationId, slug, name) => {
      await tx.cohort.updateMany({ where: { organisation_id: organisationId, slug }, data: { name } })
      return find(organisationId, slug)
    },
    list: async (organisationId, request) => {
      const rows = await tx.cohort.findMany(
        newestFirst<Prisma.cohortWhereInput>('created_at', request, { organisation_id: organisationId }),
      )
      return page(rows.map(toCohort), request.limit, (each) => each.createdAt)
    },
    all: async (organisationId) => {
      const rows = await tx.cohort.findMany({
        where: { organisation_id: organisationId },
        select: { slug: true, id: true },
      })
      return new Map(rows.map(({ slug, id }) => [slug, id as CohortId]))
    },
    countMembers: async (organisationId, ids) => {
      const rows = await tx.cohort_member.groupBy({
        by: ['cohort_id'],
        where: { organisation_id: organisationId, cohort_id: { in: [...ids] }, is_member: true },
        _count: true,
      })
      return new Map(rows.map((row) => [row.cohort_id as CohortId, row._count]))
    },
    members: async (organisationId, id, { limit, after: start }) => {
      const at = start === undefined ? undefined : new Date(start.at)
      const rows = await tx.cohort_member.findMany({
        where: {
          organisation_id: organisationId,
          cohort_id: id,
          is_member: true,
          ...(start === undefined || at === undefined
            ? {}
            : { OR: [{ changed_at: { lt: at } }, { changed_at: at, subject_id: { lt: start.id } }] }),
        },
        orderBy: [{ changed_at: 'desc' }, { subject_id: 'desc' }],
        take: limit + 1,
      })
      const members = rows.map((row) => ({
        id: row.subject_id,
        subjectId: row.subject_id as SubjectId,
        isMember: row.is_member,
        since: instant(row.since),
        changedAt: row.changed_at.getTime(),
      }))
      return page(members, limit, (each) => each.changedAt)
    },
    setMembers: async (organisationId, id, members, at) => {
      if (members.length === 0) return
      await tx.$executeRaw`
        INSERT INTO cohort_member (organisation_id, cohort_id, subject_id, is_member, since, changed_at)
        SELECT ${organisationId}::uuid, ${id}::uuid, subject_id, is_member, since, ${date(at)}::timestamptz
        FROM unnest(
          ${members.map((each) => each.subjectId)}::uuid[], ${members.map((each) => each.isMember)}::boolean[],
          ${members.map((each) => date(each.since))}::timestamptz[]
        ) AS new (subject_id, is_member, since)
        ON CONFLICT (organisation_id, cohort_id, subject_id)
        DO UPDATE SET is_member = excluded.is_member, since = excluded.since, changed_at = excluded.changed_at`
    },
  }
}

const toCohort = (row: CohortRow): Cohort => ({
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as CohortId,
  slug: row.slug,
  name: row.name as LocalisedText,
  createdAt: instant(row.created_at),
})
