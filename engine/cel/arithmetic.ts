import { EXHAUSTED, MAX_ELEMENTS, type Meter, spend, spendText, TOO_MANY } from './meter.ts'
import { durationOf, timestampOf } from './moment.ts'
import type { CelResult, CelValue } from './value.ts'
import { CelDuration, CelFailure, CelTimestamp, CelUint, intOf, isList, MISFIT, uintOf } from './value.ts'

export type ArithmeticName = '_+_' | '_-_' | '_*_' | '_/_' | '_%_'

const BY_ZERO = new CelFailure('a whole number is divided by zero')

/** `+ - * / %` on all that they are defined for. Whole numbers beyond 64 bits are failures. */
export function calculate(name: ArithmeticName, a: CelValue, b: CelValue, meter: Meter): CelResult {
  if (typeof a === 'number' && typeof b === 'number') return ofDoubles(name, a, b)
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    const whole = ofWholes(name, a, b)
    return whole === undefined ? BY_ZERO : intOf(whole)
  }
  if (a instanceof CelUint && b instanceof CelUint) {
    const whole = ofWholes(name, a.value, b.value)
    return whole === undefined ? BY_ZERO : uintOf(whole)
  }
  if (name === '_+_') return add(a, b, meter)
  return name === '_-_' ? subtract(a, b) : MISFIT
}

function ofDoubles(name: ArithmeticName, a: number, b: number): number | CelFailure {
  switch (name) {
    case '_+_':
      return a + b
    case '_-_':
      return a - b
    case '_*_':
      return a * b
    case '_/_':
      return a / b
    case '_%_':
      return MISFIT
  }
}

function ofWholes(name: ArithmeticName, a: bigint, b: bigint): bigint | undefined {
  switch (name) {
    case '_+_':
      return a + b
    case '_-_':
      return a - b
    case '_*_':
      return a * b
    case '_/_':
      return b === 0n ? undefined : a / b
    case '_%_':
      return b === 0n ? undefined : a % b
  }
}

function add(a: CelValue, b: CelValue, meter: Meter): CelResult {
  if (typeof a === 'string' && typeof b === 'string')
    return spendText(meter, a.length + b.length) ? a + b : EXHAUSTED
  if (isList(a) && isList(b)) {
    if (a.length + b.length > MAX_ELEMENTS) return TOO_MANY
    return spend(meter, a.length + b.length) ? [...a, ...b] : EXHAUSTED
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    if (!spendText(meter, a.length + b.length)) return EXHAUSTED
    const joined = new Uint8Array(a.length + b.length)
    joined.set(a)
    joined.set(b, a.length)
    return joined
  }
  if (a instanceof CelDuration && b instanceof CelDuration) return durationOf(a.nanos + b.nanos)
  if (a instanceof CelTimestamp && b instanceof CelDuration) return timestampOf(a.nanos + b.nanos)
  if (a instanceof CelDuration && b instanceof CelTimestamp) return timestampOf(a.nanos + b.nanos)
  return MISFIT
}

function subtract(a: CelValue, b: CelValue): CelResult {
  if (a instanceof CelTimestamp && b instanceof CelTimestamp) return durationOf(a.nanos - b.nanos)
  if (a instanceof CelTimestamp && b instanceof CelDuration) return timestampOf(a.nanos - b.nanos)
  if (a instanceof CelDuration && b instanceof CelDuration) return durationOf(a.nanos - b.nanos)
  return MISFIT
}

export function negate(value: CelValue): CelResult {
  if (typeof value === 'number') return -value
  return typeof value === 'bigint' ? intOf(-value) : MISFIT
}
