import type { CompiledLeaf } from '#engine/rules/compile/compiled-rule.ts'
import { compileBenchRules } from './compile-bench-rules.ts'
import type { BenchEvent } from './history.ts'
import type { Matcher } from './matcher.ts'

/** Ours: the discrimination tree, with the compiled predicates of what it leaves open, as the engine folds events. */
export const treeMatcher: Matcher = {
  name: 'ours',
  questionsOfAPass: Number.POSITIVE_INFINITY,
  compile: (rules) => {
    const { tree, byLeaf, leaves } = compileBenchRules(rules)
    const placeOf = new Map(rules.map(({ name }, place) => [`rule-${name}`, place]))
    const meet = (event: BenchEvent): readonly CompiledLeaf[] => {
      const met: CompiledLeaf[] = []
      tree.match(event, met)
      return met
    }
    const rulesWith = (leaf: CompiledLeaf) => byLeaf.get(leaf.hash) ?? []
    const counts = new Map([...leaves.values()].map((leaf) => [leaf, rulesWith(leaf).length]))
    return {
      counting: (events) => async () =>
        events.map((event) => {
          let count = 0
          for (const leaf of meet(event)) count += counts.get(leaf) ?? 0
          return count
        }),
      rulesOf: async (event) =>
        meet(event).flatMap((leaf) => rulesWith(leaf).map(({ rule }) => placeOf.get(rule.ruleId) ?? -1)),
    }
  },
}
