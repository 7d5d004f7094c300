import { actorOf, organisationsOf, type Principal, RIGHTS } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AccountId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Organisation, Unit } from '#services/ports/organisation-store.ts'
import type { Random } from '#services/ports/random.ts'

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
  /** Gets every right on the root unit. */
  readonly owner: AccountId
}

export const createManageOrganisations = ({ database, clock, random, audit }: ManageOrganisationsNeeds) => ({
  /** Makes an organisation with its root unit and owner. Throws `slug-taken`. */
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
      await stores.organisations.insertMembership({
        organisationId: id,
        id: random.rowId(),
        unitId: rootUnit,
        accountId: wanted.owner,
        rights: RIGHTS,
      })
      await audit(stores, {
        organisationId: id,
        at: clock.now(),
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

  units: (principal: Principal, organisationId: OrganisationId): Promise<readonly Unit[]> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      return stores.organisations.units(organisationId)
    }),

  createUnit: (
    principal: Principal,
    organisationId: OrganisationId,
    wanted: { readonly name: string; readonly parentId?: UnitId },
  ): Promise<Unit> =>
    database.inOrganisation(organisationId, async (stores) => {
      const parentId = wanted.parentId ?? (await stores.organisations.rootUnit(organisationId))
      if (parentId === undefined) throw errors.notFound({ what: 'organisation', id: organisationId })
      await requireRight(stores, principal, 'administer', organisationId, parentId)
      const unit: Unit = {
        organisationId,
        id: random.rowId() as UnitId,
        parentId,
        kind: 'group',
        name: wanted.name,
      }
      await stores.organisations.insertUnit(unit)
      await audit(stores, {
        organisationId,
        at: clock.now(),
        actor: actorOf(principal),
        action: 'unit.created',
        targetType: 'unit',
        targetId: unit.id,
      })
      return unit
    }),
})
