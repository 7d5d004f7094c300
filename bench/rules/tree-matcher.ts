import type { CompiledLeaf } from '#engine/rules/compiled-rule.ts'
import { compileBenchRules } from './compile-bench-rules.ts'
import type { BenchEvent } from './history.ts'
import type { Matcher } from './matcher.ts'

/** Ours: the discrimination tree, and the compiled predicates of what it leaves, as the engine folds events. */
export const treeMatcher: Matcher = {
  name: 'ours',
  questionsOfAPass: Number.POSITIVE_INFINITY,
  compile: (rules) => {
    const { tree, byLeaf } = compileBenchRules(rules)
    const placeOf = new Map(rules.map(({ name }, place) => [`rule-${name}`, place]))
    const meet = (event: BenchEvent): readonly CompiledLeaf[] => {
      const candidates: CompiledLeaf[] = []
      tree.collect(event, candidates)
      return candidates.filter(({ matches }) => matches(event) === true)
    }
    const rulesWith = (leaf: CompiledLeaf) => byLeaf.get(leaf.hash) ?? []
    return {
      counting: (events) => async () =>
        events.map((event) => meet(event).reduce((sum, leaf) => sum + rulesWith(leaf).length, 0)),
      rulesOf: async (event) =>
        meet(event).flatMap((leaf) => rulesWith(leaf).map(({ rule }) => placeOf.get(rule.ruleId) ?? -1)),
    }
  },
}
