import { holdsRight, type Principal, type Right } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId, RoleId, UnitId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'

/** What somebody is to be allowed: a role of the organisation, or rights one by one. */
export type RequestedRights = { readonly roleId: RoleId } | { readonly rights: readonly Right[] }

/** The same with what it comes to today. */
export interface GrantedRights {
  readonly roleId?: RoleId
  readonly rights: readonly Right[]
}

/**
 * What is to be granted on a unit, for a caller who holds all of it there.
 * `held` is what the other one has there already: to leave it is not to grant it.
 * Throws `not-found` for a role, `rights-exceed-own`.
 */
export async function grantable(
  stores: Stores,
  caller: Principal,
  organisationId: OrganisationId,
  unitId: UnitId,
  wanted: RequestedRights,
  held: readonly Right[] = [],
): Promise<GrantedRights> {
  const granted = await resolveRights(stores, organisationId, wanted)
  const path = await stores.organisations.unitPath(organisationId, unitId)
  for (const right of granted.rights)
    if (!held.includes(right) && !holdsRight(caller, right, path)) throw errors.rightsExceedOwn({ right })
  return granted
}

async function resolveRights(
  stores: Stores,
  organisationId: OrganisationId,
  wanted: RequestedRights,
): Promise<GrantedRights> {
  if ('rights' in wanted) return { rights: [...new Set(wanted.rights)] }
  const role = await stores.roles.find(organisationId, wanted.roleId)
  if (role === undefined) throw errors.notFound({ what: 'role', id: wanted.roleId })
  return { roleId: role.id, rights: role.rights }
}
