import { compareMoments, numberOf } from './equal.ts'
import { EXHAUSTED, type Meter, spendText } from './meter.ts'
import { CelDuration, type CelFailure, CelTimestamp, type CelValue, MISFIT } from './value.ts'

/** Negative, zero, positive, or NaN where one of the two is no number; a failure where they have no order. */
export function compareValues(a: CelValue, b: CelValue, meter: Meter): number | CelFailure {
  if (typeof a === 'number' && typeof b === 'number') return sign(a, b)
  if (typeof a === 'string' && typeof b === 'string')
    return spendText(meter, 4 * Math.min(a.length, b.length)) ? compareCodePoints(a, b) : EXHAUSTED
  if (a instanceof CelTimestamp && b instanceof CelTimestamp) return compareMoments(a, b)
  const [x, y] = [numberOf(a), numberOf(b)]
  if (x !== undefined && y !== undefined) {
    // A whole number beside a double is rounded to one, as the other implementations do.
    return typeof x === typeof y ? sign(x, y) : sign(Number(x), Number(y))
  }
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (a instanceof CelDuration && b instanceof CelDuration) return sign(a.nanos, b.nanos)
  if (a instanceof Uint8Array && b instanceof Uint8Array)
    return spendText(meter, Math.min(a.length, b.length)) ? compareBytes(a, b) : EXHAUSTED
  return MISFIT
}

const sign = (a: number | bigint, b: number | bigint): number =>
  a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** CEL orders strings by code point; JavaScript by UTF-16 unit, which differs where surrogates are involved. */
export function compareCodePoints(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const x = a.charCodeAt(at)
    const y = b.charCodeAt(at)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Puts surrogates, which stand for the code points above U+FFFF, above all other units. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)
