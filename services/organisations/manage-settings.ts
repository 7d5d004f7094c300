import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { OrganisationSettings } from '#services/ports/setting-store.ts'

export interface ManageSettingsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditTrail
}

export const createManageSettings = ({ database, clock, audit }: ManageSettingsNeeds) => ({
  find: (principal: Principal, organisationId: OrganisationId): Promise<OrganisationSettings> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      return stores.settings.find(organisationId)
    }),

  /** Throws `precondition-failed` when somebody else has changed them since revision `seen`. */
  change: (
    principal: Principal,
    organisationId: OrganisationId,
    seen: number,
    change: Partial<Omit<OrganisationSettings, 'revision'>>,
  ): Promise<OrganisationSettings> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'administer', organisationId)
      const before = await stores.settings.find(organisationId)
      const changed = await stores.settings.change(organisationId, seen, { ...before, ...change })
      if (changed === undefined) throw errors.preconditionFailed({ current: before.revision })
      await audit(stores, {
        organisationId,
        at: clock.now(),
        actor: actorOf(principal),
        action: 'organisation.settings_changed',
        targetType: 'organisation',
        targetId: organisationId,
        detail: { ...change },
      })
      return changed
    }),
})
