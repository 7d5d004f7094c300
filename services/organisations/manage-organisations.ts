import { BUILT_IN_ROLES } from '#engine/access/built-in-roles.ts'
import { actorOf, organisationsOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AccountId, MembershipId, OrganisationId, RoleId, UnitId } from '#engine/shared/ids.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Organisation } from '#services/ports/organisation-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Role } from '#services/ports/role-store.ts'

export interface ManageOrganisationsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
}

export interface NewOrganisation {
  readonly slug: string
  readonly name: string
  readonly sample?: boolean
  /** Becomes its administrator. */
  readonly owner: AccountId
}

export const createManageOrganisations = ({ database, clock, random, audit }: ManageOrganisationsNeeds) => ({
  /** Makes an organisation with its root unit, the roles that all have, and its owner. Throws `slug-taken`. */
  create: async (
    principal: Principal,
    wanted: NewOrganisation,
  ): Promise<{ readonly organisation: Organisation; readonly rootUnit: UnitId }> => {
    const id = random.rowId() as OrganisationId
    const rootUnit = random.rowId() as UnitId
    const organisation: Organisation = {
      id,
      slug: wanted.slug,
      name: wanted.name,
      sample: wanted.sample ?? false,
    }
    await database.asWorker(async (stores) => {
      if (!(await stores.organisations.takeSlug(wanted.slug, 'organisation')))
        throw errors.slugTaken({ slug: wanted.slug })
      await stores.organisations.insert(organisation)
      await stores.organisations.insertUnit({
        organisationId: id,
        id: rootUnit,
        kind: 'organisation',
        name: wanted.name,
      })
      const now = clock.now()
      const made = (role: (typeof BUILT_IN_ROLES)[number]): Role => ({
        ...role,
        organisationId: id,
        id: random.rowId() as RoleId,
        description: '',
        revision: 1,
        createdAt: now,
      })
      const [first, ...others] = BUILT_IN_ROLES
      const administrator = made(first)
      for (const role of [administrator, ...others.map(made)]) await stores.roles.insert(role)
      await stores.memberships.insert({
        organisationId: id,
        id: random.rowId() as MembershipId,
        unitId: rootUnit,
        accountId: wanted.owner,
        roleId: administrator.id,
        rights: administrator.rights,
        revision: 1,
        createdAt: now,
      })
      await audit(stores, {
        organisationId: id,
        at: now,
        actor: actorOf(principal),
        action: 'organisation.created',
        targetType: 'organisation',
        targetId: id,
      })
    })
    return { organisation, rootUnit }
  },

  /** The organisations in which the caller has any right. */
  mine: (principal: Principal): Promise<readonly Organisation[]> =>
    database.asWorker((stores) => stores.organisations.findMany(organisationsOf(principal))),
})
