import { unitOfAchievement } from '#engine/access/achievement-unit.ts'
import type { AchievementId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { peopleOf } from '#services/access/person-of.ts'
import type { Stores } from '#services/ports/stores.ts'
import { assessingNow } from './require-assessor.ts'

/**
 * The different people who may approve an award of an achievement now: its assessors where it has any, or else members and
 * keys with the right, see `peopleOf`.
 */
export async function approversOf(
  stores: Stores,
  organisationId: OrganisationId,
  achievementId: AchievementId,
  now: Instant,
): Promise<ReadonlySet<string>> {
  const assessors = await assessingNow(stores, organisationId, achievementId, now)
  if (assessors !== undefined) return assessors
  const path = await stores.organisations.unitPath(organisationId, unitOfAchievement(achievementId))
  const holders = await stores.access.holdersOf(organisationId, 'award', path, now)
  return new Set((await peopleOf(stores, organisationId, holders)).values())
}
