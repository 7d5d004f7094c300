import { type CalendarUnit, periodAt } from '#engine/shared/calendar.ts'
import { createDecimalSum, toDecimal } from '#engine/shared/decimal-sum.ts'
import { unreachable } from '#engine/shared/never.ts'
import type { LeafItem } from './leaf-state.ts'

/** What is asked of the items that a window holds. Thresholds are "at least". */
export type Measure =
  | { readonly kind: 'count' | 'distinct' | 'sum'; readonly need: number }
  /** `atLeast` items are wanted before an average, a lowest or highest value or a share says anything. */
  | { readonly kind: 'avg' | 'min' | 'max' | 'rate'; readonly need: number; readonly atLeast: number }
  /** So many units in a row, up to the latest, each with `perUnit` items. */
  | {
      readonly kind: 'streak'
      readonly need: number
      readonly unit: CalendarUnit
      readonly zone: string
      readonly perUnit: number
    }
  /** The earliest or the latest item of the window is one that is asked for (its number is 1). */
  | { readonly kind: 'first' | 'last' }

/** Keeps count while items enter and leave a window. Items enter in order, and leave in the order in which they entered. */
export interface Tally {
  add(item: LeafItem): void
  remove(item: LeafItem): void
  isMet(): boolean
  /** How far it is, in the unit of the threshold. */
  have(): number
}

export function createTally(measure: Measure): Tally {
  switch (measure.kind) {
    case 'count':
      return countTally(measure.need)
    case 'distinct':
      return distinctTally(measure.need)
    case 'sum':
      return sumTally(measure.need)
    case 'avg':
    case 'rate':
      return averageTally(measure.need, measure.atLeast)
    case 'min':
      return lowestTally(measure.need, measure.atLeast)
    case 'max':
      return highestTally(measure.need, measure.atLeast)
    case 'streak':
      return streakTally(measure)
    case 'first':
      return endTally('first')
    case 'last':
      return endTally('last')
    default:
      return unreachable(measure)
  }
}

/** What "enough" is, for people: 3 events, 5 days in a row, an average of 0.7. */
export const needOf = (measure: Measure): number => ('need' in measure ? measure.need : 1)

function countTally(need: number): Tally {
  let count = 0
  return {
    add: () => void count++,
    remove: () => void count--,
    isMet: () => count >= need,
    have: () => count,
  }
}

function distinctTally(need: number): Tally {
  const perValue = createCounter<string>()
  return {
    add: ({ value = '' }) => perValue.change(value, 1),
    remove: ({ value = '' }) => perValue.change(value, -1),
    isMet: () => perValue.size() >= need,
    have: () => perValue.size(),
  }
}

function sumTally(need: number): Tally {
  const sum = createDecimalSum()
  const enough = toDecimal(need)
  return {
    add: ({ number = 0 }) => sum.add(number),
    remove: ({ number = 0 }) => sum.subtract(number),
    isMet: () => sum.decimal() >= enough,
    have: () => sum.value(),
  }
}

/** A share is the average of ones and zeroes. */
function averageTally(need: number, atLeast: number): Tally {
  const sum = createDecimalSum()
  const enough = toDecimal(need)
  let count = 0
  return {
    add: ({ number = 0 }) => {
      sum.add(number)
      count++
    },
    remove: ({ number = 0 }) => {
      sum.subtract(number)
      count--
    },
    isMet: () => count > 0 && count >= atLeast && sum.decimal() >= enough * BigInt(count),
    have: () => (count === 0 ? 0 : sum.value() / count),
  }
}

/** Every value reaches the threshold: the lowest does. */
function lowestTally(need: number, atLeast: number): Tally {
  const values = createCounter<number>()
  let count = 0
  let low = 0
  const change = ({ number = 0 }: LeafItem, by: 1 | -1) => {
    values.change(number, by)
    count += by
    if (number < need) low += by
  }
  return {
    add: (item) => change(item, 1),
    remove: (item) => change(item, -1),
    isMet: () => count > 0 && count >= atLeast && low === 0,
    have: () => (count === 0 ? 0 : Math.min(...values.keys())),
  }
}

function highestTally(need: number, atLeast: number): Tally {
  const values = createCounter<number>()
  let count = 0
  let high = 0
  const change = ({ number = 0 }: LeafItem, by: 1 | -1) => {
    values.change(number, by)
    count += by
    if (number >= need) high += by
  }
  return {
    add: (item) => change(item, 1),
    remove: (item) => change(item, -1),
    isMet: () => count >= atLeast && high > 0,
    have: () => (count === 0 ? 0 : Math.max(...values.keys())),
  }
}

function streakTally({ need, unit, zone, perUnit }: Extract<Measure, { kind: 'streak' }>): Tally {
  const perPeriod = createCounter<number>()
  let latest = Number.NEGATIVE_INFINITY
  const indexOf = (item: LeafItem) => periodAt(item.time, unit, zone).index
  const run = () => {
    let length = 0
    // The latest unit may still fill up: a run that ends in the one before it is told as it stands.
    const from = perPeriod.get(latest) >= perUnit ? latest : latest - 1
    for (let index = from; length < need && perPeriod.get(index) >= perUnit; index--) length++
    return length
  }
  return {
    add(item) {
      const index = indexOf(item)
      perPeriod.change(index, 1)
      latest = Math.max(latest, index)
    },
    remove: (item) => perPeriod.change(indexOf(item), -1),
    isMet: () => perPeriod.get(latest) >= perUnit && run() >= need,
    have: run,
  }
}

function endTally(end: 'first' | 'last'): Tally {
  const items: LeafItem[] = []
  let oldest = 0
  const isAsked = () => {
    const item = end === 'first' ? items[oldest] : items.length > oldest ? items.at(-1) : undefined
    return item?.number === 1
  }
  return {
    add: (item) => void items.push(item),
    remove: () => void oldest++,
    isMet: isAsked,
    have: () => (isAsked() ? 1 : 0),
  }
}

function createCounter<Key>() {
  const counts = new Map<Key, number>()
  return {
    change(key: Key, by: number): void {
      const left = (counts.get(key) ?? 0) + by
      if (left === 0) counts.delete(key)
      else counts.set(key, left)
    },
    get: (key: Key): number => counts.get(key) ?? 0,
    size: (): number => counts.size,
    keys: () => counts.keys(),
  }
}
