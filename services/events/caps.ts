import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { CompiledLeaf } from '#engine/rules/compile/compiled-rule.ts'
import type { AwardId, OrganisationId, RuleId } from '#engine/shared/ids.ts'
import type { Decision, DueTimer } from '#services/ports/evaluation-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RulesInForce } from '#services/rules/rule-sets.ts'

/**
 * How many awards the rules with a cap have left, for the rules that these events or timers can touch. Nobody else takes
 * one of them until the transaction ends. Where no rule has a cap it costs nothing. Call it under the subjects' locks.
 */
export async function capsLeft(
  stores: Stores,
  organisationId: OrganisationId,
  { ruleSet }: RulesInForce,
  { events, timers }: { readonly events: readonly StoredEvent[]; readonly timers: readonly DueTimer[] },
): Promise<ReadonlyMap<RuleId, number>> {
  if (ruleSet.capped.size === 0) return new Map()
  // A void meets no leaf, and may make any rule met.
  const isAny = events.some(({ voids }) => voids !== undefined)
  const touched = new Set(isAny ? ruleSet.capped : timers.map(({ ruleId }) => ruleId))
  for (const event of events) {
    const leaves: CompiledLeaf[] = []
    ruleSet.tree.match(event, leaves)
    for (const { hash } of leaves)
      for (const { rule } of ruleSet.byLeaf.get(hash) ?? []) touched.add(rule.ruleId)
  }
  const ruleIds = [...withAskers(ruleSet, touched)].filter((id) => ruleSet.capped.has(id))
  const taken = await stores.awards.takenSlots(organisationId, ruleIds)
  return new Map(ruleIds.map((id) => [id, capOf(ruleSet, id) - (taken.get(id) ?? 0)]))
}

/** Rules that are asked because of what these award, and so on up. */
function withAskers(ruleSet: RulesInForce['ruleSet'], touched: ReadonlySet<RuleId>): ReadonlySet<RuleId> {
  const all = new Set(touched)
  for (const ruleId of all)
    for (const { rule } of ruleSet.byRule.get(ruleId) ?? [])
      for (const asker of ruleSet.dependants.get(rule.achievementId) ?? []) all.add(asker)
  return all
}

/** How many awards a rule with a cap may give in all. */
export const capOf = (ruleSet: RulesInForce['ruleSet'], ruleId: RuleId): number =>
  ruleSet.byRule.get(ruleId)?.find(({ rule }) => rule.status === 'active')?.limits.cap ?? 0

/** Takes the places of what was decided. The database forbids one more than there are, whatever was counted. */
export async function takePlaces(
  stores: Stores,
  organisationId: OrganisationId,
  { ruleSet }: RulesInForce,
  decisions: readonly Decision[],
): Promise<void> {
  if (ruleSet.capped.size === 0) return
  for (const ruleId of ruleSet.capped) {
    const awardIds = decisions.flatMap((decision): AwardId[] =>
      decision.ruleId === ruleId && decision.awardId !== undefined ? [decision.awardId] : [],
    )
    if (awardIds.length === 0) continue
    const placed = await stores.awards.takeSlots(
      organisationId,
      { ruleId, cap: capOf(ruleSet, ruleId) },
      awardIds,
    )
    // Cannot be: they were counted under a lock. If it is, nothing of the pass happens, and it is tried again.
    if (placed.length < awardIds.length) throw new Error(`Rule ${ruleId} has fewer places than were counted.`)
  }
}
