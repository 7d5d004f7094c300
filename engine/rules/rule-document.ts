import type { AchievementId } from '#engine/shared/ids.ts'
import type { RuleFaultCode, RuleWarningCode } from './rule-faults.ts'

/** `waarmerk-rule/1`, first set of operators, as an author writes it (docs/rules.md). */
export interface RuleDocument extends RuleMembers {
  readonly schema: typeof RULE_SCHEMA
  /** The slug of the achievement that the rule awards. */
  readonly achievement: string
  readonly when: RuleNode
  /** From when on events count: a moment, or a duration before the activation (`-P1Y`). */
  readonly notBefore?: string
}

/**
 * A rule version as it is activated, digested and anchored: slugs are resolved, `notBefore` is a moment.
 * Whoever has it and the events can replay the rule, and needs nothing else.
 */
export interface ResolvedRule extends RuleMembers {
  readonly schema: typeof RESOLVED_RULE_SCHEMA
  readonly achievement: AchievementRef
  readonly when: RuleNode<AchievementRef>
  /** RFC 3339. */
  readonly notBefore?: string
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
  readonly occurrence: { readonly kind: 'once' }
  readonly recipient: 'event.actor'
  /** For people: by language tag. */
  readonly name?: LocalisedText
  readonly description?: LocalisedText
  /** How late an event may come, as an ISO 8601 duration. Told to sources; see docs/rules.md. */
  readonly allowedLateness?: string
  /** Default `auto`. `review` sends every award to a person. */
  readonly mode?: 'auto' | 'review'
  readonly gate?: { readonly approval: { readonly right: 'award'; readonly quorum: number } }
  /** What happens to an award whose events were taken back. Default `review`. */
  readonly onRetract?: OnRetract
}

export type OnRetract = 'keep' | 'review' | 'revoke'
export type LocalisedText = Readonly<Record<string, string>>

/** `Achievement` is a slug in what an author writes and a reference in what is activated. */
export type RuleNode<Achievement = string> =
  | AllNode<Achievement>
  | AnyNode<Achievement>
  | NOfNode<Achievement>
  | NotNode
  | EventLeaf
  | HoldsNode<Achievement>

export type EventLeaf = EventNode | CountNode | DistinctOfNode

interface NodeMembers {
  /** Unique in the rule; names the part in traces and texts. */
  readonly id?: string
  /** For people: by language tag. */
  readonly name?: LocalisedText
}

interface EventLeafMembers extends NodeMembers {
  /** A CEL predicate on `event`. */
  readonly where?: string
  /** ISO 8601 duration of a rolling window in event time; without it the whole life counts. */
  readonly within?: string
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
 * The leaf is not satisfied at the earliest moment at or after its positive siblings are.
 * Stands in an `all` beside at least one positive sibling.
 */
export interface NotNode extends NodeMembers {
  readonly not: EventLeaf
  readonly until?: 'satisfied'
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

/** Events with at least `distinctOf` different values of `by` out of the list `in`. */
export interface DistinctOfNode extends EventLeafMembers {
  readonly distinctOf: number
  readonly by: string
  readonly in: readonly string[]
}

/** The person holds another achievement when the award is decided. */
export interface HoldsNode<Achievement = string> extends NodeMembers {
  readonly holds: Achievement
  readonly validAt?: 'award'
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
}

/** One fault or warning in a document: a stable code, where it is, and a sentence. */
export interface RuleFault<Code extends string = RuleFaultCode> {
  readonly code: Code
  /** JSON pointer into the rule document (RFC 6901). */
  readonly path: string
  readonly message: string
}

export type RuleWarning = RuleFault<RuleWarningCode>
