import { costOf as stepsOf } from '#engine/cel/cost.ts'
import type { TypedNode } from './cel-check.ts'

/** Steps that one rule may take for one event, over all of its predicates. About 2 ms, and 10 ms at worst. */
export const MAX_COST = 100_000

/** An upper bound of the steps that an evaluation takes, known before the rule is saved. O(size of the tree). */
export const costOf = (node: TypedNode): number => stepsOf(node)
