import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import { addTerm } from '#engine/shared/calendar-term.ts'
import type { SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LeafState } from '#engine/state/leaf-state.ts'
import { evaluate } from './evaluate.ts'
import {
  type DecisionOutcome,
  type EvaluationInput,
  type Holding,
  type NewDecision,
  outcomeKey,
} from './evaluation.ts'

export interface Simulation {
  /** In the order in which they follow from each other, subject by subject. */
  readonly decisions: readonly NewDecision[]
  /** By `stateKey`. */
  readonly states: ReadonlyMap<string, LeafState>
  /** By `outcomeKey`. */
  readonly outcomes: ReadonlyMap<string, DecisionOutcome>
  readonly holdings: ReadonlyMap<SubjectId, readonly Holding[]>
}

export interface SimulationSetting {
  /** The clock: timers that are due by then have gone off. */
  readonly until: Instant
  /** What the subjects held by other roads than these rules. */
  readonly holdings?: ReadonlyMap<SubjectId, readonly Holding[]>
}

/** A chain of timers that are due at once ends after so many rounds; no rule is that deep. */
const MOST_ROUNDS = 100

/**
 * What rules would have decided on whole histories, from nothing and with no trace left: the same fold as for live
 * events. For a dry run, a file of examples, and the replay of a decision. Give all events of each subject at once.
 * Cost: rules × subjects, and the events.
 */
export function simulate(
  ruleSet: RuleSet,
  events: readonly StoredEvent[],
  { until, holdings: given = new Map() }: SimulationSetting,
): Simulation {
  const states = new Map<string, LeafState>()
  const outcomes = new Map<string, DecisionOutcome>()
  const holdings = new Map(given)
  const moments = new Map<string, Instant>()
  const capLeft = new Map(ruleSet.rules.map(({ rule, limits }) => [rule.ruleId, limits.cap ?? 0]))
  const decisions: NewDecision[] = []

  // Each rule is asked about everybody: one that asks for a badge only is touched by no event.
  const subjectIds = new Set([...events.map(({ subjectId }) => subjectId), ...given.keys()])
  const everything = [...subjectIds].flatMap((subjectId) =>
    ruleSet.rules.map(({ rule: { ruleId } }) => ({ ruleId, subjectId })),
  )
  let work: Pick<EvaluationInput, 'events' | 'reconsider'> = { events, reconsider: everything }
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const result = evaluate(ruleSet, { now: until, ...work, states, outcomes, moments, holdings, capLeft })
    for (const [key, { state }] of result.states) states.set(key, state)
    for (const decision of result.decisions) {
      const { ruleId, ruleVersionId, subjectId, achievementId, occurrence, outcome, metAt } = decision
      decisions.push(decision)
      outcomes.set(outcomeKey(ruleId, subjectId, occurrence), outcome)
      moments.set(outcomeKey(ruleId, subjectId, occurrence), metAt)
      if (outcome === 'award' || outcome === 'needs_review')
        capLeft.set(ruleId, (capLeft.get(ruleId) ?? 0) - 1)
      if (outcome === 'award') {
        const validFor = ruleSet.byVersion.get(ruleVersionId)?.rule.validFor
        const until = validFor === undefined ? undefined : addTerm(metAt, validFor)
        const given = { achievementId, since: metAt, by: ruleId, occurrence }
        holdings.set(subjectId, [
          ...(holdings.get(subjectId) ?? []),
          until === undefined ? given : { ...given, until },
        ])
      }
    }
    const due = result.timers.filter(({ at }) => at <= until)
    if (due.length === 0) break
    work = { events: [], reconsider: due }
  }
  return { decisions, states, outcomes, holdings }
}
