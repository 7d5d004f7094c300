import type { Predicate } from '#engine/rules/cel/cel-compile.ts'
import type { AchievementRef, Limits, Occurrence, OnRetract } from '#engine/rules/document/rule-document.ts'
import type { LeafTrace } from '#engine/rules/explain/trace.ts'
import type { CalendarDuration } from '#engine/shared/calendar.ts'
import type { Duration } from '#engine/shared/duration.ts'
import type { AchievementId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LeafKeeping } from '#engine/state/fold-leaf.ts'
import type { Pick } from '#engine/state/join-items.ts'
import type { LeafReading } from '#engine/state/read-leaf.ts'
import type { ActiveRule } from './active-rule.ts'
import type { Capture } from './plan-leaf.ts'
import type { JoinPlan } from './plan-part.ts'

/** A rule version, ready to judge. Its leaves are shared with other rules, by hash. */
export interface CompiledRule {
  readonly rule: ActiveRule
  /** How many prerequisites lie below it: 0 asks for none. Decisions come in the order of (rank, order). */
  readonly rank: number
  /** Place in the rule set. */
  readonly order: number
  readonly when: CompiledNode
  readonly occurrence: CompiledOccurrence
  /** The last moment at which the rule can be met. */
  readonly deadline: Instant | undefined
  /** What a met rule leads to. */
  readonly outcome: 'award' | 'needs_review' | 'would_award'
  readonly limits: Limits & { readonly cooldownMs?: Duration }
  readonly isOnePerPerson: boolean
  readonly onRetract: OnRetract
  readonly notifiesWhenFalse: boolean
  /** The leaves that look at events, those of a `not` left out: they tell periods and contexts. */
  readonly eventLeaves: readonly LeafRef[]
  /** Hashes of all leaves. */
  readonly leafHashes: ReadonlySet<string>
  /** Those of which a further item may make the rule unmet: an award that stands is looked at again. */
  readonly fragileHashes: ReadonlySet<string>
  readonly prerequisites: readonly AchievementId[]
}

export type CompiledOccurrence =
  | Exclude<Occurrence, { kind: 'context' | 'once' | 'unlimited' }>
  | { readonly kind: 'once'; readonly renewsBefore: Duration | undefined }
  | { readonly kind: 'context' }
  /** `trigger` is the one part that counts events. */
  | { readonly kind: 'unlimited'; readonly trigger: CompiledMeasured }

/** The same tree as the document's, in the same order. */
export type CompiledNode = CompiledGroup | CompiledNegative | CompiledLeafNode

export type CompiledLeafNode =
  | CompiledMeasured
  | CompiledStretch
  | CompiledSequence
  | CompiledHolds
  | CompiledForeign

export interface CompiledGroup {
  readonly kind: 'all' | 'any' | 'nOf'
  readonly id: string | undefined
  readonly need: number
  readonly children: readonly CompiledNode[]
}

export interface CompiledNegative {
  readonly kind: 'not'
  readonly id: string | undefined
  readonly leaf: CompiledLeafNode
  readonly until: 'satisfied' | 'deadline' | 'period'
  readonly settle: Duration
}

type LeafKind = LeafTrace['kind']

/** Where the items of a leaf come from. */
export interface LeafRef {
  readonly hash: string
  /** Whether only events of the occurrence's period or context count; what is known of a person counts in any. */
  readonly isEvent: boolean
}

/** A leaf that measures the items of one state in a window. */
export interface CompiledMeasured {
  readonly form: 'measured'
  readonly kind: LeafKind
  readonly id: string | undefined
  readonly leaf: LeafRef
  readonly reading: LeafReading
  /** Of a window `since`. */
  readonly anchor: LeafRef | undefined
  /** Penalties that reset it. */
  readonly resets: readonly LeafRef[]
  readonly join:
    | {
        readonly joins: readonly {
          readonly name: string
          readonly leaf: LeafRef
          readonly within: Duration | undefined
          readonly pick: Pick
        }[]
        readonly passes: JoinPlan['passes']
        /** The same as text, for near misses. */
        readonly condition: string
      }
    | undefined
  /** Of `distinctOf`. */
  readonly values: readonly string[]
  /** What it is about, for people: an attribute, a cohort, an item of a framework. */
  readonly about: string | undefined
}

/** A length of time after an event: an absence or an anniversary. */
export interface CompiledStretch {
  readonly form: 'stretch'
  readonly kind: 'absence' | 'anniversary'
  readonly id: string | undefined
  readonly leaf: LeafRef
  readonly anchor: LeafRef | undefined
  readonly pick: 'first' | 'last'
  readonly notBefore: Instant | undefined
  /** Of an absence. */
  readonly length: Duration
  /** Of an anniversary. */
  readonly after: CalendarDuration
  readonly zone: string
}

export interface CompiledSequence {
  readonly form: 'sequence'
  readonly kind: 'sequence'
  readonly id: string | undefined
  readonly steps: readonly LeafRef[]
  readonly within: Duration | undefined
  readonly notBefore: Instant | undefined
  readonly resets: readonly LeafRef[]
}

export interface CompiledHolds {
  readonly form: 'holds'
  readonly kind: 'holds'
  readonly id: string | undefined
  readonly hash: string
  readonly achievement: AchievementRef
  readonly validAt: 'award' | 'ever'
}

export interface CompiledForeign {
  readonly form: 'foreign'
  readonly kind: 'holds'
  readonly id: string | undefined
  readonly leaf: LeafRef
  readonly foreign: string
  readonly validAt: 'award' | 'ever'
}

/** What all rules that ask the same of events share: one predicate, one state a subject, several readings. */
export interface CompiledLeaf {
  readonly hash: string
  /** By which path the event names the person. */
  readonly recipient: string
  readonly capture: Capture
  /** The name of a context: `ctx:` and the SHA-256 of its canonical text. */
  readonly nameContext: (text: string) => string
  /** Every condition by itself, for near misses. */
  readonly conjuncts: readonly {
    readonly text: string
    readonly test: Predicate
    /** It reads nothing but the type of the event. */
    readonly isOnType: boolean
  }[]
  readonly keeping: LeafKeeping
}
