import { CelMap, entriesOf, findInMap, sizeOfMap } from './cel-map.ts'
import { EXHAUSTED, type Meter, spend, spendText } from './meter.ts'
import type { CelFailure, CelValue } from './value.ts'
import {
  CelDuration,
  CelObject,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  isList,
  isMap,
} from './value.ts'

/**
 * CEL's equality: never an error, values of different types differ, numbers compare by value whatever their type,
 * NaN differs from itself. Takes a step for each pair of values.
 */
export function areEqual(a: CelValue, b: CelValue, meter: Meter): boolean | CelFailure {
  const equal = compare(a, b, meter)
  return meter.left < 0 ? EXHAUSTED : equal
}

function compare(a: CelValue, b: CelValue, meter: Meter): boolean {
  if (typeof a !== 'object' && typeof a === typeof b) {
    if (typeof a !== 'string' || a.length < 64) return a === b
    return spendText(meter, a.length) && a === b
  }
  if (!spend(meter, 1)) return false
  if (a === null || b === null) return a === b
  if (typeof a !== 'object' || typeof b !== 'object' || a instanceof CelUint) {
    const x = numberOf(a)
    const y = numberOf(b)
    return x !== undefined && y !== undefined && areSameNumber(x, y)
  }
  if (isList(a)) return isList(b) && a.length === b.length && areSameItems(a, b, meter)
  if (a instanceof Uint8Array) return b instanceof Uint8Array && areSameBytes(a, b, meter)
  if (isMap(a)) return isMap(b) && sizeOfMap(a) === sizeOfMap(b) && areSameEntries(a, b, meter)
  if (a instanceof CelTimestamp) return b instanceof CelTimestamp && compareMoments(a, b) === 0
  if (a instanceof CelDuration) return b instanceof CelDuration && a.nanos === b.nanos
  if (a instanceof CelTypeValue) return b instanceof CelTypeValue && a.name === b.name
  if (!(a instanceof CelOptional && b instanceof CelOptional)) return false
  if (a.value === undefined || b.value === undefined) return a.value === b.value
  return compare(a.value, b.value, meter)
}

export const compareMoments = (a: CelTimestamp, b: CelTimestamp): number =>
  a.milliseconds - b.milliseconds || a.nanoseconds - b.nanoseconds

export const numberOf = (value: CelValue): number | bigint | undefined =>
  typeof value === 'number' || typeof value === 'bigint'
    ? value
    : value instanceof CelUint
      ? value.value
      : undefined

/** JavaScript compares the two kinds of numbers by their exact value. */
// biome-ignore lint/suspicious/noDoubleEquals: it is the comparison of a bigint and a number that is wanted.
const areSameNumber = (a: number | bigint, b: number | bigint): boolean => a == b

function areSameItems(a: readonly CelValue[], b: readonly CelValue[], meter: Meter): boolean {
  for (let at = 0; at < a.length; at++) {
    if (!spend(meter, 2)) return false
    if (!compare(a[at] ?? null, b[at] ?? null, meter)) return false
  }
  return true
}

const areSameBytes = (a: Uint8Array, b: Uint8Array, meter: Meter): boolean =>
  a.length === b.length && spendText(meter, a.length) && a.every((byte, at) => byte === b[at])

function areSameEntries(
  a: Parameters<typeof entriesOf>[0],
  b: Parameters<typeof entriesOf>[0],
  meter: Meter,
): boolean {
  for (const [key, value] of entriesOf(a)) {
    if (!spend(meter, 4)) return false
    const other = findInMap(b, key)
    if (other === undefined || !compare(value, other, meter)) return false
  }
  return true
}

/** Whether a value is one that a type starts with: what `optional.ofNonZeroValue` leaves out. */
export function isZero(value: CelValue): boolean {
  const number = numberOf(value)
  if (number !== undefined) return areSameNumber(number, 0)
  if (value === null || value === false || value === '') return true
  if (isList(value) || value instanceof Uint8Array) return value.length === 0
  if (value instanceof CelTimestamp || value instanceof CelDuration) return value.nanos === 0n
  if (value instanceof CelOptional) return value.value === undefined
  if (value instanceof CelMap) return value.size === 0
  return typeof value === 'object' && !(value instanceof CelObject) && sizeOfMap(value) === 0
}
