import type { Duration } from '#engine/shared/duration.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { LeafItem } from './leaf-state.ts'

/** How one rule reads the items of a leaf. */
export interface LeafReading {
  /** How many items, or different values, it takes. */
  readonly need: number
  /** Length of the rolling window; undefined: the whole life. */
  readonly window: Duration | undefined
  /** Whether a value counts once. */
  readonly distinct: boolean
  /** Items before this moment do not count. */
  readonly notBefore: Instant | undefined
}

export interface WindowMet {
  readonly metAt: Instant
  /** What made it true, in order of time: the last `need` items, or the last item of each value. */
  readonly evidence: readonly LeafItem[]
}

/**
 * The earliest moment at which a window that ends there holds enough. Windows are closed:
 * two items that lie exactly the length apart are in one. O(items); items are in order of time.
 */
export function earliestMet(items: readonly LeafItem[], reading: LeafReading): WindowMet | undefined {
  const { need, window, distinct } = reading
  const tally = createTally(distinct)
  let from = firstCounting(items, reading)
  for (let to = from; to < items.length; to++) {
    const item = items[to]
    if (item === undefined) break
    tally.add(item)
    if (window !== undefined)
      for (
        let oldest = items[from];
        oldest !== undefined && oldest.time < item.time - window;
        oldest = items[++from]
      )
        tally.remove(oldest)
    if (tally.count() >= need)
      return { metAt: item.time, evidence: evidenceOf(items.slice(from, to + 1), reading) }
  }
  return undefined
}

/**
 * The earliest moment, not before `from`, at which the window that ends there (open at its start) holds too little.
 * Undefined where it never will: a lifetime that already held enough. O(items).
 */
export function earliestClear(
  items: readonly LeafItem[],
  reading: LeafReading,
  from: Instant,
): Instant | undefined {
  const { need, window, distinct } = reading
  const tally = createTally(distinct)
  let oldest = firstCounting(items, reading)
  let next = oldest
  for (let at = from; ; ) {
    for (let item = items[next]; item !== undefined && item.time <= at; item = items[++next]) tally.add(item)
    if (window === undefined) return tally.count() < need ? at : undefined
    for (
      let item = items[oldest];
      item !== undefined && oldest < next && item.time <= at - window;
      item = items[++oldest]
    )
      tally.remove(item)
    if (tally.count() < need) return at
    const leaving = items[oldest]
    if (leaving === undefined) return at
    at = asInstant(leaving.time + window)
  }
}

export interface OpenWindow {
  /** Items, or different values, that count now. */
  readonly have: number
  readonly evidence: readonly LeafItem[]
  /** When the oldest of them stops counting. */
  readonly expiresAt: Instant | undefined
}

/** What counts at `now` towards a window that is still open; items of the future count as well. O(items). */
export function openWindow(items: readonly LeafItem[], reading: LeafReading, now: Instant): OpenWindow {
  const { window } = reading
  const start = firstCounting(items, reading)
  const counting = items.slice(start).filter(({ time }) => window === undefined || time >= now - window)
  const evidence = evidenceOf(counting, { ...reading, need: counting.length })
  const [oldest] = evidence
  return {
    have: evidence.length,
    evidence,
    expiresAt: window === undefined || oldest === undefined ? undefined : asInstant(oldest.time + window),
  }
}

/** What a window that ends at `at`, open at its start, holds: the items that stand against a negative. O(items). */
export function windowEndingAt(
  items: readonly LeafItem[],
  reading: LeafReading,
  at: Instant,
): readonly LeafItem[] {
  const { window } = reading
  const held = items
    .slice(firstCounting(items, reading))
    .filter(({ time }) => time <= at && (window === undefined || time > at - window))
  return evidenceOf(held, { ...reading, need: held.length })
}

function firstCounting(items: readonly LeafItem[], { notBefore }: LeafReading): number {
  if (notBefore === undefined) return 0
  const found = items.findIndex(({ time }) => time >= notBefore)
  return found === -1 ? items.length : found
}

function evidenceOf(items: readonly LeafItem[], { need, distinct }: LeafReading): readonly LeafItem[] {
  if (!distinct) return items.slice(Math.max(0, items.length - need))
  const last = new Map<string, LeafItem>()
  for (const item of items) last.set(item.value ?? '', item)
  return items.filter((item) => last.get(item.value ?? '') === item)
}

interface Tally {
  add(item: LeafItem): void
  remove(item: LeafItem): void
  count(): number
}

function createTally(distinct: boolean): Tally {
  if (!distinct) {
    let count = 0
    return { add: () => void count++, remove: () => void count--, count: () => count }
  }
  const perValue = new Map<string, number>()
  const change = ({ value = '' }: LeafItem, by: number) => {
    const left = (perValue.get(value) ?? 0) + by
    if (left === 0) perValue.delete(value)
    else perValue.set(value, left)
  }
  return { add: (item) => change(item, 1), remove: (item) => change(item, -1), count: () => perValue.size }
}
