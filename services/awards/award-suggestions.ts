import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AwardId, DecisionId, OrganisationId, RuleId } from '#engine/shared/ids.ts'
import { achievementOf } from '#services/achievements/manage-achievements.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { capOf } from '#services/events/caps.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Decision, DocumentedDecision } from '#services/ports/evaluation-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { RuleSets, RulesInForce } from '#services/rules/rule-sets.ts'
import type { DecideApproval } from './decide-approval.ts'
import type { GrantAwards } from './grant-awards.ts'
import { type AwardOverview, overview } from './manage-awards.ts'
import { mandatesFor } from './require-assessor.ts'

export interface AwardSuggestionsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
  readonly ruleSets: RuleSets
  readonly grantAwards: GrantAwards
  readonly decideApproval: DecideApproval
  readonly wakeUps: WakeUps
}

/** What a rule in mode `suggest` decided is awarded by a person, or by nobody. */
export const createAwardSuggestions = ({
  database,
  clock,
  random,
  audit,
  ruleSets,
  grantAwards,
  decideApproval,
  wakeUps,
}: AwardSuggestionsNeeds) => ({
  /**
   * Awards what a decision `would_award`, once, while it is the last word and its rule version is in force. The person has
   * thereby approved: where the gate asks for more people, the award waits for them. What is anchored is the suggestion:
   * that is what the rule decided, and what a replay gives. Throws `not-found`, `conflict`.
   */
  award: async (
    principal: Principal,
    organisationId: OrganisationId,
    id: DecisionId,
  ): Promise<AwardOverview> => {
    const awarded = await database.inOrganisation(organisationId, async (stores) => {
      // 1. Load, under the subject's lock, as an evaluation does: it cannot decide otherwise meanwhile.
      const found = await stores.evaluation.findDecision(organisationId, id)
      if (found === undefined) throw errors.notFound({ what: 'decision', id })
      await achievementOf(stores, principal, 'award', found.achievementId)
      await stores.evaluation.lockSubjects(organisationId, [found.subjectId])

      // 2. Decide: the rule has, and a person says so. Only once, and only while it is the last word.
      const suggestion = await requireSuggestion(stores, found)
      const awardId = random.rowId() as AwardId
      if (!(await stores.evaluation.linkAward(organisationId, suggestion, awardId)))
        throw errors.conflict({ what: 'decision', reason: 'it was awarded, or another one came after it' })

      // 3. Save. Who awards has approved.
      const now = clock.now()
      const rules = await ruleSets(stores, organisationId)
      await takePlace(stores, rules, { organisationId, ruleId: suggestion.ruleId, awardId })
      await grantAwards(stores, organisationId, rules, [{ ...suggestion, awardId }], now)
      const award = await stores.awards.lock(awardId)
      if (award === undefined) throw errors.conflict({ what: 'decision', reason: 'it was awarded before' })
      const mandates = await mandatesFor(stores, award)
      await audit(stores, {
        organisationId,
        at: now,
        actor: actorOf(principal),
        action: 'award.granted',
        targetType: 'award',
        targetId: awardId,
      })
      return overview(stores, await decideApproval.approve(stores, { award, mandates }, principal))
    })
    await wakeUps.wake('issue')
    await wakeUps.wake('timers')
    return awarded
  },
})

/** Of a rule with a cap: a suggestion takes no place, an award does. */
async function takePlace(
  stores: Stores,
  { ruleSet }: RulesInForce,
  {
    organisationId,
    ruleId,
    awardId,
  }: { readonly organisationId: OrganisationId; readonly ruleId: RuleId; readonly awardId: AwardId },
): Promise<void> {
  if (!ruleSet.capped.has(ruleId)) return
  const placed = await stores.awards.takeSlots(organisationId, { ruleId, cap: capOf(ruleSet, ruleId) }, [
    awardId,
  ])
  if (placed.length === 0)
    throw errors.conflict({ what: 'decision', reason: 'all places of its rule are taken' })
}

/** It is a suggestion of a version in force: a shadow version suggests nothing. */
async function requireSuggestion(stores: Stores, decision: Decision): Promise<DocumentedDecision> {
  const refuse = (reason: string) =>
    errors.conflict({ what: 'decision', reason, state: decision.outcome, possible: [] })
  const { outcome, document } = decision
  if (outcome !== 'would_award') throw refuse(`it is ${outcome} and no suggestion`)
  const version = await stores.rules.findVersion(decision.ruleVersionId)
  if (version?.state !== 'active')
    throw refuse(`its rule version is ${version?.state ?? 'gone'} and not active`)
  // Nothing was suggested before decisions had documents.
  if (document === undefined) throw refuse('it has no document')
  return { ...decision, document }
}
