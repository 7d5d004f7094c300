import { mapResults } from '#engine/rules/evaluate/results.ts'
import { leavesOf } from '#engine/rules/explain/evidence.ts'
import type { EventId, OrganisationId } from '#engine/shared/ids.ts'
import type { Decision } from '#services/ports/evaluation-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RulesInForce } from '#services/rules/rule-sets.ts'

/** What the credential will say about results, from the events that the decision rests on. One query where a rule maps any. */
export async function fillInResults(
  stores: Stores,
  organisationId: OrganisationId,
  { ruleSet }: RulesInForce,
  decisions: readonly Decision[],
): Promise<readonly Decision[]> {
  const mappingsOf = ({ ruleVersionId, outcome }: Decision) =>
    outcome === 'retracted' || outcome === 'blocked'
      ? undefined
      : ruleSet.byVersion.get(ruleVersionId)?.rule.document.results
  const mapped = decisions.filter((decision) => mappingsOf(decision) !== undefined)
  if (mapped.length === 0) return decisions
  const ids = new Set<EventId>(
    mapped.flatMap(({ trace }) =>
      leavesOf(trace).flatMap(({ evidence, joined = [] }) => [...evidence, ...joined]),
    ),
  )
  const events = new Map(
    (await stores.events.findMany(organisationId, [...ids])).map(({ id, event }) => [id, event]),
  )
  return decisions.map((decision) => {
    const mappings = mappingsOf(decision)
    if (mappings === undefined) return decision
    return { ...decision, results: mapResults(mappings, decision.trace, (id) => events.get(id)) }
  })
}
