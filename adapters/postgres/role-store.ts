import type { BuiltInRole } from '#engine/access/built-in-roles.ts'
import type { Right } from '#engine/access/rights.ts'
import type { OrganisationId, RoleId } from '#engine/shared/ids.ts'
import type { role as RoleRow } from '#prisma'
import type { Role, RoleStore } from '#services/ports/role-store.ts'
import { date, instant, known, type Transaction } from './rows.ts'

export function roleStore(tx: Transaction): RoleStore {
  return {
    insert: async ({ organisationId, id, name, description, rights, builtIn, revision, createdAt }) => {
      await tx.role.create({
        data: {
          organisation_id: organisationId,
          id,
          name,
          description,
          rights: [...rights],
          built_in: builtIn ?? null,
          revision,
          created_at: date(createdAt),
        },
      })
    },
    list: async (organisationId) =>
      (
        await tx.role.findMany({
          where: { organisation_id: organisationId },
          orderBy: [{ built_in: { sort: 'asc', nulls: 'last' } }, { name: 'asc' }],
        })
      ).map(role),
    find: async (organisationId, id) => {
      const row = await tx.role.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : role(row)
    },
    findByName: async (organisationId, name) => {
      const [found] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM role WHERE organisation_id = ${organisationId}::uuid AND lower(name) = lower(${name})`
      if (found === undefined) return undefined
      const row = await tx.role.findFirst({ where: { organisation_id: organisationId, id: found.id } })
      return row === null ? undefined : role(row)
    },
    replace: async ({ organisationId, id, revision }, { name, description, rights }) => {
      const { count } = await tx.role.updateMany({
        where: { organisation_id: organisationId, id, revision },
        data: { name, description, rights: [...rights], revision: revision + 1 },
      })
      return count === 1
    },
    use: async (organisationId, id, now) => {
      const named = { organisation_id: organisationId, role_id: id }
      const select = { id: true } as const
      const members = await tx.membership.findMany({ where: named, select })
      const invitations = await tx.invitation.findMany({
        where: { ...named, state: 'open', expires_at: { gt: date(now) } },
        select,
      })
      const apiKeys = await tx.api_key.findMany({
        where: { ...named, revoked_at: null, OR: [{ expires_at: null }, { expires_at: { gt: date(now) } }] },
        select,
      })
      const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id)
      return { members: ids(members), invitations: ids(invitations), apiKeys: ids(apiKeys) }
    },
    delete: async ({ organisationId, id, rights }) => {
      const named = { where: { organisation_id: organisationId, role_id: id } }
      const data = { role_id: null, rights: [...rights] }
      await tx.invitation.updateMany({ ...named, data })
      await tx.api_key.updateMany({ ...named, data })
      await tx.role.deleteMany({ where: { organisation_id: organisationId, id } })
    },
  }
}

/** What the roles with these ids say, in one question. */
export async function rightsOfRoles(
  tx: Transaction,
  organisationId: string,
  roleIds: readonly (string | null)[],
): Promise<ReadonlyMap<string, readonly Right[]>> {
  const ids = [...new Set(roleIds.filter((id) => id !== null))]
  if (ids.length === 0) return new Map()
  const rows = await tx.role.findMany({
    where: { organisation_id: organisationId, id: { in: ids } },
    select: { id: true, rights: true },
  })
  return new Map(rows.map((row) => [row.id, row.rights as Right[]]))
}

/** The rights of a row that names a role or has its own. */
export const rightsOfRow = (
  row: { readonly role_id: string | null; readonly rights: readonly string[] },
  roles: ReadonlyMap<string, readonly Right[]>,
): readonly Right[] => (row.role_id === null ? (row.rights as Right[]) : (roles.get(row.role_id) ?? []))

const role = (row: RoleRow): Role => ({
  ...known({ builtIn: row.built_in as BuiltInRole | null }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as RoleId,
  name: row.name,
  description: row.description,
  rights: row.rights as Right[],
  revision: row.revision,
  createdAt: instant(row.created_at),
})
