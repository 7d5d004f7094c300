import type { Duration } from '#engine/shared/duration.ts'
import type { Json } from '#engine/shared/json.ts'
import type { LeafItem } from './leaf-state.ts'

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
      const near = (byKey[index]?.get(item.key ?? '') ?? []).filter(
        ({ time }) => within === undefined || Math.abs(time - item.time) <= within,
      )
      const value = item.key === undefined ? undefined : picked(near, pick)
      if (value !== undefined) joined[name] = value
    })
    return passes(joined)
  })
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
