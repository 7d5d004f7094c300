import type { EventId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/**
 * Why, why not and how far: one tree for the decision record, the progress bar and the explanation.
 * It names events by id and holds no personal value. Members that only progress has look ahead: they depend on the
 * moment of the question, and no decision keeps them.
 */
export type Trace = GroupTrace | LeafTrace

export interface GroupTrace {
  readonly kind: 'all' | 'any' | 'nOf' | 'not'
  readonly id?: string
  readonly status: TraceStatus
  readonly have: number
  readonly need: number
  readonly children: readonly Trace[]
  /** For `not`: when it may be said at the earliest. */
  readonly settlesAt?: Instant
  /** For `not`, in progress: what stands against it. */
  readonly against?: Against
  /** For `not` that lasts until an end, in progress: events up to this moment may still break it. */
  readonly until?: Instant
}

/** What stands against a negative. */
export interface Against {
  readonly since: Instant
  /** The event that made it so; missing where it was no event. */
  readonly eventId?: EventId
  /** From when on it counts no more, where that is known: it leaves its window. */
  readonly until?: Instant
  /** Nothing that still happens changes it: only if events are taken back can the negative be met. */
  readonly forGood: boolean
}

export interface LeafTrace {
  readonly kind: LeafKind
  readonly id?: string
  readonly leafHash: string
  readonly status: TraceStatus
  /** In the unit of the operator: events, different values, days in a row, a sum, an average, a share, a level. */
  readonly have: number
  readonly need: number
  /** Of `distinctOf`: the values that are still open; of `holds`, `cohort`, …: what it is about. */
  readonly missing: readonly string[]
  readonly evidence: readonly EventId[]
  /** Where something is joined to the evidence: the events that it was looked up in. */
  readonly joined?: readonly EventId[]
  /** When the oldest event that counts now leaves the window. */
  readonly expiresAt?: Instant
  /** Of an absence or an anniversary: when it is met at the earliest. */
  readonly settlesAt?: Instant
  /** Of `avg`, `min`, `max` and `rate`, in progress: how many more events it takes before they say anything. */
  readonly missingEvents?: number
  /** In progress: it is met, but after the deadline or the period, so it does not count. */
  readonly tooLate?: true
  /** The nearest miss: an event that failed on one conjunct only. */
  readonly nearMiss?: { readonly eventId: EventId; readonly conjunct: string }
}

export type LeafKind =
  | ('event' | 'count' | 'distinct' | 'distinctOf' | 'sum' | 'avg' | 'min' | 'max' | 'rate' | 'streak')
  | ('first' | 'last' | 'sequence' | 'absence' | 'anniversary' | 'holds' | 'attribute' | 'cohort')
  | ('competency' | 'code' | 'nomination' | 'attested')

/** `settling`: met, but a negative may still come; a durable timer looks again. */
export type TraceStatus = 'met' | 'not_met' | 'settling'
