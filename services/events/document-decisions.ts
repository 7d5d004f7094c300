import { decisionDocument, type UsedHolding, usedHolding } from '#engine/decisions/decision-document.ts'
import { evidenceOf } from '#engine/decisions/shown-trace.ts'
import type { EvaluationResult, Holding } from '#engine/rules/evaluate/evaluation.ts'
import { currentVerdict } from '#engine/rules/explain/explain.ts'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import type { AchievementId, OrganisationId, RuleVersionId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { changedStates } from '#engine/state/leaf-states.ts'
import type { Decision, DocumentedDecision, SubjectKnowledge } from '#services/ports/evaluation-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RulesInForce } from '#services/rules/rule-sets.ts'

interface Decided {
  readonly organisationId: OrganisationId
  readonly rules: RulesInForce
  readonly knowledge: SubjectKnowledge
  readonly result: Pick<EvaluationResult, 'states'>
  /** The decisions of the result, in its order, with their ids. */
  readonly decisions: readonly Decision[]
}

/**
 * Writes the document of each decision while everything that it rests on is at hand: the digests of its events and the
 * badges that it took to be held. Costs one query, and for a badge that a rule awarded, judging that rule once.
 */
export async function documentDecisions(
  stores: Stores,
  decided: Decided,
): Promise<readonly DocumentedDecision[]> {
  const { organisationId, rules, decisions } = decided
  if (decisions.length === 0) return []
  const evidence = decisions.map(({ trace }) => evidenceOf(trace))
  const subjectIds = [...new Set(decisions.map(({ subjectId }) => subjectId))]
  const events = await stores.evaluation.evidence(organisationId, subjectIds, [...new Set(evidence.flat())])
  const states = changedStates(decided.knowledge.states, decided.result.states)
  const given = new Map<SubjectId, Holding[]>()
  return decisions.map((decision, at) => {
    const { id, decidedAt, awardId: _award, document: _document, ...made } = decision
    const document = decisionDocument(made, {
      id,
      decidedAt,
      ruleDigest: toHex(rules.digestOf.get(made.ruleVersionId) ?? new Uint8Array()),
      events: (evidence[at] ?? []).flatMap((eventId) => events.get(eventId) ?? []),
      holdings: holdingsFor(decision),
    })
    if (made.outcome === 'award') {
      const holding: Holding = { achievementId: made.achievementId, since: made.metAt, by: made.ruleId }
      given.set(made.subjectId, [...(given.get(made.subjectId) ?? []), holding])
    }
    return { ...decision, document: utf8(document) }
  })

  /** What the decision's rule asks to be held, and was: from before, or by an earlier decision of the same pass. */
  function holdingsFor({
    subjectId,
    decidedAt,
    achievementId,
    ruleVersionId,
  }: Decision): readonly UsedHolding[] {
    const { knowledge } = decided
    const asked = askedFor(rules, ruleVersionId)
    if (asked.size === 0) return []
    const held = [...(knowledge.holdings.get(subjectId) ?? []), ...(given.get(subjectId) ?? [])]
    return held
      .filter(({ achievementId }) => asked.has(achievementId))
      .filter(
        ({ achievementId: of, until, isRevoked }) =>
          until === undefined || until > decidedAt || (of === achievementId && isRevoked !== true),
      )
      .map((holding) => usedHolding(holding, sinceOf(holding, subjectId, held)))
  }

  /** The engine asks the rule that awarded a badge again since when: an event may have come late. So do we. */
  function sinceOf(
    { by, since, occurrence = 'once' }: Holding,
    subjectId: SubjectId,
    holdings: readonly Holding[],
  ): Instant {
    const active =
      by === undefined
        ? undefined
        : rules.ruleSet.byRule.get(by)?.find(({ rule }) => rule.status === 'active')
    const isOnce = active?.occurrence.kind === 'once' && active.occurrence.renewsBefore === undefined
    const found =
      by !== undefined && isOnce && occurrence === 'once'
        ? currentVerdict(rules.ruleSet, by, { now: SETTLED, subjectId, states, holdings })
        : undefined
    return found?.status === 'met' ? found.metAt : since
  }
}

/** When nothing can settle any more. */
const SETTLED = asInstant(8_640_000_000_000_000)

function askedFor({ ruleSet }: RulesInForce, version: RuleVersionId): ReadonlySet<AchievementId> {
  const compiled = ruleSet.byVersion.get(version)
  const asked = new Set(compiled?.prerequisites)
  // A renewal rests on the award that it renews.
  if (compiled?.occurrence.kind === 'once' && compiled.occurrence.renewsBefore !== undefined)
    asked.add(compiled.rule.achievementId)
  return asked
}
