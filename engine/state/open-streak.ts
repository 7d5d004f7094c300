import { periodAt } from '#engine/shared/calendar.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LeafItem } from './leaf-state.ts'
import type { Measure } from './measure.ts'

export interface OpenStreak {
  /** So many units in a row, of a run that can still be gone on with. */
  readonly have: number
  /** The items of that run, and those of the unit that is being filled. */
  readonly evidence: readonly LeafItem[]
  /** When the run is over unless it is gone on with: the first moment after the unit that it takes. */
  readonly endsAt: Instant | undefined
}

const NO_RUN: OpenStreak = { have: 0, evidence: [], endsAt: undefined }

/**
 * The run that a next unit would make longer. A run after which a whole unit has gone by without enough items is over:
 * however long it was, nothing of it counts towards the next. O(items).
 */
export function openStreak(
  items: readonly LeafItem[],
  { need, unit, zone, perUnit }: Extract<Measure, { kind: 'streak' }>,
  now: Instant,
): OpenStreak {
  const perPeriod = new Map<number, LeafItem[]>()
  for (const item of items) {
    const { index } = periodAt(item.time, unit, zone)
    const known = perPeriod.get(index)
    if (known === undefined) perPeriod.set(index, [item])
    else known.push(item)
  }
  if (perPeriod.size === 0) return NO_RUN
  const isFull = (index: number) => (perPeriod.get(index)?.length ?? 0) >= perUnit
  const latest = Math.max(...perPeriod.keys())
  const last = isFull(latest) ? latest : latest - 1
  const current = periodAt(now, unit, zone)
  if (current.index > last + 1) return NO_RUN
  let have = 0
  while (have < need && isFull(last - have)) have++
  const counted = Array.from({ length: have + 1 }, (_, at) => perPeriod.get(last - have + 1 + at) ?? [])
  return { have, evidence: counted.flat(), endsAt: have === 0 ? undefined : endOfNext() }

  function endOfNext(): Instant | undefined {
    if (current.index === last + 1) return current.end
    return current.index === last ? periodAt(current.end, unit, zone).end : undefined
  }
}
