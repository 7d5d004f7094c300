import type { RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { type DecisionOutcome, type EvaluationInput, outcomeKey } from './evaluation.ts'

/** What was decided about one subject before, and what is added to it while it is decided on. */
export interface SubjectHistory {
  outcomeOf(ruleId: RuleId, occurrence: string): DecisionOutcome | undefined
  /** All of a rule, by occurrence. Sorts what was decided about everybody the first time that it is asked. */
  outcomesOf(ruleId: RuleId): ReadonlyMap<string, DecisionOutcome>
  momentOf(ruleId: RuleId, occurrence: string): Instant | undefined
  set(ruleId: RuleId, occurrence: string, outcome: DecisionOutcome, metAt: Instant): void
  /** How many awards are left by a rule with a cap; shared by all subjects of one evaluation. */
  capLeft(ruleId: RuleId): number
  useCap(ruleId: RuleId): void
}

export function historiesOf(input: EvaluationInput): (subjectId: SubjectId) => SubjectHistory {
  const left = new Map(input.capLeft)
  const before = sortedOnce(input.outcomes)
  return (subjectId) => {
    const added = new Map<string, { readonly outcome: DecisionOutcome; readonly metAt: Instant }>()
    const keyOf = (ruleId: RuleId, occurrence: string) => outcomeKey(ruleId, subjectId, occurrence)
    return {
      outcomeOf: (ruleId, occurrence) => {
        const key = keyOf(ruleId, occurrence)
        return added.get(key)?.outcome ?? input.outcomes.get(key)
      },
      outcomesOf(ruleId) {
        const prefix = keyOf(ruleId, '')
        const outcomes = new Map(before(prefix))
        for (const [key, { outcome }] of added)
          if (key.startsWith(prefix)) outcomes.set(key.slice(prefix.length), outcome)
        return outcomes
      },
      momentOf: (ruleId, occurrence) => {
        const key = keyOf(ruleId, occurrence)
        return added.get(key)?.metAt ?? input.moments?.get(key)
      },
      set: (ruleId, occurrence, outcome, metAt) =>
        void added.set(keyOf(ruleId, occurrence), { outcome, metAt }),
      capLeft: (ruleId) => left.get(ruleId) ?? 0,
      useCap: (ruleId) => void left.set(ruleId, (left.get(ruleId) ?? 0) - 1),
    }
  }
}

type ByOccurrence = ReadonlyMap<string, DecisionOutcome>

/** Most rules award once, and are asked by their key; only for the others is anything sorted. */
function sortedOnce(outcomes: EvaluationInput['outcomes']): (prefix: string) => ByOccurrence {
  let sorted: Map<string, Map<string, DecisionOutcome>> | undefined
  return (prefix) => {
    if (sorted === undefined) {
      sorted = new Map()
      for (const [key, outcome] of outcomes) {
        const end = key.lastIndexOf('\n') + 1
        const known = sorted.get(key.slice(0, end)) ?? new Map<string, DecisionOutcome>()
        sorted.set(key.slice(0, end), known.set(key.slice(end), outcome))
      }
    }
    return sorted.get(prefix) ?? NONE
  }
}

const NONE: ByOccurrence = new Map()
