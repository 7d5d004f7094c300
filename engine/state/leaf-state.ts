import type { EventId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/**
 * What is folded from one subject's events for one leaf. Plain JSON: the database keeps it as JSON text.
 *
 * Leaves that differ in their threshold only share one state, and rules read it with their own threshold and
 * `notBefore`. The state holds the events that matched, so that late, duplicate and voided events change nothing
 * but what they must: a leaf's answer depends on the set of events and never on the order in which they came.
 */
export type LeafState = ItemsState | VoidsState

export interface ItemsState {
  readonly kind: 'items'
  /** In the order of (time, source, source id), each source event once. */
  readonly items: readonly LeafItem[]
  /**
   * Every rule that reads this leaf is satisfied for good: events later than the last item are not kept.
   * Set together with `dropped` as soon as one such event was left out.
   */
  readonly latched?: true
  /** Events were left out. Where a kept item is voided, only a rescan of the subject's events can tell. */
  readonly dropped?: true
  /**
   * Items before this moment were let go: no window that is still open reaches them. Where an event comes that late,
   * only a rescan of the subject's events can tell.
   */
  readonly floor?: Instant
}

/** Which events of one subject have been taken back. Kept, because a void may come before what it voids. */
export interface VoidsState {
  readonly kind: 'voids'
  /** Sorted. */
  readonly voided: readonly (readonly [source: string, sourceId: string])[]
}

export interface LeafItem {
  readonly time: Instant
  readonly eventId: EventId
  readonly source: string
  readonly sourceId: string
  /** Where different values count: the value. */
  readonly value?: string
  /** What is added up or compared; 1 or 0 where it is asked whether something is so. */
  readonly number?: number
  /** The context that the event belongs to, where the rule awards once a context. */
  readonly context?: string
  /** What a joined event has in common with the event that it is joined to. */
  readonly key?: string
}

/** The order of events: (event time, source, source's event id). The order of arrival is none. */
export const compareItems = (a: LeafItem, b: LeafItem): number =>
  a.time - b.time || compareText(a.source, b.source) || compareText(a.sourceId, b.sourceId)

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Stands where a leaf's hash stands, for the one `VoidsState` of a subject. */
export const VOIDS_LEAF_HASH = '0'.repeat(64)

/** An empty state; what a leaf has that no event ever met. */
export const EMPTY_ITEMS: ItemsState = { kind: 'items', items: [] }
