import type { OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Organisation, OrganisationStore, Unit } from '#services/ports/organisation-store.ts'
import { known, type Transaction } from './rows.ts'

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
    units: async (organisationId) =>
      (
        await tx.unit.findMany({ where: { organisation_id: organisationId }, orderBy: { created_at: 'asc' } })
      ).map(unit),
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
    insertMembership: async ({ organisationId, id, unitId, accountId, rights }) => {
      await tx.membership.create({
        data: {
          organisation_id: organisationId,
          id,
          unit_id: unitId,
          account_id: accountId,
          rights: [...rights],
        },
      })
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
}): Unit => ({
  ...known({ parentId: row.parent_id as UnitId | null }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as UnitId,
  kind: row.kind as Unit['kind'],
  name: row.name,
})
