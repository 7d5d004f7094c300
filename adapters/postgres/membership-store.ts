import type { Right } from '#engine/access/rights.ts'
import type { AccountId, MembershipId, OrganisationId, RoleId, UnitId } from '#engine/shared/ids.ts'
import type { membership as MembershipRow, Prisma } from '#prisma'
import type { Membership, MembershipStore } from '#services/ports/membership-store.ts'
import { rightsOfRoles, rightsOfRow } from './role-store.ts'
import { date, instant, known, newestFirst, page, type Transaction } from './rows.ts'

export function membershipStore(tx: Transaction): MembershipStore {
  const whole = async (organisationId: string, rows: readonly MembershipRow[]): Promise<Membership[]> => {
    const roles = await rightsOfRoles(
      tx,
      organisationId,
      rows.map((row) => row.role_id),
    )
    return rows.map((row) => membership(row, rightsOfRow(row, roles)))
  }
  return {
    insert: async ({ organisationId, id, unitId, accountId, roleId, rights, revision, createdAt }) => {
      await tx.membership.create({
        data: {
          organisation_id: organisationId,
          id,
          unit_id: unitId,
          account_id: accountId,
          role_id: roleId ?? null,
          rights: roleId === undefined ? [...rights] : [],
          revision,
          created_at: date(createdAt),
        },
      })
    },
    list: async (organisationId, unitIds, request) => {
      const rows = await tx.membership.findMany(
        newestFirst<Prisma.membershipWhereInput>('created_at', request, {
          organisation_id: organisationId,
          unit_id: { in: [...unitIds] },
        }),
      )
      return page(await whole(organisationId, rows), request.limit, (each) => each.createdAt)
    },
    find: async (organisationId, id) => {
      const row = await tx.membership.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : (await whole(organisationId, [row]))[0]
    },
    ofAccount: async (organisationId, accountId) =>
      whole(
        organisationId,
        await tx.membership.findMany({ where: { organisation_id: organisationId, account_id: accountId } }),
      ),
    withRole: async (organisationId, roleId) =>
      whole(
        organisationId,
        await tx.membership.findMany({ where: { organisation_id: organisationId, role_id: roleId } }),
      ),
    replace: async ({ organisationId, id, revision }, { roleId, rights }) => {
      const { count } = await tx.membership.updateMany({
        where: { organisation_id: organisationId, id, revision },
        data: {
          role_id: roleId ?? null,
          rights: roleId === undefined ? [...rights] : [],
          revision: revision + 1,
        },
      })
      return count === 1
    },
    delete: async (organisationId, id) => {
      const { count } = await tx.membership.deleteMany({ where: { organisation_id: organisationId, id } })
      return count === 1
    },
    countAdministrators: async (organisationId) => {
      const [row] = await tx.$queryRaw<{ people: number }[]>`
        SELECT count(DISTINCT membership.account_id)::int AS people FROM membership
        JOIN unit ON unit.organisation_id = membership.organisation_id AND unit.id = membership.unit_id
        LEFT JOIN role ON role.organisation_id = membership.organisation_id AND role.id = membership.role_id
        WHERE membership.organisation_id = ${organisationId}::uuid AND unit.parent_id IS NULL
          AND 'administer' = ANY(coalesce(role.rights, membership.rights))`
      return row?.people ?? 0
    },
  }
}

const membership = (row: MembershipRow, rights: readonly Right[]): Membership => ({
  ...known({ roleId: row.role_id as RoleId | null }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as MembershipId,
  unitId: row.unit_id as UnitId,
  accountId: row.account_id as AccountId,
  rights,
  revision: row.revision,
  createdAt: instant(row.created_at),
})
