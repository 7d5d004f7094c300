import { unitOfAchievement } from '#engine/access/achievement-unit.ts'
import {
  holdsRight,
  holdsRightSomewhere,
  organisationsOf,
  type Principal,
  type Right,
} from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * Which organisation a call speaks of: the API key's own, or the one a person names, or the person's only one.
 * One in which the caller has no rights is "not found", exactly like one that does not exist.
 */
export function organisationFor(principal: Principal, requested: string | undefined): OrganisationId {
  if (principal.kind === 'operator') {
    if (requested === undefined) throw errors.organisationRequired({})
    return requested as OrganisationId
  }
  const own = organisationsOf(principal)
  const only = own.length === 1 ? own[0] : undefined
  const named = requested === undefined ? only : own.find((id) => id === requested)
  if (named !== undefined) return named
  if (requested !== undefined) throw errors.notFound({ what: 'organisation', id: requested })
  throw own.length === 0 ? errors.noOrganisation({}) : errors.organisationRequired({})
}

/** Throws `forbidden` unless the right is held on the unit or above it; `not-found` when there is no such unit. */
export async function requireRight(
  stores: Stores,
  principal: Principal,
  right: Right,
  organisationId: OrganisationId,
  unitId?: UnitId,
): Promise<void> {
  if (unitId === undefined) {
    const root = await stores.organisations.rootUnit(organisationId)
    return requireRightOnRoot(principal, right, organisationId, root)
  }
  const path = await stores.organisations.unitPath(organisationId, unitId)
  if (path.length === 0) throw errors.notFound({ what: 'unit', id: unitId })
  if (!holdsRight(principal, right, path)) throw errors.forbidden({ right, unit: unitId })
}

/** The same on one achievement of which it is known that it is there: what happens to it, its awards, rules and badges. */
export const requireRightOnAchievement = (
  stores: Stores,
  principal: Principal,
  right: Right,
  organisationId: OrganisationId,
  achievementId: AchievementId,
): Promise<void> => requireRight(stores, principal, right, organisationId, unitOfAchievement(achievementId))

/** For what belongs to no unit and tells nothing of one. Throws `forbidden` for whoever holds the right nowhere. */
export function requireRightSomewhere(
  principal: Principal,
  right: Right,
  organisationId: OrganisationId,
): void {
  if (!holdsRightSomewhere(principal, right, organisationId)) throw errors.forbidden({ right })
}

/** The same on the whole organisation, where its root unit is known: above it there is nothing. */
export function requireRightOnRoot(
  principal: Principal,
  right: Right,
  organisationId: OrganisationId,
  root: UnitId | undefined,
): void {
  if (root === undefined) throw errors.notFound({ what: 'organisation', id: organisationId })
  if (!holdsRight(principal, right, [root])) throw errors.forbidden({ right, unit: root })
}
