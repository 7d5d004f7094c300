import {
  type AchievementId,
  type AchievementShareId,
  type AchievementVersionId,
  isUuid,
  type OrganisationId,
} from '#engine/shared/ids.ts'
import type { Prisma, achievement_share as ShareRow } from '#prisma'
import type { AchievementShare, ShareStore } from '#services/ports/share-store.ts'
import { date, instant, instantOrNull, known, newestFirst, page, type Transaction } from './rows.ts'

export function shareStore(tx: Transaction): ShareStore {
  return {
    insert: async (made) => {
      await tx.achievement_share.create({
        data: {
          organisation_id: made.organisationId,
          id: made.id,
          achievement_id: made.achievementId,
          achievement_version_id: made.versionId,
          with_organisation: made.withOrganisation,
          kind: made.kind,
          shared_by: made.sharedBy,
          shared_at: date(made.sharedAt),
        },
      })
    },
    find: async (id) => {
      const row = await tx.achievement_share.findUnique({ where: { id } })
      return row === null ? undefined : share(row)
    },
    ofAchievement: async (organisationId, achievementId) =>
      (
        await tx.achievement_share.findMany({
          where: { organisation_id: organisationId, achievement_id: achievementId },
          orderBy: [{ shared_at: 'asc' }, { id: 'asc' }],
        })
      ).map(share),
    withOrganisation: async (organisationId, request) => {
      const rows = await tx.achievement_share.findMany(
        newestFirst<Prisma.achievement_shareWhereInput>('shared_at', request, {
          with_organisation: organisationId,
          withdrawn_at: null,
        }),
      )
      return page(rows.map(share), request.limit, ({ sharedAt }) => sharedAt)
    },
    withdraw: async ({ organisationId, id }, by, at) => {
      const { count } = await tx.achievement_share.updateMany({
        where: { organisation_id: organisationId, id, withdrawn_at: null },
        data: { withdrawn_at: date(at), withdrawn_by: by },
      })
      return count === 1
    },
    organisationNamed: async (idOrSlug) => {
      const row = await tx.organisation.findFirst({
        where: isUuid(idOrSlug) ? { id: idOrSlug } : { slug: idOrSlug },
      })
      return row === null
        ? undefined
        : {
            id: row.id as OrganisationId,
            slug: row.slug,
            name: row.name,
            sample: row.sample,
          }
    },
  }
}

const share = (row: ShareRow): AchievementShare => ({
  ...known({ withdrawnAt: instantOrNull(row.withdrawn_at) }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as AchievementShareId,
  achievementId: row.achievement_id as AchievementId,
  versionId: row.achievement_version_id as AchievementVersionId,
  withOrganisation: row.with_organisation as OrganisationId,
  kind: row.kind as AchievementShare['kind'],
  sharedBy: row.shared_by,
  sharedAt: instant(row.shared_at),
})
