import type { LeafRef } from '#engine/rules/compile/compiled-rule.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'

/** Which events count for one occurrence of a rule; facts about a person count for all of them. */
export interface OccurrenceScope {
  /** Of a leaf's items those that count, in order. Undefined: all. */
  readonly itemsIn?: (items: readonly LeafItem[], leaf: LeafRef) => readonly LeafItem[]
  /** The first moment after the period. */
  readonly end: Instant | undefined
}

export const ALL_OF_IT: OccurrenceScope = { end: undefined }
