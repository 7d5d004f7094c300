import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { EMPTY_ITEMS } from '#engine/state/leaf-state.ts'
import type { LeafStates } from '#engine/state/leaf-states.ts'
import { type Holding, stateKey } from './evaluation.ts'
import type { Verdict } from './judge.ts'
import { ALL_OF_IT } from './occurrence-scope.ts'
import { type JudgedOccurrence, judgedOccurrences } from './occurrences.ts'
import type { RuleSet } from './rule-set.ts'
import { contextOf } from './subject-context.ts'
import type { Trace } from './trace.ts'
import { traceRule } from './trace-rule.ts'

export interface ProgressInput {
  readonly now: Instant
  readonly subjectId: SubjectId
  /** The subject's states, by `stateKey`. */
  readonly states: LeafStates
  readonly holdings: readonly Holding[]
  /** Recent events of the subject, in which near misses are looked for. */
  readonly events?: readonly StoredEvent[]
}

export interface Progress {
  /** The one that is told: the latest period or context, the next time, the renewal that is due. */
  readonly occurrence: string
  readonly verdict: Verdict
  readonly trace: Trace
}

/**
 * How far one subject is with one rule, computed from its states on request: nothing is stored for "not yet".
 * Of several versions of a lineage the active one answers. Undefined where the rule is not in the set.
 */
export function progress(ruleSet: RuleSet, ruleId: RuleId, input: ProgressInput): Progress | undefined {
  const versions = ruleSet.byRule.get(ruleId) ?? []
  const compiled = versions.find(({ rule }) => rule.status === 'active') ?? versions[0]
  if (compiled === undefined) return undefined
  const { now, holdings, states, subjectId, events } = input
  const context = contextOf(ruleSet, {
    now,
    holdings,
    itemsOf(leafHash) {
      const state = states.get(stateKey(leafHash, subjectId))
      return (state?.kind === 'items' ? state : EMPTY_ITEMS).items
    },
  })
  const judged = judgedOccurrences(ruleSet, compiled, context, holdings)
  const told: JudgedOccurrence = judged.at(-1) ?? {
    occurrence: '',
    scope: ALL_OF_IT,
    verdict: { status: 'not_met' },
  }
  const nearMisses = events === undefined ? undefined : { events, leaves: ruleSet.leaves }
  return {
    occurrence: told.occurrence,
    verdict: told.verdict,
    trace: traceRule(compiled.when, context.forRule(compiled, told.scope), nearMisses),
  }
}
