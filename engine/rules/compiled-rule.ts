import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { Duration } from '#engine/shared/duration.ts'
import type { AchievementId } from '#engine/shared/ids.ts'
import type { LeafReading } from '#engine/state/leaf-window.ts'
import type { ActiveRule } from './active-rule.ts'
import type { Predicate } from './cel/cel-compile.ts'
import type { AchievementRef, OnRetract } from './rule-document.ts'

/** A rule version, ready to judge. Its leaves are shared with other rules, by hash. */
export interface CompiledRule {
  readonly rule: ActiveRule
  /** How many prerequisites lie below it: 0 asks for none. Decisions come in the order of (rank, order). */
  readonly rank: number
  /** Place in the rule set. */
  readonly order: number
  readonly when: CompiledNode
  readonly occurrence: string
  /** Whether a person decides. */
  readonly isReviewed: boolean
  readonly onRetract: OnRetract
  /** Hashes of all event leaves, and of those under a `not`. */
  readonly leafHashes: ReadonlySet<string>
  readonly negatedHashes: ReadonlySet<string>
  readonly prerequisites: readonly AchievementId[]
}

/** The same tree as the document's, in the same order. */
export type CompiledNode = CompiledGroup | CompiledNegative | CompiledEventLeaf | CompiledHolds

export interface CompiledGroup {
  readonly kind: 'all' | 'any' | 'nOf'
  readonly id: string | undefined
  readonly need: number
  readonly children: readonly CompiledNode[]
}

export interface CompiledNegative {
  readonly kind: 'not'
  readonly id: string | undefined
  readonly leaf: CompiledEventLeaf
  readonly settle: Duration
}

export interface CompiledEventLeaf {
  readonly kind: 'event' | 'count' | 'distinctOf'
  readonly id: string | undefined
  readonly leafHash: string
  readonly reading: LeafReading
  /** Of `distinctOf`. */
  readonly values: readonly string[]
}

export interface CompiledHolds {
  readonly kind: 'holds'
  readonly id: string | undefined
  readonly leafHash: string
  readonly achievement: AchievementRef
}

/** What all rules that ask the same of events share: one predicate, one state a subject, several readings. */
export interface CompiledLeaf {
  readonly hash: string
  /** What the leaf's place in the tree leaves open. */
  readonly matches: Predicate
  readonly readValue: ((event: LearningEvent) => string | undefined) | undefined
  /** Every condition by itself, for near misses. */
  readonly conjuncts: readonly { readonly text: string; readonly test: Predicate }[]
  readonly readings: readonly LeafReading[]
  /** False where a negative reads it: then nothing is ever "for good". */
  readonly mayLatch: boolean
}
