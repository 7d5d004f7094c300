import type { Duration } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { compareItems, type ItemsState, type LeafItem, type VoidsState } from './leaf-state.ts'
import { earliestMet, type LeafReading } from './read-leaf.ts'

/** What the rules that read a leaf allow to be forgotten. */
export interface LeafKeeping {
  /** Those of all rules that read the leaf: once the last of them is satisfied, later items are left out. */
  readonly readings: readonly LeafReading[]
  /** False where a reading may change with a later item: then there is no "for good". */
  readonly mayLatch: boolean
  /**
   * Where every window is a rolling one and says how late events may come: items that no window can reach any more are
   * let go. Undefined: all are kept.
   */
  readonly reach: { readonly window: Duration; readonly lateness: Duration } | undefined
}

/**
 * Adds what matched to a state; the same items in any order and any number of portions give the same state, as far as
 * any rule can tell. `isTorn` says that it cannot tell any more: an event came later than what was let go.
 * Returns the same state where nothing changed. O(n log n).
 */
export function foldItems(
  state: ItemsState,
  added: readonly LeafItem[],
  keeping: LeafKeeping,
  now: Instant,
): { readonly state: ItemsState; readonly isTorn: boolean } {
  const known = new Set(state.items.map(sourceKey))
  const fresh: LeafItem[] = []
  for (const item of added) {
    const key = sourceKey(item)
    if (known.has(key)) continue
    known.add(key)
    fresh.push(item)
  }
  if (fresh.length === 0) return { state, isTorn: false }
  const { reach } = keeping
  const { floor, dropped } = state
  const items = [...state.items, ...fresh].sort(compareItems)
  // Its window would hold items that are gone: it came later than the rule said that events may come.
  if (floor !== undefined && fresh.some(({ time }) => time < floor + (reach?.window ?? 0)))
    return { state: withItems(state, items), isTorn: true }
  const latchedAt = keeping.mayLatch ? lastMet(items, keeping.readings) : undefined
  if (latchedAt === undefined) return { state: withoutUnreachable(state, items, keeping, now), isTorn: false }
  const kept = items.filter(({ time }) => time <= latchedAt)
  const hasDropped = dropped === true || kept.length < items.length
  const isSame = kept.length === state.items.length && kept.every((item, at) => item === state.items[at])
  if (isSame && state.latched === true && (dropped ?? false) === hasDropped) return { state, isTorn: false }
  return {
    state: {
      ...withItems(state, kept),
      latched: true,
      ...(hasDropped ? { dropped: true } : {}),
    },
    isTorn: false,
  }
}

/** Lets go what no window reaches any more, as long as no rule is satisfied by what is let go. */
function withoutUnreachable(
  state: ItemsState,
  items: readonly LeafItem[],
  { readings, mayLatch, reach }: LeafKeeping,
  now: Instant,
): ItemsState {
  if (reach === undefined || !mayLatch) return withItems(state, items)
  const floor = asInstant(
    Math.max(now - reach.window - reach.lateness, state.floor ?? Number.NEGATIVE_INFINITY),
  )
  const first = items[0]
  if (first === undefined || first.time >= floor) return withItems(state, items)
  if (readings.some((reading) => earliestMet(items, reading) !== undefined)) return withItems(state, items)
  return withItems(
    { ...state, floor },
    items.filter(({ time }) => time >= floor),
  )
}

const withItems = (
  { dropped, floor }: Omit<ItemsState, 'items'>,
  items: readonly LeafItem[],
): ItemsState => ({
  kind: 'items',
  items,
  ...(dropped ? { dropped } : {}),
  ...(floor === undefined ? {} : { floor }),
})

/** Takes one source event out. Undefined where it is not held. A latch opens: the event may have been what made it. */
export function withoutItem(state: ItemsState, source: string, sourceId: string): ItemsState | undefined {
  const items = state.items.filter((item) => item.sourceId !== sourceId || item.source !== source)
  if (items.length === state.items.length) return undefined
  return withItems(state, items)
}

/** Remembers that a source event was taken back. The same object where that was known. */
export function withVoid(state: VoidsState, source: string, sourceId: string): VoidsState {
  if (isVoided(state, source, sourceId)) return state
  const voided = [...state.voided, [source, sourceId] as const].sort(
    (a, b) => compareText(a[0], b[0]) || compareText(a[1], b[1]),
  )
  return { kind: 'voids', voided }
}

export const isVoided = (state: VoidsState, source: string, sourceId: string): boolean =>
  state.voided.some(([from, id]) => id === sourceId && from === source)

/** Names a source event for ever. A source is a URI and cannot hold a line break. */
const sourceKey = ({ source, sourceId }: { readonly source: string; readonly sourceId: string }): string =>
  `${source}\n${sourceId}`

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** When the last of all readings was met; undefined as long as one of them is not. */
function lastMet(items: readonly LeafItem[], readings: readonly LeafReading[]): Instant | undefined {
  let last: Instant | undefined
  for (const reading of readings) {
    const met = earliestMet(items, reading)
    if (met === undefined) return undefined
    if (last === undefined || met.metAt > last) last = met.metAt
  }
  return last
}
