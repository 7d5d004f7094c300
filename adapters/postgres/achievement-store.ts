import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import type { AchievementId, AchievementVersionId, IssuerId, OrganisationId } from '#engine/shared/ids.ts'
import type { achievement as AchievementRow, Prisma, achievement_version as VersionRow } from '#prisma'
import type {
  Achievement,
  AchievementStore,
  AchievementVersion,
  PublishedVersion,
} from '#services/ports/achievement-store.ts'
import { bytes, date, instant, instantOrNull, known, type Transaction } from './rows.ts'

export function achievementStore(tx: Transaction): AchievementStore {
  return {
    insert: async ({ organisationId, id, issuerId, slug, createdAt }) => {
      const { count } = await tx.achievement.createMany({
        data: { organisation_id: organisationId, id, issuer_id: issuerId, slug, created_at: date(createdAt) },
        skipDuplicates: true,
      })
      return count === 1
    },
    // Not FOR UPDATE: that would also hold up every award of the achievement, which refers to it.
    lock: async (id) => {
      await tx.$queryRaw`SELECT 1 FROM achievement WHERE id = ${id}::uuid FOR NO KEY UPDATE`
    },
    find: async (id) => {
      const row = await tx.achievement.findUnique({ where: { id } })
      return row === null ? undefined : achievement(row)
    },
    findMany: async (ids) =>
      (await tx.achievement.findMany({ where: { id: { in: [...ids] } } })).map(achievement),
    list: async (organisationId) =>
      (
        await tx.achievement.findMany({
          where: { organisation_id: organisationId },
          orderBy: { created_at: 'asc' },
        })
      ).map(achievement),
    bySlugs: async (organisationId, slugs) =>
      (
        await tx.achievement.findMany({
          where: { organisation_id: organisationId, slug: { in: [...slugs] } },
        })
      ).map(achievement),

    insertVersion: async (version) => {
      await tx.achievement_version.create({
        data: {
          organisation_id: version.organisationId,
          id: version.id,
          achievement_id: version.achievementId,
          version: version.version,
          state: version.state,
          definition: json(version.definition),
          revision: version.revision,
        },
      })
    },
    versions: async (achievementId) =>
      (
        await tx.achievement_version.findMany({
          where: { achievement_id: achievementId },
          orderBy: { version: 'asc' },
        })
      ).map(toVersion),
    version: async (id) => {
      const row = await tx.achievement_version.findUnique({ where: { id } })
      return row === null ? undefined : toVersion(row)
    },
    published: async (achievementIds) =>
      (
        await tx.achievement_version.findMany({
          where: { achievement_id: { in: [...achievementIds] }, state: 'published' },
        })
      ).map((row) => toVersion(row) as PublishedVersion),
    replaceDraft: async (id, revision, definition) => {
      const { count } = await tx.achievement_version.updateMany({
        where: { id, revision, state: 'draft' },
        data: { definition: json(definition), revision: revision + 1 },
      })
      return count === 1
    },
    publish: async (id, document, digest, at) => {
      const draft = await tx.achievement_version.findUnique({ where: { id } })
      if (draft === null || draft.state !== 'draft') return false
      await tx.achievement_version.updateMany({
        where: { achievement_id: draft.achievement_id, state: 'published' },
        data: { state: 'retired' },
      })
      const { count } = await tx.achievement_version.updateMany({
        where: { id, state: 'draft' },
        data: {
          state: 'published',
          document: bytes(document),
          digest: bytes(digest),
          published_at: date(at),
        },
      })
      return count === 1
    },
    freeze: async (ids, at) => {
      if (ids.length === 0) return
      await tx.achievement_version.updateMany({
        where: { id: { in: [...ids] }, frozen_at: null },
        data: { frozen_at: date(at) },
      })
    },
  }
}

const json = (value: AchievementDefinition): Prisma.InputJsonValue =>
  value as unknown as Prisma.InputJsonValue

const achievement = (row: AchievementRow): Achievement => ({
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as AchievementId,
  issuerId: row.issuer_id as IssuerId,
  slug: row.slug,
  createdAt: instant(row.created_at),
})

function toVersion(row: VersionRow): AchievementVersion {
  const base = {
    organisationId: row.organisation_id as OrganisationId,
    id: row.id as AchievementVersionId,
    achievementId: row.achievement_id as AchievementId,
    version: row.version,
    definition: row.definition as unknown as AchievementDefinition,
    revision: row.revision,
  }
  if (row.document === null || row.digest === null || row.published_at === null)
    return { ...base, state: row.state as 'draft' | 'in_review' | 'approved' }
  return {
    ...base,
    ...known({ frozenAt: instantOrNull(row.frozen_at) }),
    state: row.state as PublishedVersion['state'],
    document: row.document,
    digest: row.digest,
    publishedAt: instant(row.published_at),
  }
}
