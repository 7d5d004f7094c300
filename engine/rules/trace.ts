import type { EventId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/**
 * Why, why not and how far: one tree for the decision record, the progress bar and the explanation.
 * It names events by id and holds no personal value.
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
}

export interface LeafTrace {
  readonly kind: 'event' | 'count' | 'distinctOf' | 'holds'
  readonly id?: string
  readonly leafHash: string
  readonly status: TraceStatus
  readonly have: number
  readonly need: number
  /** Of `distinctOf`: the values that are still open; of `holds`: the achievement. */
  readonly missing: readonly string[]
  readonly evidence: readonly EventId[]
  /** When the oldest event that counts now leaves the window. */
  readonly expiresAt?: Instant
  /** The nearest miss: an event that failed on one conjunct only. */
  readonly nearMiss?: { readonly eventId: EventId; readonly conjunct: string }
}

/** `settling`: met, but a negative may still come; a durable timer looks again. */
export type TraceStatus = 'met' | 'not_met' | 'settling'
