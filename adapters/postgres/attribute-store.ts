import type { AttributeType } from '#engine/facts/attribute-value.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { attribute_definition as AttributeRow } from '#prisma'
import type { AttributeDefinition, AttributeStore } from '#services/ports/attribute-store.ts'
import { date, instant, type Transaction } from './rows.ts'

export function attributeStore(tx: Transaction): AttributeStore {
  const find: AttributeStore['find'] = async (organisationId, name) => {
    const row = await tx.attribute_definition.findFirst({ where: { organisation_id: organisationId, name } })
    return row === null ? undefined : toDefinition(row)
  }
  return {
    insert: async ({ organisationId, name, type, description, createdAt }) => {
      const { count } = await tx.attribute_definition.createMany({
        data: { organisation_id: organisationId, name, type, description, created_at: date(createdAt) },
        skipDuplicates: true,
      })
      return count === 1
    },
    find,
    describe: async (organisationId, name, description) => {
      const where = { organisation_id: organisationId, name }
      await tx.attribute_definition.updateMany({ where, data: { description } })
      return find(organisationId, name)
    },
    list: async (organisationId) => {
      const rows = await tx.attribute_definition.findMany({
        where: { organisation_id: organisationId },
        orderBy: { name: 'asc' },
      })
      return rows.map(toDefinition)
    },
  }
}

const toDefinition = (row: AttributeRow): AttributeDefinition => ({
  organisationId: row.organisation_id as OrganisationId,
  name: row.name,
  type: row.type as AttributeType,
  description: row.description,
  createdAt: instant(row.created_at),
})
