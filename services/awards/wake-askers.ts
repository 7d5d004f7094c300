import type { Instant } from '#engine/shared/instant.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'

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
  await stores.evaluation.saveTimers(
    award.organisationId,
    others.map(({ rule: { ruleId } }) => ({ ruleId, subjectId: award.subjectId, at: now })),
    false,
  )
}

/** Has the rules looked at again that ask for this badge: they may be met now. Wake `timers` after the commit. */
export async function wakeAskers(
  stores: Stores,
  ruleSets: RuleSets,
  award: Award,
  now: Instant,
): Promise<void> {
  const { ruleSet } = await ruleSets(stores, award.organisationId)
  const asking = ruleSet.dependants.get(award.achievementId) ?? []
  await stores.evaluation.saveTimers(
    award.organisationId,
    asking.map((ruleId) => ({ ruleId, subjectId: award.subjectId, at: now })),
    false,
  )
}
