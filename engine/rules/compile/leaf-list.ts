import type { Predicate } from '#engine/rules/cel/cel-compile.ts'
import type { Bound } from '#engine/rules/cel/cel-conjuncts.ts'

/** A leaf on its way to its place in the tree. */
export interface PlacedLeaf<Leaf> {
  readonly leaf: Leaf
  readonly bound: Bound | undefined
  /** What the place in the tree leaves open. */
  readonly test: Predicate | undefined
}

/** Leaves at one place, beside what is left to test of each; no list where nothing is left of any of them. */
export interface LeafList<Leaf> {
  readonly leaves: readonly Leaf[]
  readonly tests: readonly (Predicate | undefined)[] | undefined
}

export const leafList = <Leaf>(placed: readonly PlacedLeaf<Leaf>[]): LeafList<Leaf> => ({
  leaves: placed.map(({ leaf }) => leaf),
  tests: placed.every(({ test }) => test === undefined) ? undefined : placed.map(({ test }) => test),
})
