import { actorOf, type Principal } from '#engine/access/rights.ts'
import {
  movesFrom,
  possibleActs,
  stateAfter,
  type VersionAct,
  type VersionMove,
} from '#engine/achievements/achievement-life-cycle.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId } from '#engine/shared/ids.ts'
import { peopleOf } from '#services/access/person-of.ts'
import type { AchievementStep } from '#services/ports/achievement-step.ts'
import type { AchievementVersion, PublishedVersion } from '#services/ports/achievement-store.ts'
import type { Stores } from '#services/ports/stores.ts'

export const stepOf = (
  principal: Principal,
  { organisationId, id: versionId, revision }: AchievementVersion,
  step: Pick<AchievementStep, 'id' | 'kind' | 'at' | 'text'>,
): AchievementStep => ({ organisationId, versionId, revision, actor: actorOf(principal), ...step })

/** The state after a move. Throws `version-state-wrong` with what can be done instead. */
export async function requireMove(stores: Stores, version: AchievementVersion, move: VersionMove) {
  const { secondPersonPublishesAchievement: isReviewWanted } = await stores.settings.find(
    version.organisationId,
  )
  const after = stateAfter(version.state, move, isReviewWanted)
  if (after !== undefined) return after
  const possible = movesFrom(version.state, isReviewWanted)
  throw errors.versionStateWrong({ version: version.version, state: version.state, move, possible })
}

/** Throws `version-state-wrong` for what is no draft. */
export async function requireDraft(stores: Stores, version: AchievementVersion): Promise<void> {
  const { version: number, state } = version
  if (state === 'draft') return
  const possible = await actsOn(stores, version)
  throw errors.versionStateWrong({ version: number, state, move: 'edit', possible })
}

/** What can be done with a version, which is the newest of its achievement. */
export async function actsOn(
  stores: Stores,
  { organisationId, state }: Pick<AchievementVersion, 'organisationId' | 'state'>,
): Promise<readonly VersionAct[]> {
  const { secondPersonPublishesAchievement } = await stores.settings.find(organisationId)
  return possibleActs(state, secondPersonPublishesAchievement)
}

/** The version of an achievement that is awarded. Throws `achievement-not-published`. */
export async function publishedVersion(
  stores: Stores,
  achievementId: AchievementId,
): Promise<PublishedVersion> {
  const [version] = await stores.achievements.published([achievementId])
  if (version !== undefined) return version
  const newest = (await stores.achievements.versions(achievementId)).at(-1)
  throw errors.achievementNotPublished({
    achievementId,
    state: newest?.state ?? 'missing',
    possible: newest === undefined ? ['new_version'] : await actsOn(stores, newest),
  })
}

/**
 * Four eyes: who approves is a person who signed in, and none of those who wrote the version or handed it in.
 * Throws `second-person-needed`, where the organisation wants one.
 */
export async function requireSecondPerson(
  stores: Stores,
  approver: { readonly actor: string; readonly isPerson: boolean },
  version: AchievementVersion,
): Promise<void> {
  const { secondPersonPublishesAchievement } = await stores.settings.find(version.organisationId)
  if (!secondPersonPublishesAchievement) return
  const submitters = (await stores.achievements.steps(version.id)).filter(({ kind }) => kind === 'submitted')
  const wrote = [...new Set([...version.authors, ...submitters.map(({ actor }) => actor)])]
  // A key speaks for whoever made it: writing with one's own key and signing in to approve is one person.
  const people = await peopleOf(stores, version.organisationId, [approver.actor, ...wrote])
  const person = people.get(approver.actor)
  if (!approver.isPerson || wrote.some((actor) => people.get(actor) === person))
    throw errors.secondPersonNeeded({ right: 'award' })
}

/**
 * Whether a version may be published as far as its review goes. An approval from before the organisation wanted a second
 * person counts only if it was one. Throws `version-state-wrong`, `second-person-needed`.
 */
export async function requireReviewed(stores: Stores, version: AchievementVersion): Promise<void> {
  await requireMove(stores, version, 'publish')
  if (version.state !== 'approved') return
  const approval = (await stores.achievements.steps(version.id)).findLast(({ kind }) => kind === 'approved')
  const actor = approval?.actor ?? ''
  await requireSecondPerson(stores, { actor, isPerson: actor.startsWith('account:') }, version)
}
