import type { RuleFaultCode, RuleWarningCode } from '#engine/rules/check/rule-faults.ts'
import type { CalendarUnit } from '#engine/shared/calendar.ts'
import type { AchievementId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Pick } from '#engine/state/join-items.ts'

/** `waarmerk-rule/1`, as an author writes it (docs/rules.md). */
export interface RuleDocument extends RuleMembers {
  readonly schema: typeof RULE_SCHEMA
  /** The slug of the achievement that the rule awards. */
  readonly achievement: string
  readonly when: RuleNode
  /** From when on events count: a moment, or a duration before the activation (`-P1Y`). */
  readonly notBefore?: string
  /** Until when the rule can be met: a moment, or a duration after the activation (`P1Y`). */
  readonly deadline?: string
}

/**
 * A rule version as it is activated, digested and anchored: slugs are resolved, `notBefore` and `deadline` are moments.
 * Whoever has it and the events can replay the rule, and needs nothing else.
 */
export interface ResolvedRule extends RuleMembers {
  readonly schema: typeof RESOLVED_RULE_SCHEMA
  readonly achievement: AchievementRef
  readonly when: RuleNode<AchievementRef>
  /** RFC 3339. */
  readonly notBefore?: string
  readonly deadline?: string
}

export const RULE_SCHEMA = 'waarmerk-rule/1'
export const RESOLVED_RULE_SCHEMA = 'waarmerk-rule-resolved/1'

export interface AchievementRef {
  readonly slug: string
  readonly id: AchievementId
  /** The achievement version that was current at the activation, and the digest of its bytes. */
  readonly version: string
  readonly digest: string
}

interface RuleMembers {
  readonly occurrence: Occurrence
  /** `event.actor`, or a path into the event's data that names one person or several. */
  readonly recipient: string
  /** For people: by language tag. */
  readonly name?: LocalisedText
  readonly description?: LocalisedText
  /** Slug of a cohort: nobody else can be awarded. */
  readonly cohort?: string
  /** How late events may come, as an ISO 8601 duration: what no window can reach any more is then let go. */
  readonly allowedLateness?: string
  /** Events that take away what was reached, as long as nothing was awarded. */
  readonly penalty?: readonly Penalty[]
  /**
   * Default `auto`. `review` sends every award to a person; `suggest` awards nothing and tells the organisation that it
   * could.
   */
  readonly mode?: 'auto' | 'review' | 'suggest'
  readonly gate?: Gate
  readonly limits?: Limits
  /** Whoever holds the achievement by another road does not get it by this one as well. */
  readonly onePerPerson?: boolean
  /** What happens to an award whose events were taken back. Default `review`. */
  readonly onRetract?: OnRetract
  /** What happens when an award stands and what it asked for is no longer so. Default `ignore`. */
  readonly onFalse?: 'ignore' | 'notify'
  /** An award that expires can be earned again, from so long before it does. */
  readonly renewal?: { readonly before: string }
  /** What the credential says about results: `LEAF.best.score`, `LEAF.last.data.grade`, `LEAF.count`. */
  readonly results?: readonly ResultMapping[]
  /** The id of the part whose events are the credential's evidence. */
  readonly evidence?: string
}

export type Occurrence =
  | { readonly kind: 'once' }
  /** Once each calendar period; only events of the period count. */
  | { readonly kind: 'period'; readonly unit: CalendarUnit; readonly zone: string }
  /** Once for each value of an expression on the event, such as the edition of a course. */
  | { readonly kind: 'context'; readonly by: string }
  /** As often as it is met; what was counted for one award is not counted for the next. */
  | { readonly kind: 'unlimited' }

export interface Penalty {
  /** A CEL predicate on `event`. */
  readonly where: string
  /** Ids of the parts that begin anew. */
  readonly resets: readonly string[]
}

export interface Gate {
  readonly approval?: { readonly right: 'award'; readonly quorum: number; readonly fourEyes?: boolean }
  readonly endorsement?: { readonly quorum: number; readonly of: readonly string[] }
  /** Slug of a claim code that must have been entered as well. */
  readonly code?: string
}

export interface Limits {
  /** How many awards there can be in all; who is decided on first comes first. */
  readonly cap?: number
  readonly capPerPerson?: number
  /** The shortest time between two awards to one person. */
  readonly cooldown?: string
}

export interface ResultMapping {
  readonly resultDescription: string
  readonly value: string
}

export type OnRetract = 'keep' | 'review' | 'revoke'
export type LocalisedText = Readonly<Record<string, string>>

/** `Achievement` is a slug in what an author writes and a reference in what is activated. */
export type RuleNode<Achievement = string> =
  | AllNode<Achievement>
  | AnyNode<Achievement>
  | NOfNode<Achievement>
  | NotNode<Achievement>
  | LeafNode<Achievement>

/** Whatever a `not` may stand before. */
export type LeafNode<Achievement = string> = EventLeaf | SequenceNode | FactNode | HoldsNode<Achievement>

/** Leaves that look at events with a predicate of the author's, in a window. */
export type EventLeaf =
  | EventNode
  | CountNode
  | DistinctNode
  | DistinctOfNode
  | SumNode
  | AverageNode
  | LowestNode
  | HighestNode
  | RateNode
  | StreakNode
  | FirstNode
  | LastNode
  | AbsenceNode
  | AnniversaryNode

/** Leaves that look at what is known of a person. */
export type FactNode = AttributeNode | CohortNode | CompetencyNode | CodeNode | NominationNode | AttestedNode

interface NodeMembers {
  /** Unique in the rule; names the part in traces and texts. */
  readonly id?: string
  /** For people: by language tag. */
  readonly name?: LocalisedText
}

interface EventLeafMembers extends NodeMembers {
  /** A CEL predicate on `event`, and on `join` where there is one. */
  readonly where?: string
  /** ISO 8601 duration of a rolling window in event time. At most one kind of window; without one the whole life counts. */
  readonly within?: string
  /** The calendar period that an event lies in. */
  readonly period?: { readonly unit: CalendarUnit; readonly zone: string }
  /** From `from` on, and before `to`. */
  readonly range?: { readonly from: string; readonly to: string }
  /** From another event on, such as an enrolment. */
  readonly since?: Anchor
  /** Values looked up in other events of the same person; `where` reads them as `join.NAME`. */
  readonly join?: Readonly<Record<string, JoinMember>>
}

/** An event that something counts from. */
export interface Anchor {
  /** The type of the event. */
  readonly event?: string
  readonly where?: string
  /** Default `last`: each such event begins anew. */
  readonly pick?: 'first' | 'last'
}

export interface JoinMember {
  /** A CEL predicate on `event`: which events are looked up. */
  readonly from: string
  /** A CEL expression on `event`: what is taken of them. */
  readonly value: string
  /** A CEL expression on `event` that has the same value for both. */
  readonly on: string
  readonly within?: string
  /** Default `last`. */
  readonly pick?: Pick
}

/** Every child is met. */
export interface AllNode<Achievement = string> extends NodeMembers {
  readonly all: readonly RuleNode<Achievement>[]
}

/** At least one child is met. */
export interface AnyNode<Achievement = string> extends NodeMembers {
  readonly any: readonly RuleNode<Achievement>[]
}

/** At least `nOf` of the children in `of` are met. */
export interface NOfNode<Achievement = string> extends NodeMembers {
  readonly nOf: number
  readonly of: readonly RuleNode<Achievement>[]
}

/**
 * The leaf is not satisfied at the earliest moment at or after its positive siblings are, or at the end that `until`
 * names. Stands in an `all` beside at least one positive sibling.
 */
export interface NotNode<Achievement = string> extends NodeMembers {
  readonly not: LeafNode<Achievement>
  /** Default `satisfied`. `deadline` is the rule's, `period` that of its occurrence. */
  readonly until?: 'satisfied' | 'deadline' | 'period'
  /** How long to wait for late events before it is believed; default `P0D`. */
  readonly settle?: string
}

/** One event of this type. */
export interface EventNode extends EventLeafMembers {
  readonly event: string
}

/** At least `count` events. */
export interface CountNode extends EventLeafMembers {
  readonly count: number
}

/** Events with at least `distinct` different values of `by`. */
export interface DistinctNode extends EventLeafMembers {
  readonly distinct: number
  readonly by: string
}

/** Events with at least `distinctOf` different values of `by` out of the list `in`. */
export interface DistinctOfNode extends EventLeafMembers {
  readonly distinctOf: number
  readonly by: string
  readonly in: readonly string[]
}

interface NumberMembers extends EventLeafMembers {
  /** A CEL expression on `event` that gives a number. */
  readonly of: string
  /** How many events there must be before it says anything; default 1. */
  readonly atLeast?: number
}

/** The numbers add up to at least `sum`. */
export interface SumNode extends EventLeafMembers {
  readonly sum: number
  readonly of: string
}

/** Their average is at least `avg`. */
export interface AverageNode extends NumberMembers {
  readonly avg: number
}

/** The lowest of them is at least `min`. */
export interface LowestNode extends NumberMembers {
  readonly min: number
}

/** The highest of them is at least `max`. */
export interface HighestNode extends NumberMembers {
  readonly max: number
}

/** Of the events that `where` lets through, a share of at least `rate` meets the predicate `of`. */
export interface RateNode extends NumberMembers {
  readonly rate: number
}

/** `streak` days, weeks, … in a row, each with at least `perUnit` events. */
export interface StreakNode extends EventLeafMembers {
  readonly streak: number
  readonly unit: CalendarUnit
  readonly zone: string
  readonly perUnit?: number
}

/** The earliest event that `where` lets through meets the predicate `first`. */
export interface FirstNode extends EventLeafMembers {
  readonly first: string
}

/** The latest event that `where` lets through meets the predicate `last`, for as long as it is the latest. */
export interface LastNode extends EventLeafMembers {
  readonly last: string
}

/** Nothing that `where` lets through for so long (ISO 8601), after `since` or the first such event. */
export interface AbsenceNode extends EventLeafMembers {
  readonly absence: string
}

/** So long after `since`, as the calendar counts (`P1Y`, `P6M`). */
export interface AnniversaryNode extends NodeMembers {
  readonly anniversary: string
  readonly since: Anchor
  readonly zone: string
}

/** Events in this order, each after the one before. */
export interface SequenceNode extends NodeMembers {
  readonly sequence: readonly SequenceStep[]
  /** From the first to the last. */
  readonly within?: string
}

export interface SequenceStep {
  readonly event?: string
  readonly where?: string
  readonly name?: LocalisedText
}

/** The person holds another achievement. */
export interface HoldsNode<Achievement = string> extends NodeMembers {
  readonly holds: Achievement | ForeignBadge
  /** `award` (default): when the award is decided. `ever`: also if it has expired or was revoked since. */
  readonly validAt?: 'award' | 'ever'
}

/** A badge of somebody else, known by its verified signature. */
export interface ForeignBadge {
  /** Its achievement id, a URL. */
  readonly foreign: string
  /** Issuers that count, by DID or URL; without it anyone whose signature verified. */
  readonly issuers?: readonly string[]
}

/** The value that an attribute of the person has meets the predicate `is`, on `value`. */
export interface AttributeNode extends NodeMembers {
  readonly attribute: string
  readonly is: string
}

/** The person is a member. */
export interface CohortNode extends NodeMembers {
  readonly cohort: string
}

/** At least `level` was reached in an item of a framework. */
export interface CompetencyNode extends NodeMembers {
  readonly competency: string
  readonly level: number
}

/** A claim code was entered or a QR code scanned. */
export interface CodeNode extends NodeMembers {
  readonly code: string
}

/** So many different people nominated the person. */
export interface NominationNode extends NodeMembers {
  readonly nomination: number
  /** Slug of the achievement that they were nominated for; default: that of the rule. */
  readonly for?: string
}

/** An `AttestedAward` of this on-chain rule was completed for the person. */
export interface AttestedNode extends NodeMembers {
  readonly attested: string
}

/** What a document is checked against: what the organisation has and keeps. Plain data, read by the caller. */
export interface RuleCatalogue {
  /** By slug. */
  readonly achievements: ReadonlyMap<string, AchievementRef>
  /** Event types of the organisation's sources, beside those of the event vocabulary. */
  readonly eventTypes: ReadonlySet<string>
  /** By slug: which achievements the *other* active rules that award it ask for by `holds`. */
  readonly prerequisites: ReadonlyMap<string, readonly string[]>
  /** How long events are kept, in milliseconds; undefined: for ever. */
  readonly retention?: number
  /** How many people may approve an award of this rule; undefined: not known, not checked. */
  readonly approvers?: number
  /** Slugs; undefined: not known, not checked. */
  readonly cohorts?: ReadonlySet<string>
  readonly codes?: ReadonlySet<string>
  /** The declared type of each attribute of people; undefined: not known, not checked. */
  readonly attributes?: ReadonlyMap<string, AttributeType>
  /** Of each achievement, by slug, the ids of its result descriptions; undefined: not known, not checked. */
  readonly resultDescriptions?: ReadonlyMap<string, ReadonlySet<string>>
  /**
   * Of the achievements whose badges end, by slug, how long they are valid (ISO 8601 by the calendar of UTC); undefined:
   * not known, not checked.
   */
  readonly validFor?: ReadonlyMap<string, string>
  /** To tell a deadline that has passed; undefined: not known, not checked. */
  readonly now?: Instant
}

export type AttributeType = 'string' | 'number' | 'boolean' | 'strings'

/** One fault or warning in a document: a stable code, where it is, and a sentence. */
export interface RuleFault<Code extends string = RuleFaultCode> {
  readonly code: Code
  /** JSON pointer into the rule document (RFC 6901). */
  readonly path: string
  readonly message: string
}

export type RuleWarning = RuleFault<RuleWarningCode>
