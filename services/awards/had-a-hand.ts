import type { Trace } from '#engine/rules/explain/trace.ts'
import type { EventId } from '#engine/shared/ids.ts'
import { peopleOf } from '#services/access/person-of.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * The people who had a hand in what led to an award: who wrote its rule version, who brought that into force, and who is
 * named in the audit trail for one of the events that its decision rests on (who let a quarantined one in, say).
 * What a source sends is the source's: no person is known for it, and none is guessed.
 */
export async function peopleWithAHand(stores: Stores, award: Award): Promise<ReadonlySet<string>> {
  const { byRule, organisationId } = award
  if (byRule === undefined) return new Set()
  const version = await stores.rules.findVersion(byRule.ruleVersionId)
  const decision = await stores.evaluation.findDecision(organisationId, byRule.decisionId)
  const events = decision === undefined ? [] : eventsIn(decision.trace)
  const actors = [
    ...(version === undefined ? [] : [version.author]),
    ...(version?.approver === undefined ? [] : [version.approver]),
    ...(await stores.audit.actorsOn(organisationId, [...new Set(events)])),
  ]
  return new Set((await peopleOf(stores, organisationId, [...new Set(actors)])).values())
}

function eventsIn(trace: Trace): readonly EventId[] {
  return 'children' in trace ? trace.children.flatMap(eventsIn) : trace.evidence
}
