import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AwardId, DecisionId, OrganisationId } from '#engine/shared/ids.ts'
import { achievementOf } from '#services/achievements/manage-achievements.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { documentDecisions } from '#services/events/document-decisions.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Decision } from '#services/ports/evaluation-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import type { DecideApproval } from './decide-approval.ts'
import type { GrantAwards } from './grant-awards.ts'
import { type AwardOverview, overview } from './manage-awards.ts'
import { wakeAskers } from './wake-askers.ts'

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
   * thereby approved: where the gate asks for more people, the award waits for them. Throws `not-found`, `conflict`.
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
      await requireStanding(stores, organisationId, found)

      // 2. Decide: the rule has, and a person says so.
      const rules = await ruleSets(stores, organisationId)
      const now = clock.now()
      const isGated = rules.ruleSet.rules.some(
        ({ rule }) =>
          rule.ruleVersionId === found.ruleVersionId && rule.document.gate?.approval !== undefined,
      )
      const awardId = random.rowId() as AwardId
      const decision: Decision = {
        ...found,
        id: random.rowId() as DecisionId,
        decidedAt: now,
        outcome: isGated ? 'needs_review' : 'award',
        awardId,
      }

      // 3. Save.
      const documented = await documentDecisions(stores, {
        organisationId,
        rules,
        knowledge: await stores.evaluation.knowledge(organisationId, [decision.subjectId]),
        result: { states: new Map() },
        decisions: [decision],
      })
      await grantAwards(stores, organisationId, rules, documented, now)
      await stores.evaluation.saveDecisions(organisationId, documented)
      const award = await stores.awards.lock(awardId)
      if (award === undefined) throw errors.conflict({ what: 'decision', reason: 'it was awarded before' })
      await audit(stores, {
        organisationId,
        at: now,
        actor: actorOf(principal),
        action: 'award.granted',
        targetType: 'award',
        targetId: awardId,
      })
      if (isGated) return overview(stores, await decideApproval.approve(stores, award, principal))
      await wakeAskers(stores, ruleSets, award, now)
      return overview(stores, award)
    })
    await wakeUps.wake('issue')
    await wakeUps.wake('timers')
    return awarded
  },
})

/** It is a suggestion of a version in force, and nothing was decided after it. */
async function requireStanding(
  stores: Stores,
  organisationId: OrganisationId,
  decision: Decision,
): Promise<void> {
  const refuse = (reason: string) => errors.conflict({ what: 'decision', reason })
  if (decision.outcome !== 'would_award') throw refuse(`it is ${decision.outcome} and no suggestion`)
  const version = await stores.rules.findVersion(decision.ruleVersionId)
  if (version?.state !== 'active')
    throw refuse(`its rule version is ${version?.state ?? 'gone'} and not active`)
  const standing = await stores.evaluation.standing(organisationId, decision)
  if (standing?.decisionId !== decision.id)
    throw refuse(`it is no longer the last one: ${standing?.outcome ?? 'nothing'} is`)
}
