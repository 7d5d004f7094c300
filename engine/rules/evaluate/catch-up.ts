import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import type { EventId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import { evaluate } from './evaluate.ts'
import type { EvaluationInput, EvaluationResult } from './evaluation.ts'

export interface Missed {
  /** Which of the events the rule did not see. */
  readonly events: ReadonlySet<EventId>
  readonly by: RuleId
}

/**
 * Evaluates whole histories for a rule that missed some of the events, as if those came only now: what they take back may
 * take an award of that rule from under it, and of whoever rests on that. Other rules have seen them and take nothing
 * back; neither does what was taken back before. `input` has all events of its subjects, and none of their states.
 * Nothing is told as lapsed. Cost: folding the histories, twice where an event was taken back whose leaf had latched.
 */
export function catchUp(ruleSet: RuleSet, input: EvaluationInput, missed: Missed): EvaluationResult {
  const isMissed = ({ id }: { readonly id: EventId }) => missed.events.has(id)
  const mayRetract = (ruleId: RuleId) => ruleId === missed.by
  // What is decided here is thrown away: some of it rests on what the missed events take back.
  const before = evaluate(ruleSet, {
    ...input,
    events: input.events.filter((event) => !isMissed(event)),
    reconsider: [],
    states: new Map(),
  })
  const known = {
    ...input,
    mayRetract,
    states: new Map([...before.states].map(([key, { state }]) => [key, state])),
    events: input.events.filter(isMissed),
    reconsider: [...input.reconsider, ...touchedBy(ruleSet, before.states)],
  }
  const first = evaluate(ruleSet, known)
  const torn = new Set(first.rescan.map(({ subjectId }) => subjectId))
  const isWhole = ({ subjectId }: { readonly subjectId: SubjectId }) => !torn.has(subjectId)
  const after =
    torn.size === 0
      ? first
      : evaluate(ruleSet, {
          ...known,
          events: known.events.filter(isWhole),
          reconsider: known.reconsider.filter(isWhole),
        })
  const anew = evaluate(ruleSet, {
    ...input,
    mayRetract,
    states: new Map(),
    events: input.events.filter((event) => !isWhole(event)),
    reconsider: input.reconsider.filter((each) => !isWhole(each)),
  })
  return {
    matched: new Set([...before.matched, ...after.matched, ...anew.matched]),
    states: new Map([
      ...[...before.states].filter(([, state]) => isWhole(state)),
      ...after.states,
      ...anew.states,
    ]),
    decisions: [...after.decisions, ...anew.decisions],
    timers: [...after.timers, ...anew.timers],
    rescan: [],
    lapsed: [],
  }
}

/** As after folding a whole history at once, every rule that some event of it met is looked at. */
function touchedBy(ruleSet: RuleSet, states: EvaluationResult['states']): EvaluationInput['reconsider'] {
  const touched = new Map(
    [...states.values()].flatMap(({ leafHash, subjectId }) =>
      (ruleSet.byLeaf.get(leafHash) ?? []).map(({ rule: { ruleId } }) => [
        `${ruleId} ${subjectId}`,
        { ruleId, subjectId },
      ]),
    ),
  )
  return [...touched.values()]
}
