import { actorOf, type Principal } from '#engine/access/rights.ts'
import type { HouseStyle } from '#engine/achievements/house-style.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Json } from '#engine/shared/json.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { StoredHouseStyle } from '#services/ports/house-style-store.ts'
import { requireContrast } from './badge-designs.ts'
import { storedPng } from './stored-png.ts'

export interface HouseStylesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditTrail
}

export const createHouseStyles = ({ database, clock, audit }: HouseStylesNeeds) => ({
  find: (principal: Principal, organisationId: OrganisationId): Promise<StoredHouseStyle> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      return stores.houseStyles.find(organisationId)
    }),

  /**
   * Throws `contrast-too-low`, `image-unknown` for the logo, and `precondition-failed` when somebody else has changed it
   * since revision `seen`. Pictures that were composed before stay what they are.
   */
  replace: (
    principal: Principal,
    organisationId: OrganisationId,
    seen: number,
    style: HouseStyle,
  ): Promise<StoredHouseStyle> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'administer', organisationId)
      requireContrast(style.colours)
      if (style.logo !== undefined) await storedPng(stores, style.logo)
      const before = await stores.houseStyles.find(organisationId)
      const changed = await stores.houseStyles.replace(organisationId, seen, style)
      if (changed === undefined) throw errors.preconditionFailed({ current: before.revision })
      await audit(stores, {
        organisationId,
        at: clock.now(),
        actor: actorOf(principal),
        action: 'organisation.house_style_changed',
        targetType: 'organisation',
        targetId: organisationId,
        detail: { style: style as unknown as Json },
      })
      return changed
    }),
})
export type HouseStyles = ReturnType<typeof createHouseStyles>
