import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementVersionId, OrganisationId } from '#engine/shared/ids.ts'
import { peopleOf } from '#services/access/person-of.ts'
import type { Stores } from '#services/ports/stores.ts'

/** The action under which the audit trail says who wrote something of a version. */
export const VERSION_WRITTEN = 'achievement_version.written'

/**
 * Four eyes, where the organisation wants them: whoever publishes a version is a person who signed in, and wrote nothing
 * of it. Who wrote it is told by the audit trail. Throws `second-person-needed`.
 */
export async function requireSecondPublisher(
  stores: Stores,
  principal: Principal,
  organisationId: OrganisationId,
  written: { readonly achievementId: string; readonly versionId: AchievementVersionId },
): Promise<void> {
  const { secondPersonPublishesAchievement } = await stores.settings.find(organisationId)
  if (!secondPersonPublishesAchievement) return
  const told = await stores.audit.actorsOn(organisationId, [written.versionId], VERSION_WRITTEN)
  // Of drafts from before versions were named there, everybody counts who ever worked on the achievement.
  const authors =
    told.length > 0 ? told : await stores.audit.actorsOn(organisationId, [written.achievementId])
  const publisher = actorOf(principal)
  const people = await peopleOf(stores, organisationId, [publisher, ...authors])
  const isAuthor = authors.some((author) => people.get(author) === people.get(publisher))
  if (principal.kind !== 'session' || isAuthor) throw errors.secondPersonNeeded({ right: 'update' })
}
