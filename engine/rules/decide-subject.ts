import type { AchievementId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { CASCADE_DEPTH } from './check-rule.ts'
import type { CompiledRule } from './compiled-rule.ts'
import {
  type DecisionOutcome,
  type EvaluationInput,
  type Holding,
  type NewDecision,
  outcomeKey,
} from './evaluation.ts'
import type { SubjectFold } from './fold-subject.ts'
import { judge } from './judge.ts'
import type { RuleSet } from './rule-set.ts'
import { contextOf } from './subject-context.ts'
import { traceRule } from './trace-rule.ts'

export interface SubjectDecisions {
  readonly decisions: readonly NewDecision[]
  readonly timers: ReadonlyMap<RuleId, Instant>
  readonly rescan: ReadonlySet<RuleId>
}

/**
 * Decides for one subject, after its events were folded. Rules are judged in layers: an award of one layer may meet
 * the `holds` of the next, down to `CASCADE_DEPTH`; what would go deeper gets a timer that is due at once.
 */
export function decideSubject(
  ruleSet: RuleSet,
  subjectId: SubjectId,
  fold: SubjectFold,
  input: EvaluationInput,
): SubjectDecisions {
  const { now } = input
  const decisions: NewDecision[] = []
  const timers = new Map<RuleId, Instant>()
  const rescan = new Set<RuleId>()
  const outcomes = new Map<string, DecisionOutcome>()
  const revoked = new Set<AchievementId>()
  let holdings: readonly Holding[] = input.holdings.get(subjectId) ?? []
  const outcomeOf = ({ rule, occurrence }: CompiledRule) => {
    const key = outcomeKey(rule.ruleId, subjectId, occurrence)
    return outcomes.get(key) ?? input.outcomes.get(key)
  }
  const isLost = (achievementId: AchievementId) =>
    revoked.has(achievementId) ||
    (ruleSet.awarding.get(achievementId) ?? []).some((awarding) => outcomeOf(awarding) === 'retracted')
  const standing = () => ({ now, holdings, itemsOf: fold.itemsOf })

  let layer = firstLayer(ruleSet, subjectId, fold, input)
  for (let depth = 0; layer.size > 0; depth++) {
    const next = new Set<CompiledRule>()
    for (const compiled of [...layer].sort((a, b) => a.order - b.order)) {
      const { rule, occurrence, prerequisites } = compiled
      if (depth > CASCADE_DEPTH) {
        wakeAt(timers, rule.ruleId, now)
        continue
      }
      const key = outcomeKey(rule.ruleId, subjectId, occurrence)
      const before = outcomeOf(compiled)
      const decide = (outcome: DecisionOutcome, metAt: Instant) => {
        outcomes.set(key, outcome)
        const trace = traceRule(compiled.when, contextOf(ruleSet, standing()))
        const { ruleId, ruleVersionId, achievementId } = rule
        decisions.push({ ruleId, ruleVersionId, achievementId, subjectId, occurrence, outcome, metAt, trace })
      }
      const cascade = () => {
        if (rule.status === 'active')
          for (const asker of ruleSet.asking.get(rule.achievementId) ?? []) next.add(asker)
      }

      // A person said no: that stands until a person says otherwise.
      if (before === 'blocked') continue

      if (isStanding(before)) {
        // An earlier event may have come late: who asks for this award may be met earlier, too.
        if (touches(compiled, fold.changed)) cascade()
        const lost = prerequisites.some((achievementId) => revoked.has(achievementId))
        if (!lost && !isShaken(compiled, fold)) continue
        if (compiled.onRetract === 'keep' && rule.status === 'active') continue
        const stillHeld = contextOf(ruleSet, standing(), (achievementId) => !isLost(achievementId))
        if (judge(compiled.when, stillHeld).status !== 'not_met') continue
        if (touches(compiled, fold.torn)) {
          rescan.add(rule.ruleId)
          continue
        }
        decide('retracted', now)
        if (compiled.onRetract === 'revoke' && rule.status === 'active') {
          holdings = holdings.filter(({ achievementId }) => achievementId !== rule.achievementId)
          revoked.add(rule.achievementId)
          cascade()
        }
        continue
      }

      const verdict = judge(compiled.when, contextOf(ruleSet, standing()))
      if (verdict.status === 'settling') wakeAt(timers, rule.ruleId, verdict.settlesAt)
      if (verdict.status === 'not_met' && touches(compiled, fold.torn)) rescan.add(rule.ruleId)
      if (verdict.status !== 'met') continue
      const outcome =
        rule.status === 'shadow' ? 'would_award' : compiled.isReviewed ? 'needs_review' : 'award'
      decide(outcome, verdict.metAt)
      if (outcome !== 'award') continue
      holdings = [...holdings, { achievementId: rule.achievementId, since: verdict.metAt }]
      revoked.delete(rule.achievementId)
      cascade()
    }
    layer = next
  }
  return { decisions, timers, rescan }
}

function firstLayer(
  ruleSet: RuleSet,
  subjectId: SubjectId,
  fold: SubjectFold,
  input: EvaluationInput,
): Set<CompiledRule> {
  const layer = new Set<CompiledRule>()
  for (const leafHash of [...fold.changed.keys(), ...fold.reduced])
    for (const rule of ruleSet.byLeaf.get(leafHash) ?? []) layer.add(rule)
  for (const { ruleId, subjectId: whose } of input.reconsider)
    if (whose === subjectId) for (const rule of ruleSet.byRule.get(ruleId) ?? []) layer.add(rule)
  return layer
}

const isStanding = (outcome: DecisionOutcome | undefined): boolean =>
  outcome === 'award' || outcome === 'needs_review' || outcome === 'would_award'

/** Whether something was taken away from under the award: an event, or the absence of one. An edit of the rule is neither. */
const isShaken = (compiled: CompiledRule, fold: SubjectFold): boolean =>
  touches(compiled, fold.reduced) ||
  [...compiled.negatedHashes].some((leafHash) => fold.changed.has(leafHash))

function touches({ leafHashes }: CompiledRule, leaves: { has(leafHash: string): boolean }): boolean {
  for (const leafHash of leafHashes) if (leaves.has(leafHash)) return true
  return false
}

function wakeAt(timers: Map<RuleId, Instant>, ruleId: RuleId, at: Instant): void {
  const known = timers.get(ruleId)
  if (known === undefined || at < known) timers.set(ruleId, at)
}
