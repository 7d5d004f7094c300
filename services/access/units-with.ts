import type { Principal, Right } from '#engine/access/rights.ts'
import { rightsIn } from '#engine/access/unit-tree.ts'
import type { OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'
import { requireRightSomewhere } from './authorise.ts'

/**
 * The units on which somebody holds a right, by a grant there or above; of the achievements, those where anybody is a
 * member or invited, which is all that is asked of these. Throws `forbidden` where the right is held nowhere.
 */
export async function unitsWith(
  stores: Stores,
  principal: Principal,
  right: Right,
  organisationId: OrganisationId,
): Promise<readonly UnitId[]> {
  const tree = await stores.organisations.units(organisationId)
  const peopled = await stores.organisations.achievementUnitsWithPeople(organisationId)
  const held = rightsIn(principal, [...tree, ...peopled])
  const units = [...held].flatMap(([id, rights]) => (rights.includes(right) ? [id] : []))
  if (units.length === 0) requireRightSomewhere(principal, right, organisationId)
  return units
}
