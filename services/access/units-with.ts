import type { Principal, Right } from '#engine/access/rights.ts'
import { rightsIn } from '#engine/access/unit-tree.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'

/** The units on which somebody holds a right, by a grant there or above. Throws `forbidden` where there is none. */
export async function unitsWith(
  stores: Stores,
  principal: Principal,
  right: Right,
  organisationId: OrganisationId,
): Promise<readonly UnitId[]> {
  const held = rightsIn(principal, await stores.organisations.units(organisationId))
  const units = [...held].flatMap(([id, rights]) => (rights.includes(right) ? [id] : []))
  if (units.length === 0) throw errors.forbidden({ right })
  return units
}
