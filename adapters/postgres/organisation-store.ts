import type { AchievementId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Prisma } from '#prisma'
import type { Organisation, OrganisationStore, Unit } from '#services/ports/organisation-store.ts'
import { date, known, newestFirst, page, type Transaction } from './rows.ts'

export function organisationStore(tx: Transaction): OrganisationStore {
  return {
    takeSlug: async (slug, kind) => {
      const { count } = await tx.taken_slug.createMany({ data: { slug, kind }, skipDuplicates: true })
      return count === 1
    },
    insert: async ({ id, slug, name, sample }) => {
      await tx.organisation.create({ data: { id, slug, name, sample } })
    },
    find: async (id) => {
      const row = await tx.organisation.findUnique({ where: { id } })
      return row === null ? undefined : organisation(row)
    },
    findMany: async (ids) =>
      (
        await tx.organisation.findMany({ where: { id: { in: [...ids] } }, orderBy: { created_at: 'asc' } })
      ).map(organisation),
    count: () => tx.organisation.count(),
    insertUnit: async ({ organisationId, id, parentId, kind, name }) => {
      await tx.unit.create({
        data: { organisation_id: organisationId, id, parent_id: parentId ?? null, kind, name },
      })
    },
    lockPeople: async (organisationId) => {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`people:${organisationId}`}, 0))::text`
    },
    rename: async (id, name) => {
      await tx.organisation.updateMany({ where: { id }, data: { name } })
    },
    findUnit: async (organisationId, id) => {
      const row = await tx.unit.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : unit(row)
    },
    replaceUnit: async ({ organisationId, id, revision }, { name, parentId }) => {
      const { count } = await tx.unit.updateMany({
        where: { organisation_id: organisationId, id, revision },
        data: { name, parent_id: parentId ?? null, revision: revision + 1 },
      })
      return count === 1
    },
    unitUse: async (organisationId, id, now) => {
      const on = { organisation_id: organisationId, unit_id: id }
      return {
        units: await tx.unit.count({ where: { organisation_id: organisationId, parent_id: id } }),
        members: await tx.membership.count({ where: on }),
        invitations: await tx.invitation.count({
          where: { ...on, state: 'open', expires_at: { gt: date(now) } },
        }),
        apiKeys: await tx.api_key.count({
          where: { ...on, revoked_at: null, OR: [{ expires_at: null }, { expires_at: { gt: date(now) } }] },
        }),
        webhooks: await tx.webhook_endpoint.count({ where: { ...on, state: { not: 'deleted' } } }),
      }
    },
    deleteUnit: async ({ organisationId, id }, parentId) => {
      const on = { where: { organisation_id: organisationId, unit_id: id }, data: { unit_id: parentId } }
      await tx.invitation.updateMany(on)
      await tx.api_key.updateMany(on)
      await tx.webhook_endpoint.updateMany(on)
      await tx.unit.deleteMany({ where: { organisation_id: organisationId, id } })
    },
    units: async (organisationId) =>
      (
        await tx.unit.findMany({
          where: { organisation_id: organisationId, kind: { not: 'achievement' } },
          orderBy: { created_at: 'asc' },
        })
      ).map(unit),
    findUnits: async (organisationId, ids) =>
      (
        await tx.unit.findMany({
          where: { organisation_id: organisationId, id: { in: [...ids] } },
          orderBy: { created_at: 'asc' },
        })
      ).map(unit),
    achievementUnits: async (organisationId, request, { parentId, name, among }) => {
      const rows = await tx.unit.findMany(
        newestFirst<Prisma.unitWhereInput>('created_at', request, {
          organisation_id: organisationId,
          kind: 'achievement',
          ...(parentId === undefined ? {} : { parent_id: parentId }),
          ...(name === undefined ? {} : { name: { contains: name, mode: 'insensitive' } }),
          ...(among === undefined ? {} : { id: { in: [...among] } }),
        }),
      )
      const { items, ...rest } = page(rows, request.limit, (row) => row.created_at.getTime())
      return { ...rest, items: items.map(unit) }
    },
    achievementUnitsWithPeople: async (organisationId) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM unit WHERE organisation_id = ${organisationId}::uuid AND kind = 'achievement' AND id IN (
          SELECT unit_id FROM membership WHERE organisation_id = ${organisationId}::uuid
          UNION SELECT unit_id FROM invitation WHERE organisation_id = ${organisationId}::uuid)`
      const found = await tx.unit.findMany({
        where: { organisation_id: organisationId, id: { in: rows.map(({ id }) => id) } },
      })
      return found.map(unit)
    },
    achievementsBelow: async (organisationId, units) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        WITH RECURSIVE below AS (
          SELECT id, kind FROM unit WHERE organisation_id = ${organisationId}::uuid AND id = ANY(${[...units]}::uuid[])
          UNION
          SELECT unit.id, unit.kind FROM unit JOIN below ON unit.parent_id = below.id
          WHERE unit.organisation_id = ${organisationId}::uuid
        )
        SELECT id::text FROM below WHERE kind = 'achievement'`
      return rows.map(({ id }) => id as AchievementId)
    },
    unitPath: async (organisationId, unitId) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        WITH RECURSIVE path AS (
          SELECT id, parent_id, 0 AS depth FROM unit WHERE organisation_id = ${organisationId}::uuid AND id = ${unitId}::uuid
          UNION ALL
          SELECT unit.id, unit.parent_id, depth + 1 FROM unit JOIN path ON unit.id = path.parent_id
          WHERE unit.organisation_id = ${organisationId}::uuid AND depth < 32
        )
        SELECT id::text FROM path ORDER BY depth`
      return rows.map(({ id }) => id as UnitId)
    },
    rootUnit: async (organisationId) => {
      const row = await tx.unit.findFirst({ where: { organisation_id: organisationId, parent_id: null } })
      return row === null ? undefined : (row.id as UnitId)
    },
  }
}

const organisation = (row: { id: string; slug: string; name: string; sample: boolean }): Organisation => ({
  id: row.id as OrganisationId,
  slug: row.slug,
  name: row.name,
  sample: row.sample,
})

const unit = (row: {
  organisation_id: string
  id: string
  parent_id: string | null
  kind: string
  name: string
  revision: number
}): Unit => ({
  ...known({ parentId: row.parent_id as UnitId | null }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as UnitId,
  kind: row.kind as Unit['kind'],
  name: row.name,
  revision: row.revision,
})
