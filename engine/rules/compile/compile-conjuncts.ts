import { compilePredicate, type Predicate } from '#engine/rules/cel/cel-compile.ts'
import type { Conjunct } from '#engine/rules/cel/cel-conjuncts.ts'

/** All of the conjuncts as one test; no conjuncts: every event passes. */
export function compileConjuncts(conjuncts: readonly Conjunct[]): Predicate {
  const tests = conjuncts.map(({ node }) => compilePredicate(node))
  const [only] = tests
  if (tests.length === 1 && only !== undefined) return only
  return (event) => {
    for (const test of tests) {
      const outcome = test(event)
      if (outcome !== true) return outcome
    }
    return true
  }
}
