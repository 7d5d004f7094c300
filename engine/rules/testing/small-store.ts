import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import { evaluate } from '#engine/rules/evaluate/evaluate.ts'
import type {
  DecisionOutcome,
  EvaluationInput,
  EvaluationResult,
  Holding,
  Lapse,
  NewDecision,
} from '#engine/rules/evaluate/evaluation.ts'
import { outcomeKey } from '#engine/rules/evaluate/evaluation.ts'
import { addTerm } from '#engine/shared/calendar-term.ts'
import type { RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LeafState } from '#engine/state/leaf-state.ts'

/** Keeps between calls what the service keeps in the database, and does what it must do with a result. */
interface SmallStore {
  readonly lapsed: readonly Lapse[]
  readonly states: ReadonlyMap<string, LeafState>
  readonly moments: ReadonlyMap<string, Instant>
  readonly outcomes: ReadonlyMap<string, DecisionOutcome>
  readonly decisions: readonly NewDecision[]
  holdingsOf(subjectId: SubjectId): readonly Holding[]
  process(now: Instant, events: readonly StoredEvent[]): EvaluationResult
  /** Looks again at whatever has a timer that is due. */
  wake(now: Instant): void
}

export function createSmallStore(
  ruleSet: RuleSet,
  { capLeft = new Map() }: { readonly capLeft?: Map<RuleId, number> } = {},
): SmallStore {
  const moments = new Map<string, Instant>()
  const lapsed: Lapse[] = []
  const states = new Map<string, LeafState>()
  const outcomes = new Map<string, DecisionOutcome>()
  const holdings = new Map<SubjectId, Holding[]>()
  const decisions: NewDecision[] = []
  const seen: StoredEvent[] = []
  const timers = new Map<string, EvaluationResult['timers'][number]>()

  function step(now: Instant, events: readonly StoredEvent[], reconsider: EvaluationInput['reconsider']) {
    const result = evaluate(ruleSet, {
      now,
      events,
      reconsider,
      states,
      outcomes,
      moments,
      holdings,
      capLeft,
    })
    lapsed.push(...result.lapsed)
    // The state goes through JSON, as it does in the database.
    for (const [key, { state }] of result.states) states.set(key, JSON.parse(JSON.stringify(state)))
    for (const decision of result.decisions) {
      const { ruleId, ruleVersionId, subjectId, occurrence, outcome, achievementId, metAt } = decision
      decisions.push(decision)
      outcomes.set(outcomeKey(ruleId, subjectId, occurrence), outcome)
      moments.set(outcomeKey(ruleId, subjectId, occurrence), metAt)
      if (outcome === 'award' && capLeft.has(ruleId)) capLeft.set(ruleId, (capLeft.get(ruleId) ?? 0) - 1)
      const held = holdings.get(subjectId) ?? []
      const validFor = ruleSet.byVersion.get(ruleVersionId)?.rule.validFor
      const until = validFor === undefined ? undefined : addTerm(metAt, validFor)
      const given = { achievementId, since: metAt, by: ruleId, occurrence }
      if (outcome === 'award')
        holdings.set(subjectId, [...held, until === undefined ? given : { ...given, until }])
      if (outcome === 'retracted')
        holdings.set(
          subjectId,
          held.filter((holding) => holding.by !== ruleId || holding.occurrence !== occurrence),
        )
    }
    for (const timer of result.timers) timers.set(`${timer.ruleId}:${timer.subjectId}`, timer)
    const torn = new Set(result.rescan.map(({ subjectId }) => subjectId))
    if (torn.size > 0) {
      for (const key of states.keys())
        if ([...torn].some((subjectId) => key.endsWith(`:${subjectId}`))) states.delete(key)
      step(
        now,
        seen.filter(({ subjectId }) => torn.has(subjectId)),
        [],
      )
    }
    return result
  }

  return {
    states,
    moments,
    lapsed,
    outcomes,
    decisions,
    holdingsOf: (subjectId) => holdings.get(subjectId) ?? [],
    process(now, events) {
      seen.push(...events)
      return step(now, events, [])
    },
    wake(now) {
      for (let round = 0; round < 20; round++) {
        const due = [...timers.values()].filter(({ at }) => at <= now)
        if (due.length === 0) return
        for (const timer of due) timers.delete(`${timer.ruleId}:${timer.subjectId}`)
        step(now, [], due)
      }
    },
  }
}
