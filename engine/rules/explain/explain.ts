import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { CompiledRule } from '#engine/rules/compile/compiled-rule.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import { type Holding, stateKey } from '#engine/rules/evaluate/evaluation.ts'
import type { Verdict } from '#engine/rules/evaluate/judge.ts'
import { ALL_OF_IT } from '#engine/rules/evaluate/occurrence-scope.ts'
import {
  type JudgedOccurrence,
  judgedOccurrences,
  judgeOccurrence,
} from '#engine/rules/evaluate/occurrences.ts'
import { contextOf, type SubjectContext } from '#engine/rules/evaluate/subject-context.ts'
import type { RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { EMPTY_ITEMS } from '#engine/state/leaf-state.ts'
import type { LeafStates } from '#engine/state/leaf-states.ts'
import type { Trace } from './trace.ts'
import { traceRule } from './trace-rule.ts'

export interface ProgressInput {
  readonly now: Instant
  readonly subjectId: SubjectId
  /** The subject's states, by `stateKey`. */
  readonly states: LeafStates
  readonly holdings: readonly Holding[]
  /** Events of the subject, oldest first: in the newest of them near misses are looked for. */
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
  const compiled = answering(ruleSet, ruleId)
  if (compiled === undefined) return undefined
  const context = contextFor(ruleSet, input)
  return progressOn(ruleSet, compiled, context, toldOf(ruleSet, compiled, context, input), input)
}

/** The verdict alone. */
export function currentVerdict(
  ruleSet: RuleSet,
  ruleId: RuleId,
  input: Omit<ProgressInput, 'events'>,
): Verdict | undefined {
  const compiled = answering(ruleSet, ruleId)
  return compiled && toldOf(ruleSet, compiled, contextFor(ruleSet, input), input).verdict
}

/** Of several versions the active one. */
export function answering(ruleSet: RuleSet, ruleId: RuleId): CompiledRule | undefined {
  const versions = ruleSet.byRule.get(ruleId) ?? []
  return versions.find(({ rule }) => rule.status === 'active') ?? versions[0]
}

export const contextFor = (
  ruleSet: RuleSet,
  { now, holdings, states, subjectId }: Omit<ProgressInput, 'events'>,
): SubjectContext =>
  contextOf(ruleSet, {
    now,
    holdings,
    itemsOf(leafHash) {
      const state = states.get(stateKey(leafHash, subjectId))
      return (state?.kind === 'items' ? state : EMPTY_ITEMS).items
    },
  })

/** How things stand with one occurrence. */
export function progressOn(
  ruleSet: RuleSet,
  compiled: CompiledRule,
  context: SubjectContext,
  { occurrence, scope, verdict }: JudgedOccurrence,
  { events }: Pick<ProgressInput, 'events'>,
): Progress {
  const nearMisses = events && { events: events.slice(-MOST_EVENTS), leaves: ruleSet.leaves }
  return {
    occurrence,
    verdict,
    trace: traceRule(compiled.when, context.forRule(compiled, scope), nearMisses ? { nearMisses } : {}),
  }
}

/** In how many of a person's newest events near misses are looked for. */
const MOST_EVENTS = 200

const toldOf = (
  ruleSet: RuleSet,
  compiled: CompiledRule,
  context: SubjectContext,
  { holdings }: Pick<ProgressInput, 'holdings'>,
): JudgedOccurrence =>
  judgedOccurrences(ruleSet, compiled, context, holdings).at(-1) ??
  judgeOccurrence(compiled, context, '', ALL_OF_IT)
