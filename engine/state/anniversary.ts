import { addCalendar, type CalendarDuration } from '#engine/shared/calendar.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LeafItem } from './leaf-state.ts'

/**
 * The first moment that lies so much after an anchor, as the calendar of the zone counts. Of the first anchor, or, with
 * `last`, of the first one that no later anchor followed before the time was over. May lie in the future. O(anchors).
 */
export function anniversaryMetAt(
  anchors: readonly LeafItem[],
  after: CalendarDuration,
  zone: string,
  pick: 'first' | 'last',
): Instant | undefined {
  for (const [index, { time }] of anchors.entries()) {
    const at = addCalendar(time, after, zone)
    const next = anchors[index + 1]
    if (pick === 'first' || next === undefined || next.time > at) return at
  }
  return undefined
}
