import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import type { AchievementId, AchievementVersionId, IssuerId, OrganisationId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import type {
  achievement as AchievementRow,
  Prisma,
  achievement_step as StepRow,
  achievement_version as VersionRow,
} from '#prisma'
import type { AchievementStep } from '#services/ports/achievement-step.ts'
import type {
  Achievement,
  AchievementName,
  AchievementStore,
  AchievementVersion,
  CopyOrigin,
  PublishedVersion,
} from '#services/ports/achievement-store.ts'
import { bytes, date, dateOrNull, instant, instantOrNull, known, page, type Transaction } from './rows.ts'

export function achievementStore(tx: Transaction): AchievementStore {
  return {
    insert: async ({ organisationId, id, issuerId, slug, createdAt, listing, copiedFrom }) => {
      const { count } = await tx.achievement.createMany({
        data: {
          organisation_id: organisationId,
          id,
          issuer_id: issuerId,
          slug,
          created_at: date(createdAt),
          listing,
          ...(copiedFrom === undefined ? {} : { copied_from: { ...copiedFrom } }),
        },
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
      (
        await tx.achievement.findMany({ where: { id: { in: [...ids] } }, orderBy: { created_at: 'asc' } })
      ).map(achievement),
    list: async (organisationId) =>
      (
        await tx.achievement.findMany({
          where: { organisation_id: organisationId },
          orderBy: { created_at: 'asc' },
        })
      ).map(achievement),
    page: async (organisationId, request, { among } = {}) => {
      const { after } = request
      const rows = await tx.achievement.findMany({
        where: {
          organisation_id: organisationId,
          ...(among === undefined ? {} : { id: { in: [...among] } }),
          ...(after === undefined
            ? {}
            : {
                OR: [
                  { created_at: { gt: new Date(after.at) } },
                  { created_at: new Date(after.at), id: { gt: after.id } },
                ],
              }),
        },
        orderBy: [{ created_at: 'asc' }, { id: 'asc' }],
        take: request.limit + 1,
      })
      return page(rows.map(achievement), request.limit, ({ createdAt }) => createdAt)
    },
    names: async (organisationId, request, { among } = {}) => {
      const at = dateOrNull(request.after === undefined ? undefined : asInstant(request.after.at))
      const ids = among === undefined ? null : [...among]
      const rows = await tx.$queryRaw<NameRow[]>`
        SELECT made.id::text, made.issuer_id::text, made.slug, made.created_at, newest.name, newest.language,
          published.id::text AS published_id, published.version AS published_version
        FROM achievement made
        CROSS JOIN LATERAL (
          SELECT definition -> 'name' AS name, definition ->> 'language' AS language FROM achievement_version
          WHERE achievement_id = made.id ORDER BY version DESC LIMIT 1
        ) newest
        LEFT JOIN LATERAL (
          SELECT id, version FROM achievement_version WHERE achievement_id = made.id AND state = 'published' LIMIT 1
        ) published ON true
        WHERE made.organisation_id = ${organisationId}::uuid
          AND (${ids}::uuid[] IS NULL OR made.id = ANY(${ids}::uuid[]))
          AND (${at}::timestamptz IS NULL OR (made.created_at, made.id) > (${at}::timestamptz, ${request.after?.id ?? null}::uuid))
        ORDER BY made.created_at, made.id LIMIT ${request.limit + 1}::int`
      return page(rows.map(toName), request.limit, ({ createdAt }) => createdAt)
    },
    bySlugs: async (organisationId, slugs) =>
      (
        await tx.achievement.findMany({
          where: { organisation_id: organisationId, slug: { in: [...slugs] } },
        })
      ).map(achievement),

    setListing: async (id, listing) => {
      await tx.achievement.updateMany({ where: { id }, data: { listing } })
    },

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
          authors: [...version.authors],
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
    versionsOfAll: async (achievementIds) =>
      (
        await tx.achievement_version.findMany({
          where: { achievement_id: { in: [...achievementIds] } },
          orderBy: { version: 'asc' },
        })
      ).map(toVersion),
    version: async (id) => {
      const row = await tx.achievement_version.findUnique({ where: { id } })
      return row === null ? undefined : toVersion(row)
    },
    findVersions: async (ids) =>
      (await tx.achievement_version.findMany({ where: { id: { in: [...ids] } } })).map(toVersion),
    published: async (achievementIds) =>
      (
        await tx.achievement_version.findMany({
          where: { achievement_id: { in: [...achievementIds] }, state: 'published' },
        })
      ).map((row) => toVersion(row) as PublishedVersion),
    replaceDraft: async (id, revision, definition, author) => {
      const changed = await tx.$executeRaw`
        UPDATE achievement_version
        SET definition = ${JSON.stringify(definition)}::jsonb, revision = revision + 1,
            authors = CASE WHEN ${author} = ANY (authors) THEN authors ELSE array_append(authors, ${author}) END
        WHERE id = ${id}::uuid AND revision = ${revision}::int AND state = 'draft'`
      return changed === 1
    },
    move: async (id, from, to) => {
      const { count } = await tx.achievement_version.updateMany({
        where: { id, state: from },
        data: { state: to },
      })
      return count === 1
    },
    end: async (id, from, to, { at, reason }) => {
      const { count } = await tx.achievement_version.updateMany({
        where: { id, state: from },
        data: { state: to, ended_at: date(at), end_reason: reason ?? null },
      })
      return count === 1
    },
    publish: async (id, from, { document, digest, at }) => {
      const draft = await tx.achievement_version.findUnique({ where: { id } })
      if (draft === null || draft.state !== from) return false
      await tx.achievement_version.updateMany({
        where: { achievement_id: draft.achievement_id, state: 'published' },
        data: { state: 'retired' },
      })
      const { count } = await tx.achievement_version.updateMany({
        where: { id, state: from },
        data: {
          state: 'published',
          document: bytes(document),
          digest: bytes(digest),
          published_at: date(at),
        },
      })
      return count === 1
    },
    addStep: async ({ organisationId, id, versionId, kind, revision, text, actor, at }) => {
      const number = await tx.achievement_step.count({ where: { achievement_version_id: versionId } })
      await tx.achievement_step.create({
        data: {
          organisation_id: organisationId,
          id,
          achievement_version_id: versionId,
          kind,
          revision,
          text: text ?? null,
          actor,
          at: date(at),
          number: number + 1,
        },
      })
    },
    steps: async (id) =>
      (
        await tx.achievement_step.findMany({
          where: { achievement_version_id: id },
          orderBy: { number: 'asc' },
        })
      ).map(step),
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
  listing: row.listing as Achievement['listing'],
  ...(row.copied_from === null ? {} : { copiedFrom: row.copied_from as unknown as CopyOrigin }),
})

interface NameRow {
  readonly id: string
  readonly issuer_id: string
  readonly slug: string
  readonly created_at: Date
  readonly name: LocalisedText
  readonly language: string
  readonly published_id: string | null
  readonly published_version: number | null
}

const toName = (row: NameRow): AchievementName => ({
  id: row.id as AchievementId,
  issuerId: row.issuer_id as IssuerId,
  slug: row.slug,
  createdAt: instant(row.created_at),
  name: row.name,
  language: row.language,
  ...(row.published_id === null || row.published_version === null
    ? {}
    : { published: { id: row.published_id as AchievementVersionId, version: row.published_version } }),
})

const step = (row: StepRow): AchievementStep => ({
  organisationId: row.organisation_id as OrganisationId,
  id: row.id,
  versionId: row.achievement_version_id as AchievementVersionId,
  kind: row.kind as AchievementStep['kind'],
  revision: row.revision,
  ...known({ text: row.text }),
  actor: row.actor,
  at: instant(row.at),
})

function toVersion(row: VersionRow): AchievementVersion {
  const base = {
    organisationId: row.organisation_id as OrganisationId,
    id: row.id as AchievementVersionId,
    achievementId: row.achievement_id as AchievementId,
    version: row.version,
    definition: row.definition as unknown as AchievementDefinition,
    revision: row.revision,
    authors: row.authors,
  }
  if (row.document === null || row.digest === null || row.published_at === null)
    return { ...base, state: row.state as 'draft' | 'in_review' | 'approved' }
  return {
    ...base,
    ...known({ frozenAt: instantOrNull(row.frozen_at) }),
    ...(row.ended_at === null
      ? {}
      : { end: { at: instant(row.ended_at), ...known({ reason: row.end_reason }) } }),
    state: row.state as PublishedVersion['state'],
    document: row.document,
    digest: row.digest,
    publishedAt: instant(row.published_at),
  }
}
