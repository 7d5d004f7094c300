import type { Duration } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { LeafItem } from './leaf-state.ts'

/**
 * The first moment at which nothing had happened for so long: the end of the first stretch of that length without an
 * item, open at its start. A stretch begins at an anchor or an item. Without anchors the first item is the beginning:
 * somebody of whom nothing is known has not been absent. The moment may lie in the future. O(n log n).
 */
export function absenceMetAt(
  items: readonly LeafItem[],
  length: Duration,
  anchors: readonly LeafItem[] | undefined,
  pick: 'first' | 'last',
): Instant | undefined {
  const begin = anchors === undefined ? items[0]?.time : anchors[0]?.time
  if (begin === undefined) return undefined
  const breaks = items.map(({ time }) => time)
  if (pick === 'last') for (const { time } of anchors ?? []) breaks.push(time)
  const later = breaks.filter((time) => time > begin).sort((a, b) => a - b)
  let from = begin
  for (const next of later) {
    if (next > from + length) break
    from = next
  }
  return asInstant(from + length)
}
