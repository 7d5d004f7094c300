/**
 * Sums of numbers as people add them up: exact to nine decimals, and the same in whatever order they are added and
 * taken away again. Three times 0.7 is 2.1 here, which it is not in binary fractions.
 */
export interface DecimalSum {
  add(value: number): void
  subtract(value: number): void
  /** In units of 10^-9. */
  decimal(): bigint
  value(): number
}

const SCALE = 1_000_000_000
const BIG_SCALE = 1_000_000_000n
/** Up to here a number times the scale is a whole number that a double holds exactly. */
const MOST_EXACT = Number.MAX_SAFE_INTEGER / SCALE

/** A number in units of 10^-9, rounded. */
export function toDecimal(value: number): bigint {
  if (Math.abs(value) <= MOST_EXACT) return BigInt(Math.round(value * SCALE))
  const whole = Math.trunc(value)
  return BigInt(whole) * BIG_SCALE + BigInt(Math.round((value - whole) * SCALE))
}

export function createDecimalSum(): DecimalSum {
  let sum = 0n
  return {
    add: (value) => {
      sum += toDecimal(value)
    },
    subtract: (value) => {
      sum -= toDecimal(value)
    },
    decimal: () => sum,
    value: () => Number(sum) / SCALE,
  }
}
