import { type CalendarUnit, periodAt } from '#engine/shared/calendar.ts'
import type { Duration } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { LeafItem } from './leaf-state.ts'
import { END } from './timeline.ts'

/** Which items count at a moment, beside those before it. */
export type Window =
  /** All of them. */
  | { readonly kind: 'life' }
  /** Those of the last so many milliseconds. */
  | { readonly kind: 'rolling'; readonly length: Duration }
  /** Those of the same day, week, month, quarter or year. */
  | { readonly kind: 'period'; readonly unit: CalendarUnit; readonly zone: string }
  /** Those in [from, to). */
  | { readonly kind: 'range'; readonly from: Instant; readonly to: Instant }
  /** Those at or after the first, or the latest, event of another leaf: since enrolment. */
  | { readonly kind: 'since'; readonly pick: 'first' | 'last' }

/** An item with the first moment at which it no longer counts. */
export interface Member {
  readonly item: LeafItem
  readonly until: Instant
}

/**
 * The items that a window ever holds, each with its end; in order, and the ends in order too. A rolling window of a
 * positive leaf is closed (two items exactly its length apart are in one), of a negative one open at its start.
 * `anchors` are the items of the leaf that `since` names, in order. O(items).
 */
export function membersOf(
  items: readonly LeafItem[],
  window: Window,
  anchors: readonly LeafItem[],
  isClosed: boolean,
): readonly Member[] {
  switch (window.kind) {
    case 'life':
      return items.map((item) => ({ item, until: END }))
    case 'rolling': {
      const length = window.length + (isClosed ? 1 : 0)
      return items.map((item) => ({ item, until: asInstant(item.time + length) }))
    }
    case 'period':
      return items.map((item) => ({ item, until: periodAt(item.time, window.unit, window.zone).end }))
    case 'range':
      return items
        .filter(({ time }) => window.from <= time && time < window.to)
        .map((item) => ({ item, until: END }))
    case 'since':
      return window.pick === 'first' ? sinceFirst(items, anchors) : sinceLatest(items, anchors)
  }
}

function sinceFirst(items: readonly LeafItem[], [first]: readonly LeafItem[]): readonly Member[] {
  if (first === undefined) return []
  return items.filter(({ time }) => time >= first.time).map((item) => ({ item, until: END }))
}

/** Each anchor begins anew: what lay before it counts no more. */
function sinceLatest(items: readonly LeafItem[], anchors: readonly LeafItem[]): readonly Member[] {
  const members: Member[] = []
  let next = 0
  for (const item of items) {
    for (let anchor = anchors[next]; anchor !== undefined && anchor.time <= item.time; anchor = anchors[next])
      next++
    if (next > 0) members.push({ item, until: anchors[next]?.time ?? END })
  }
  return members
}
