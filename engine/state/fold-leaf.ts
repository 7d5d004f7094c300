import type { Instant } from '#engine/shared/instant.ts'
import type { ItemsState, LeafItem, VoidsState } from './leaf-state.ts'
import { earliestMet, type LeafReading } from './leaf-window.ts'

/**
 * Adds what matched to a state; the same items in any order and any number of portions give the same state.
 * `readings` are those of all rules that read the leaf: once the last of them is satisfied, later items are left out.
 * Pass `mayLatch: false` where a negative reads it, for which there is no "for good".
 * Returns the same object where nothing changed. O(n log n).
 */
export function foldItems(
  state: ItemsState,
  added: readonly LeafItem[],
  readings: readonly LeafReading[],
  mayLatch: boolean,
): ItemsState {
  const known = new Set(state.items.map(sourceKey))
  const fresh: LeafItem[] = []
  for (const item of added) {
    const key = sourceKey(item)
    if (known.has(key)) continue
    known.add(key)
    fresh.push(item)
  }
  if (fresh.length === 0) return state
  const items = [...state.items, ...fresh].sort(byTimeAndSource)
  const latchedAt = mayLatch ? lastMet(items, readings) : undefined
  if (latchedAt === undefined) return { kind: 'items', items, ...(state.dropped ? { dropped: true } : {}) }
  const kept = items.filter(({ time }) => time <= latchedAt)
  const dropped = state.dropped === true || kept.length < items.length
  const isSame = kept.length === state.items.length && kept.every((item, at) => item === state.items[at])
  if (isSame && state.latched === true && (state.dropped ?? false) === dropped) return state
  return { kind: 'items', items: kept, latched: true, ...(dropped ? { dropped: true } : {}) }
}

/** Takes one source event out. Undefined where it is not held. A latch opens: the event may have been what made it. */
export function withoutItem(state: ItemsState, source: string, sourceId: string): ItemsState | undefined {
  const items = state.items.filter((item) => item.sourceId !== sourceId || item.source !== source)
  if (items.length === state.items.length) return undefined
  return { kind: 'items', items, ...(state.dropped ? { dropped: true } : {}) }
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

/** The order of events: (event time, source, source id). */
const byTimeAndSource = (a: SourceMoment, b: SourceMoment): number =>
  a.time - b.time || compareText(a.source, b.source) || compareText(a.sourceId, b.sourceId)

interface SourceMoment {
  readonly time: Instant
  readonly source: string
  readonly sourceId: string
}

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
