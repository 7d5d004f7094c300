import type { RuleId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'

/** Has the rules looked at again that ask for this badge: they may be met now. Wake `timers` after the commit. */
export async function wakeAskers(
  stores: Stores,
  ruleSets: RuleSets,
  award: Award,
  now: Instant,
): Promise<void> {
  const { ruleSet } = await ruleSets(stores, award.organisationId)
  await wake(stores, award, ruleSet.dependants.get(award.achievementId) ?? [], now)
}

/**
 * Has the rules looked at again that award the same badge, one a person, and that this award has shut out. Wake `timers`
 * after the commit.
 */
export async function wakeShutOut(
  stores: Stores,
  ruleSets: RuleSets,
  award: Award,
  now: Instant,
): Promise<void> {
  const { ruleSet } = await ruleSets(stores, award.organisationId)
  const others = (ruleSet.awarding.get(award.achievementId) ?? []).filter(
    ({ isOnePerPerson, rule }) => isOnePerPerson && rule.ruleId !== award.byRule?.ruleId,
  )
  await wake(
    stores,
    award,
    others.map(({ rule }) => rule.ruleId),
    now,
  )
}

const wake = (
  stores: Stores,
  { organisationId, subjectId }: Award,
  ruleIds: readonly RuleId[],
  at: Instant,
): Promise<void> =>
  stores.evaluation.saveTimers(
    organisationId,
    ruleIds.map((ruleId) => ({ ruleId, subjectId, at })),
    false,
  )
