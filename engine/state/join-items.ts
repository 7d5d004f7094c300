import type { Duration } from '#engine/shared/duration.ts'
import type { Json } from '#engine/shared/json.ts'
import { compareItems, type LeafItem } from './leaf-state.ts'

export type Pick = (typeof PICKS)[number]
export const PICKS = ['max', 'min', 'first', 'last'] as const

/** What is looked up beside an event: one value out of the items of another leaf that have the same key. */
export interface Join {
  readonly name: string
  readonly items: readonly LeafItem[]
  /** How far apart the two may be, to either side; undefined: any distance. */
  readonly within: Duration | undefined
  readonly pick: Pick
}

/** The items that were looked up for some items, each once, in order of time. */
export function itemsJoinedTo(items: readonly LeafItem[], joins: readonly Join[]): readonly LeafItem[] {
  const found = new Set<LeafItem>()
  for (const { items: others, within, pick } of joins) {
    const byKey = groupByKey(others)
    for (const item of items) {
      const near = nearOf(byKey, item, within)
      const value = picked(near, pick)
      const one = near.find((other) => (other.number ?? other.value) === value)
      if (value !== undefined && one !== undefined) found.add(one)
    }
  }
  return [...found].sort(compareItems)
}

/**
 * The items that pass once their joined values are known. An event keeps its own time, whenever what is joined to it
 * happened. A join that finds nothing has no value. O(items × joined items of the same key).
 */
export function joinedItems(
  items: readonly LeafItem[],
  joins: readonly Join[],
  passes: (joined: Readonly<Record<string, Json>>) => boolean,
): readonly LeafItem[] {
  const byKey = joins.map((join) => groupByKey(join.items))
  return items.filter((item) => {
    const joined: Record<string, Json> = {}
    joins.forEach(({ name, within, pick }, index) => {
      const value = picked(nearOf(byKey[index], item, within), pick)
      if (value !== undefined) joined[name] = value
    })
    return passes(joined)
  })
}

function nearOf(
  byKey: ReadonlyMap<string, readonly LeafItem[]> | undefined,
  { key, time: at }: LeafItem,
  within: Duration | undefined,
): readonly LeafItem[] {
  if (key === undefined) return []
  return (byKey?.get(key) ?? []).filter(({ time }) => within === undefined || Math.abs(time - at) <= within)
}

function groupByKey(items: readonly LeafItem[]): ReadonlyMap<string, readonly LeafItem[]> {
  const groups = new Map<string, LeafItem[]>()
  for (const item of items) {
    if (item.key === undefined) continue
    const group = groups.get(item.key)
    if (group === undefined) groups.set(item.key, [item])
    else group.push(item)
  }
  return groups
}

function picked(items: readonly LeafItem[], pick: Pick): Json | undefined {
  const takenOf = (item: LeafItem | undefined) => item?.number ?? item?.value
  switch (pick) {
    case 'first':
      return takenOf(items[0])
    case 'last':
      return takenOf(items.at(-1))
    default: {
      const numbers = items.flatMap(({ number }) => (number === undefined ? [] : [number]))
      if (numbers.length === 0) return undefined
      return pick === 'max' ? Math.max(...numbers) : Math.min(...numbers)
    }
  }
}
