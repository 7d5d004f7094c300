import { criteriaOf, mandateState } from '#engine/achievements/assessor-mandate.ts'
import type { ApprovalMandate } from '#engine/awards/award-gate.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { peopleOf } from '#services/access/person-of.ts'
import type { AssessorMandate } from '#services/ports/assessor-store.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * The mandates that nobody ended. An achievement has assessors while there is one, even if none of them may assess today:
 * that the last mandate ran out does not hand its awards over to everybody.
 */
export const openMandates = async (
  stores: Stores,
  organisationId: OrganisationId,
  achievementId: AchievementId,
): Promise<readonly AssessorMandate[]> =>
  (await stores.assessors.ofAchievement(organisationId, achievementId)).filter(
    ({ endedAt }) => endedAt === undefined,
  )

/** All mandates of an achievement, read once: which right is needed and whose mandate counts are said from the same ones. */
export const mandatesFor = (
  stores: Stores,
  { organisationId, achievementId }: Award,
): Promise<readonly AssessorMandate[]> => stores.assessors.ofAchievement(organisationId, achievementId)

/** Assessors need no right to award: their mandate is it. Where there are none, the right decides. */
export const rightToAssess = (mandates: readonly AssessorMandate[]): 'read' | 'award' =>
  hasOpen(mandates) ? 'read' : 'award'

const hasOpen = (mandates: readonly AssessorMandate[]): boolean =>
  mandates.some(({ endedAt }) => endedAt === undefined)

/**
 * By which mandate a person speaks about an award; undefined where its achievement has no assessors.
 * Throws `mandate-needed` with what became of their own. The mandates are those by which the right was asked: were they read
 * anew and the last one ended in between, nobody would have been asked for anything.
 */
export async function requireAssessor(
  stores: Stores,
  { organisationId, achievementId }: Award,
  all: readonly AssessorMandate[],
  /** As `personOf` names them. */
  person: string,
  now: Instant,
): Promise<ApprovalMandate | undefined> {
  if (!hasOpen(all)) return undefined
  const people = await assessorsOf(stores, organisationId, all)
  const own = all.filter((mandate) => people.get(mandate) === person)
  const active = own.filter((mandate) => mandateState(mandate, now) === 'active')
  const [widest] = active.toSorted((a, b) => width(b) - width(a))
  if (widest !== undefined) return { id: widest.id, criteria: criteriaOf(active) }
  const newest = own.at(-1)
  throw errors.mandateNeeded({
    achievementId,
    state: newest === undefined ? 'none' : mandateState(newest, now),
  })
}

/** The people who may assess an achievement now; undefined where it has no assessors. */
export async function assessingNow(
  stores: Stores,
  organisationId: OrganisationId,
  achievementId: AchievementId,
  now: Instant,
): Promise<ReadonlySet<string> | undefined> {
  const open = await openMandates(stores, organisationId, achievementId)
  if (open.length === 0) return undefined
  const active = open.filter((mandate) => mandateState(mandate, now) === 'active')
  return new Set((await assessorsOf(stores, organisationId, active)).values())
}

/** Who stands behind each mandate, where somebody does. */
async function assessorsOf(
  stores: Stores,
  organisationId: OrganisationId,
  mandates: readonly AssessorMandate[],
): Promise<ReadonlyMap<AssessorMandate, string>> {
  const actors = mandates.flatMap(({ accountId }) =>
    accountId === undefined ? [] : [`account:${accountId}`],
  )
  const people = await peopleOf(stores, organisationId, [...new Set(actors)])
  return new Map(
    mandates.flatMap((mandate) => {
      const person = people.get(`account:${mandate.accountId}`)
      return person === undefined ? [] : [[mandate, person] as const]
    }),
  )
}

const width = ({ criteria }: AssessorMandate): number => (criteria.length === 0 ? Infinity : criteria.length)

/** Ids of the criteria that an award is assessed by. */
export async function criteriaIdsOf(stores: Stores, award: Award): Promise<readonly string[]> {
  const version = await stores.achievements.version(award.achievementVersionId)
  return version?.definition.criteriaItems?.map(({ id }) => id) ?? []
}
