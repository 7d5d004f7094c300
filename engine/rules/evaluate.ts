import type { EvaluationInput, EvaluationResult } from './evaluation.ts'
import type { RuleSet } from './rule-set.ts'

/** Folds events into states and decides. Under construction: decides nothing yet. */
export function evaluate(_ruleSet: RuleSet, _input: EvaluationInput): EvaluationResult {
  return { matched: new Set(), states: new Map(), decisions: [], timers: [], rescan: [] }
}
