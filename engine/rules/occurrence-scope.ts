import type { Instant } from '#engine/shared/instant.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'
import type { LeafRef } from './compiled-rule.ts'

/** Which events count for one occurrence of a rule; facts about a person count for all of them. */
export interface OccurrenceScope {
  /** Undefined: all. */
  readonly counts?: (item: LeafItem, leaf: LeafRef) => boolean
  /** The first moment after the period. */
  readonly end: Instant | undefined
}

export const ALL_OF_IT: OccurrenceScope = { end: undefined }
