import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { Bound, BoundedField } from '#engine/rules/cel/cel-conjuncts.ts'
import { type LeafList, leafList, type PlacedLeaf } from './leaf-list.ts'

/** Leaves that bound the same number on the same side, the easiest to meet first. */
export interface BoundedLeaves<Leaf> extends LeafList<Leaf> {
  readonly field: BoundedField
  readonly isAtLeast: boolean
  readonly bounds: readonly Bound[]
}

/** Those that have a bound, in one list for each (field, side). O(n log n). */
export function boundedLeaves<Leaf>(all: readonly PlacedLeaf<Leaf>[]): readonly BoundedLeaves<Leaf>[] {
  const withBound = all.flatMap((placed) =>
    placed.bound === undefined ? [] : [{ placed, bound: placed.bound }],
  )
  const groups = Map.groupBy(withBound, ({ bound: { field, side } }) => `${field} ${side}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const isAtLeast = first.bound.side === 'atLeast'
    const sorted = [...group].sort(
      ({ bound: a }, { bound: b }) =>
        (isAtLeast ? a.value - b.value : b.value - a.value) || Number(a.isOpen) - Number(b.isOpen),
    )
    return [
      {
        field: first.bound.field,
        isAtLeast,
        bounds: sorted.map(({ bound }) => bound),
        ...leafList(sorted.map(({ placed }) => placed)),
      },
    ]
  })
}

/** How many of them the event's number meets, from the first; none where it has no number. O(log n). */
export function countMet<Leaf>(
  { field, isAtLeast, bounds }: BoundedLeaves<Leaf>,
  event: LearningEvent,
): number {
  const number = event[field]
  if (number === undefined) return 0
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const bound = bounds[middle]
    if (bound === undefined) break
    const { value, isOpen } = bound
    const isMet = number === value ? !isOpen : isAtLeast ? value < number : value > number
    if (isMet) low = middle + 1
    else high = middle
  }
  return low
}
