import { holdsRight, type Principal } from '#engine/access/rights.ts'
import type { OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'
import { requireRight } from './authorise.ts'

/**
 * A unit and those above it, as far up as the caller administers them: where whoever may do something on it was given
 * that. Throws `forbidden`, `not-found`.
 */
export async function administeredAbove(
  stores: Stores,
  principal: Principal,
  organisationId: OrganisationId,
  unitId: UnitId,
): Promise<readonly UnitId[]> {
  await requireRight(stores, principal, 'administer', organisationId, unitId)
  const path = await stores.organisations.unitPath(organisationId, unitId)
  return path.filter((_, at) => holdsRight(principal, 'administer', path.slice(at)))
}
