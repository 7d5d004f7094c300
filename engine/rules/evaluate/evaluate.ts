import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import type { EventId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import { decideSubject } from './decide-subject.ts'
import { type ChangedState, type EvaluationInput, type EvaluationResult, stateKey } from './evaluation.ts'
import { foldSubject, heldHashesOf } from './fold-subject.ts'
import { historiesOf } from './subject-history.ts'

/**
 * Folds events into states and decides what follows. Pure: the same input gives the same result, in any order of
 * the events. Doing it again with the states and outcomes that it gave changes nothing. Subjects are independent.
 * Cost: per event what it matches, per touched (rule, subject) the items of the rule's leaves, and the number of times,
 * periods or contexts that they fall into.
 */
export function evaluate(ruleSet: RuleSet, input: EvaluationInput): EvaluationResult {
  const matched = new Set<EventId>()
  const states = new Map<string, ChangedState>()
  const decisions: EvaluationResult['decisions'][number][] = []
  const timers: EvaluationResult['timers'][number][] = []
  const rescan: EvaluationResult['rescan'][number][] = []
  const lapsed: EvaluationResult['lapsed'][number][] = []
  const historyOf = historiesOf(input)
  const heldHashes = heldHashesOf(input)
  for (const [subjectId, { events, reconsider }] of bySubject(input)) {
    const fold = foldSubject(ruleSet, subjectId, events, input, heldHashes)
    for (const id of fold.matched) matched.add(id)
    for (const [leafHash, state] of fold.changed)
      states.set(stateKey(leafHash, subjectId), { leafHash, subjectId, state })
    const task = { fold, history: historyOf(subjectId), reconsider }
    const decided = decideSubject(ruleSet, subjectId, task, input)
    decisions.push(...decided.decisions)
    for (const [ruleId, at] of decided.timers) timers.push({ ruleId, subjectId, at })
    for (const ruleId of decided.rescan) rescan.push({ ruleId, subjectId })
    lapsed.push(...decided.lapsed)
  }
  return { matched, states, decisions, timers, rescan, lapsed }
}

interface Work {
  readonly events: StoredEvent[]
  readonly reconsider: RuleId[]
}

/** Subjects in the order of their ids, so that the order of events does not show. */
function bySubject({ events, reconsider }: EvaluationInput): readonly (readonly [SubjectId, Work])[] {
  const groups = new Map<SubjectId, Work>()
  const groupOf = (subjectId: SubjectId): Work => {
    const known = groups.get(subjectId)
    if (known !== undefined) return known
    const fresh: Work = { events: [], reconsider: [] }
    groups.set(subjectId, fresh)
    return fresh
  }
  for (const { subjectId, ruleId } of reconsider) groupOf(subjectId).reconsider.push(ruleId)
  for (const event of events) groupOf(event.subjectId).events.push(event)
  return [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}
