import { holdsRight, type Principal, type Right } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, OrganisationId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * What a list is narrowed to: the achievements on which somebody holds a right, by a grant there or above. `undefined`
 * for whoever holds it on the whole organisation. Throws `forbidden` where they hold it nowhere.
 */
export async function achievementsWith(
  stores: Stores,
  principal: Principal,
  right: Right,
  organisationId: OrganisationId,
): Promise<readonly AchievementId[] | undefined> {
  const root = await stores.organisations.rootUnit(organisationId)
  if (root === undefined) throw errors.notFound({ what: 'organisation', id: organisationId })
  if (principal.kind === 'operator' || holdsRight(principal, right, [root])) return undefined
  const granted = principal.grants.filter(
    (grant) => grant.organisationId === organisationId && grant.rights.includes(right),
  )
  if (granted.length === 0) throw errors.forbidden({ right, unit: root })
  return stores.organisations.achievementsBelow(
    organisationId,
    granted.map(({ unitId }) => unitId),
  )
}
