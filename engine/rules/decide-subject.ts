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
 * Decides for one subject, after its events were folded. Rules are judged by rank, prerequisites first: an award may
 * meet the `holds` of a rule above it, down to `CASCADE_DEPTH`; what lies deeper gets a timer that is due at once.
 */
export function decideSubject(
  ruleSet: RuleSet,
  subjectId: SubjectId,
  fold: SubjectFold,
  input: EvaluationInput,
): SubjectDecisions {
  const desk = createDesk(ruleSet, subjectId, fold, input)
  for (const rule of firstRules(ruleSet, subjectId, fold, input)) desk.enqueue(rule)
  for (let rule = desk.next(); rule !== undefined; rule = desk.next()) {
    const before = desk.outcomeOf(rule)
    if (touches(rule, fold.torn)) desk.rescan.add(rule.rule.ruleId)
    // A person said no: that stands until a person says otherwise.
    else if (before === 'blocked') continue
    else if (isStanding(before)) lookAgain(rule, desk)
    else lookFirst(rule, desk)
  }
  return desk
}

/** Nothing stands yet, or it was taken back: is the rule met, and may it be said? */
function lookFirst(compiled: CompiledRule, desk: Desk): void {
  const { rule, isReviewed } = compiled
  const verdict = judge(compiled.when, desk.context())
  if (verdict.status === 'settling') desk.wakeAt(rule.ruleId, verdict.settlesAt)
  if (verdict.status !== 'met') return
  const outcome = rule.status === 'shadow' ? 'would_award' : isReviewed ? 'needs_review' : 'award'
  desk.decide(compiled, outcome, verdict.metAt)
  if (outcome === 'award')
    desk.give({ achievementId: rule.achievementId, since: verdict.metAt, by: rule.ruleId })
}

/** An outcome stands: was something taken away from under it? An edit of the rule alone takes nothing away. */
function lookAgain(compiled: CompiledRule, desk: Desk): void {
  const { rule, onRetract } = compiled
  const isActive = rule.status === 'active'
  // An earlier event may have come late: who asks for this award may be met earlier, too.
  if (isActive && touches(compiled, desk.fold.changed)) desk.enqueueAskers(rule.achievementId)
  if (!desk.isShaken(compiled)) return
  // It may be met later than it was, even where it still is met: who asks for it is shaken as well.
  if (isActive) desk.shakeAskers(rule.achievementId)
  if (!desk.mayRetract || (onRetract === 'keep' && isActive)) return
  if (judge(compiled.when, desk.standingContext()).status !== 'not_met') return
  desk.decide(compiled, 'retracted', desk.now)
  if (isActive && onRetract === 'revoke') desk.take(rule.achievementId)
}

/** What is on the table while one subject is decided on: grows with each decision. */
interface Desk extends SubjectDecisions {
  readonly now: Instant
  readonly mayRetract: boolean
  readonly fold: SubjectFold
  readonly rescan: Set<RuleId>
  enqueue(rule: CompiledRule): void
  next(): CompiledRule | undefined
  enqueueAskers(achievementId: AchievementId): void
  shakeAskers(achievementId: AchievementId): void
  isShaken(rule: CompiledRule): boolean
  outcomeOf(rule: CompiledRule): DecisionOutcome | undefined
  context(): ReturnType<typeof contextOf>
  /** For an award that stands: what was held when it was decided counts, unless it was taken back itself. */
  standingContext(): ReturnType<typeof contextOf>
  decide(rule: CompiledRule, outcome: DecisionOutcome, metAt: Instant): void
  give(holding: Holding): void
  take(achievementId: AchievementId): void
  wakeAt(ruleId: RuleId, at: Instant): void
}

function createDesk(ruleSet: RuleSet, subjectId: SubjectId, fold: SubjectFold, input: EvaluationInput): Desk {
  const { now, mayRetract = true } = input
  const decisions: NewDecision[] = []
  const timers = new Map<RuleId, Instant>()
  const rescan = new Set<RuleId>()
  const outcomes = new Map<string, DecisionOutcome>()
  const taken = new Set<AchievementId>()
  const shaken = new Set<CompiledRule>()
  const byRank: Set<CompiledRule>[] = []
  let rank = 0
  let current: CompiledRule[] = []
  let holdings: readonly Holding[] = input.holdings.get(subjectId) ?? []

  const keyOf = ({ rule, occurrence }: CompiledRule) => outcomeKey(rule.ruleId, subjectId, occurrence)
  const outcomeOf = (rule: CompiledRule) => outcomes.get(keyOf(rule)) ?? input.outcomes.get(keyOf(rule))
  const standing = () => ({ now, holdings, itemsOf: fold.itemsOf })
  const context = () => contextOf(ruleSet, standing())
  const isTaken = (achievementId: AchievementId) =>
    taken.has(achievementId) ||
    (ruleSet.awarding.get(achievementId) ?? []).some((awarding) => outcomeOf(awarding) === 'retracted')
  const wakeAt = (ruleId: RuleId, at: Instant) => {
    const known = timers.get(ruleId)
    if (known === undefined || at < known) timers.set(ruleId, at)
  }
  const enqueue = (rule: CompiledRule) => {
    const waiting = byRank[rule.rank] ?? new Set()
    byRank[rule.rank] = waiting.add(rule)
  }
  const enqueueAskers = (achievementId: AchievementId) => {
    for (const asker of ruleSet.asking.get(achievementId) ?? [])
      if (asker.rank <= rank || asker.rank > CASCADE_DEPTH) wakeAt(asker.rule.ruleId, now)
      else enqueue(asker)
  }
  const shakeAskers = (achievementId: AchievementId) => {
    for (const asker of ruleSet.asking.get(achievementId) ?? []) shaken.add(asker)
    enqueueAskers(achievementId)
  }

  return {
    now,
    mayRetract,
    fold,
    decisions,
    timers,
    rescan,
    enqueue,
    enqueueAskers,
    shakeAskers,
    outcomeOf,
    context,
    wakeAt,
    next() {
      while (current.length === 0 && rank < byRank.length) {
        current = [...(byRank[rank] ?? [])].sort((a, b) => b.order - a.order)
        byRank[rank] = new Set()
        if (current.length === 0) rank++
      }
      return current.pop()
    },
    isShaken: (rule) => shaken.has(rule) || isShakenByEvents(rule, fold),
    standingContext: () => contextOf(ruleSet, standing(), (achievementId) => !isTaken(achievementId)),
    decide(compiled, outcome, metAt) {
      outcomes.set(keyOf(compiled), outcome)
      const { ruleId, ruleVersionId, achievementId } = compiled.rule
      const { occurrence } = compiled
      const trace = traceRule(compiled.when, context())
      decisions.push({ ruleId, ruleVersionId, achievementId, subjectId, occurrence, outcome, metAt, trace })
    },
    give(holding) {
      holdings = [...holdings, holding]
      taken.delete(holding.achievementId)
      enqueueAskers(holding.achievementId)
    },
    take(achievementId) {
      holdings = holdings.filter((holding) => holding.achievementId !== achievementId)
      taken.add(achievementId)
      shakeAskers(achievementId)
    },
  }
}

function firstRules(
  ruleSet: RuleSet,
  subjectId: SubjectId,
  fold: SubjectFold,
  input: EvaluationInput,
): ReadonlySet<CompiledRule> {
  const rules = new Set<CompiledRule>()
  for (const leafHash of [...fold.changed.keys(), ...fold.reduced])
    for (const rule of ruleSet.byLeaf.get(leafHash) ?? []) rules.add(rule)
  for (const { ruleId, subjectId: whose } of input.reconsider)
    if (whose === subjectId) for (const rule of ruleSet.byRule.get(ruleId) ?? []) rules.add(rule)
  return rules
}

const isStanding = (outcome: DecisionOutcome | undefined): boolean =>
  outcome === 'award' || outcome === 'needs_review' || outcome === 'would_award'

/** An event was taken out that it counts, or one came that it says must not be. */
const isShakenByEvents = (compiled: CompiledRule, fold: SubjectFold): boolean =>
  touches(compiled, fold.reduced) ||
  [...compiled.negatedHashes].some((leafHash) => fold.changed.has(leafHash))

function touches({ leafHashes }: CompiledRule, leaves: { has(leafHash: string): boolean }): boolean {
  for (const leafHash of leafHashes) if (leaves.has(leafHash)) return true
  return false
}
