import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { Trace } from '#engine/rules/explain/trace.ts'
import type { AchievementId, EventId, RuleId, RuleVersionId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LeafState } from '#engine/state/leaf-state.ts'
import type { LeafStates } from '#engine/state/leaf-states.ts'

/**
 * A badge that a subject holds, or held: give ended ones with their `until` as well. For a new award only those count
 * that are held at `now`; an award that stands keeps what was held when it was decided.
 */
export interface Holding {
  readonly achievementId: AchievementId
  /** In event time: `metAt` of the decision, or when a person awarded it. */
  readonly since: Instant
  /** When it expires or expired, or was revoked. */
  readonly until?: Instant
  /**
   * The rule that awarded it, where one did. Since when it is held is then asked of that rule again, as an event may
   * have come late after the award was recorded: so the order of arrival does not matter.
   */
  readonly by?: RuleId
  /** Of that rule; default `once`. */
  readonly occurrence?: string
  /** It ended because it was revoked, and not because its time was over. */
  readonly isRevoked?: boolean
}

/** Everything that the decision about some subjects depends on, as read in one transaction under their locks. */
export interface EvaluationInput {
  /** The service's clock; only durable timers look at it. */
  readonly now: Instant
  /** In any order; each belongs to one of the subjects. */
  readonly events: readonly StoredEvent[]
  /** Rules to look at again although no event came: a timer is due, or a rule was activated. */
  readonly reconsider: readonly { readonly ruleId: RuleId; readonly subjectId: SubjectId }[]
  /** All states of these subjects, by `stateKey`. */
  readonly states: LeafStates
  /** The last outcome of each (rule, subject, occurrence), by `outcomeKey`. */
  readonly outcomes: ReadonlyMap<string, DecisionOutcome>
  /** When each of them was met in event time, by `outcomeKey`, where it is known: for cool-downs. */
  readonly moments?: ReadonlyMap<string, Instant>
  readonly holdings: ReadonlyMap<SubjectId, readonly Holding[]>
  /**
   * How many awards each rule with a cap has left, read under a lock that others who award by it wait for.
   * A rule that is not named has none left.
   */
  readonly capLeft?: ReadonlyMap<RuleId, number>
  /**
   * Default true. False while a new version is folded from all events of a subject: it may award, but what earlier
   * versions awarded stands. (A rescan that an evaluation itself asked for may retract.) Where only some rules may, those
   * that ask for an award that such a rule takes back, or would give later now, may as well.
   */
  readonly mayRetract?: boolean | ((ruleId: RuleId) => boolean)
}

export const stateKey = (leafHash: string, subjectId: SubjectId): string => `${leafHash}:${subjectId}`
export const leafOfKey = (key: string): string => key.slice(0, key.indexOf(':'))
export const subjectOfKey = (key: string): SubjectId => key.slice(key.indexOf(':') + 1) as SubjectId
/** A shadow version has an occurrence of its own (`occurrenceOf`), so it does not disturb the active version. */
export const outcomeKey = (ruleId: RuleId, subjectId: SubjectId, occurrence: string): string =>
  `${ruleId}\n${subjectId}\n${occurrence}`

export interface EvaluationResult {
  /** Which events met at least one leaf; the others are `unmatched`. */
  readonly matched: ReadonlySet<EventId>
  /** States that changed, by `stateKey`. */
  readonly states: ReadonlyMap<string, ChangedState>
  /** Outcomes that changed, in the order in which they follow from each other. */
  readonly decisions: readonly NewDecision[]
  /** When to look again; the earliest per (rule, subject). */
  readonly timers: readonly { readonly ruleId: RuleId; readonly subjectId: SubjectId; readonly at: Instant }[]
  /**
   * Where an event was voided that a latched leaf had counted, so that its state cannot tell any more: nothing was
   * decided. Evaluate again with *all* events of the subject (voiding and voided ones included) and none of its states.
   */
  readonly rescan: readonly { readonly ruleId: RuleId; readonly subjectId: SubjectId }[]
  /** Awards that stand, of which what they asked for has just stopped being so, by rules that want to tell. */
  readonly lapsed: readonly Lapse[]
}

export interface Lapse {
  readonly ruleId: RuleId
  readonly subjectId: SubjectId
  readonly occurrence: string
}

export interface ChangedState {
  readonly leafHash: string
  readonly subjectId: SubjectId
  readonly state: LeafState
}

export type DecisionOutcome = 'award' | 'blocked' | 'needs_review' | 'would_award' | 'retracted'

/** Whether it gave something that it has not taken back. */
export const isStanding = (outcome: DecisionOutcome | undefined): boolean =>
  outcome === 'award' || outcome === 'needs_review' || outcome === 'would_award'

export interface NewDecision {
  readonly ruleId: RuleId
  readonly ruleVersionId: RuleVersionId
  readonly achievementId: AchievementId
  readonly subjectId: SubjectId
  /**
   * `once`, `renewal:1`, `period:2026-W48@Europe/Amsterdam`, `ctx:HASH` or `event:HASH`; after `shadow:VERSION` for a
   * shadow version.
   */
  readonly occurrence: string
  readonly outcome: DecisionOutcome
  /** Event time at which the rule was first met; of `retracted`, the time of the call. */
  readonly metAt: Instant
  readonly trace: Trace
  /** Of `blocked`: which limit. */
  readonly reason?: BlockReason
  /** Events of the part that the rule names for it, in order. */
  readonly evidence?: readonly EventId[]
}

export type BlockReason = 'cap' | 'cap-per-person' | 'cooldown' | 'one-per-person'
