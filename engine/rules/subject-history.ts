import type { RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { DecisionOutcome, EvaluationInput } from './evaluation.ts'

/** What was decided about one subject before, and what is added to it while it is decided on. */
export interface SubjectHistory {
  outcomesOf(ruleId: RuleId): ReadonlyMap<string, DecisionOutcome>
  momentOf(ruleId: RuleId, occurrence: string): Instant | undefined
  set(ruleId: RuleId, occurrence: string, outcome: DecisionOutcome, metAt: Instant): void
  /** How many awards are left by a rule with a cap; shared by all subjects of one evaluation. */
  capLeft(ruleId: RuleId): number
  useCap(ruleId: RuleId): void
}

/** Sorts what was decided by subject, once per evaluation. O(outcomes). */
export function historiesOf({
  outcomes,
  moments,
  capLeft,
}: EvaluationInput): (subjectId: SubjectId) => SubjectHistory {
  const bySubject = new Map<string, Map<string, Map<string, Decided>>>()
  for (const [key, outcome] of outcomes) {
    const [ruleId = '', subjectId = '', occurrence = ''] = key.split('\n')
    const byRule = childOf(bySubject, subjectId)
    childOf(byRule, ruleId).set(occurrence, { outcome, metAt: moments?.get(key) })
  }
  const left = new Map(capLeft)
  return (subjectId) => {
    const byRule = childOf(bySubject, subjectId)
    const decidedOf = (ruleId: RuleId) => byRule.get(ruleId) ?? NONE
    return {
      outcomesOf: (ruleId) =>
        new Map([...decidedOf(ruleId)].map(([occurrence, { outcome }]) => [occurrence, outcome])),
      momentOf: (ruleId, occurrence) => decidedOf(ruleId).get(occurrence)?.metAt,
      set: (ruleId, occurrence, outcome, metAt) =>
        void childOf(byRule, ruleId).set(occurrence, { outcome, metAt }),
      capLeft: (ruleId) => left.get(ruleId) ?? 0,
      useCap: (ruleId) => void left.set(ruleId, (left.get(ruleId) ?? 0) - 1),
    }
  }
}

interface Decided {
  readonly outcome: DecisionOutcome
  readonly metAt: Instant | undefined
}

const NONE: ReadonlyMap<string, Decided> = new Map()

function childOf<Key, ChildKey, Value>(map: Map<Key, Map<ChildKey, Value>>, key: Key): Map<ChildKey, Value> {
  const known = map.get(key)
  if (known !== undefined) return known
  const fresh = new Map<ChildKey, Value>()
  map.set(key, fresh)
  return fresh
}
