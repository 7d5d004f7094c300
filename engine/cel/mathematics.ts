import { numberOf } from './equal.ts'
import { EXHAUSTED, type Meter, spend } from './meter.ts'
import { compareValues } from './order.ts'
import type { CelResult, CelValue } from './value.ts'
import { CelFailure, CelUint, intOf, isList, MISFIT } from './value.ts'

type MathFunction = (args: readonly CelValue[], meter: Meter) => CelResult

const NOTHING = new CelFailure('there is no greatest or least of nothing')
const NEGATIVE_SHIFT = new CelFailure('bits cannot be shifted by a negative number')

const ofDouble =
  (operate: (value: number) => number | boolean): MathFunction =>
  ([value]) =>
    typeof value === 'number' ? operate(value) : MISFIT

const extreme =
  (wanted: 1 | -1): MathFunction =>
  (args, meter) => {
    const [only] = args
    const values = args.length === 1 && only !== undefined && isList(only) ? only : args
    let best: CelValue | undefined
    for (const value of values) {
      if (!spend(meter, 1)) return EXHAUSTED
      if (numberOf(value) === undefined) return MISFIT
      const sign = best === undefined ? wanted : compareValues(value, best, meter)
      if (sign instanceof CelFailure) return sign
      if (sign * wanted > 0) best = value
    }
    return best ?? NOTHING
  }

const bits =
  (operate: (a: bigint, b: bigint) => bigint): MathFunction =>
  ([a, b]) => {
    if (typeof a === 'bigint' && typeof b === 'bigint') return operate(a, b)
    return a instanceof CelUint && b instanceof CelUint ? new CelUint(operate(a.value, b.value)) : MISFIT
  }

const shift =
  (operate: (value: bigint, by: bigint) => bigint): MathFunction =>
  ([value, by]) => {
    const isUint = value instanceof CelUint
    if (typeof by !== 'bigint' || (!isUint && typeof value !== 'bigint')) return MISFIT
    if (by < 0n) return NEGATIVE_SHIFT
    // Whole numbers are shifted as the 64 bits that they are.
    const bitsOfIt = isUint ? value.value : BigInt.asUintN(64, value)
    const shifted = by > 63n ? 0n : BigInt.asUintN(64, operate(bitsOfIt, by))
    return isUint ? new CelUint(shifted) : BigInt.asIntN(64, shifted)
  }

const abs: MathFunction = ([value]) => {
  if (typeof value === 'number') return Math.abs(value)
  if (typeof value === 'bigint') return intOf(value < 0n ? -value : value)
  return value instanceof CelUint ? value : MISFIT
}

const sign: MathFunction = ([value]) => {
  if (typeof value === 'number') return Math.sign(value)
  if (typeof value === 'bigint') return value > 0n ? 1n : value < 0n ? -1n : 0n
  return value instanceof CelUint ? new CelUint(value.value > 0n ? 1n : 0n) : MISFIT
}

const root: MathFunction = ([value]) => {
  const number = value === undefined ? undefined : numberOf(value)
  return number === undefined ? MISFIT : Math.sqrt(Number(number))
}

const invert: MathFunction = ([value]) => {
  if (typeof value === 'bigint') return ~value
  return value instanceof CelUint ? new CelUint(BigInt.asUintN(64, ~value.value)) : MISFIT
}

/** Half goes away from zero. */
const round = (value: number): number => Math.sign(value) * Math.round(Math.abs(value))

export const MATH_FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  'math.greatest': extreme(1),
  'math.least': extreme(-1),
  'math.ceil': ofDouble(Math.ceil),
  'math.floor': ofDouble(Math.floor),
  'math.round': ofDouble(round),
  'math.trunc': ofDouble(Math.trunc),
  'math.isNaN': ofDouble(Number.isNaN),
  'math.isInf': ofDouble((value) => Math.abs(value) === Number.POSITIVE_INFINITY),
  'math.isFinite': ofDouble(Number.isFinite),
  'math.abs': abs,
  'math.sign': sign,
  'math.sqrt': root,
  'math.bitAnd': bits((a, b) => a & b),
  'math.bitOr': bits((a, b) => a | b),
  'math.bitXor': bits((a, b) => a ^ b),
  'math.bitNot': invert,
  'math.bitShiftLeft': shift((value, by) => value << by),
  'math.bitShiftRight': shift((value, by) => value >> by),
}
