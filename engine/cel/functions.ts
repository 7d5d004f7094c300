import { decodeBase64, encodeBase64 } from './base64.ts'
import { ACCESSORS, type Accessor, readCalendar } from './calendar.ts'
import { findInMap, isKey, sizeOfMap } from './cel-map.ts'
import { toBool, toBytes, toDouble, toDuration, toInt, toText, toTimestamp, toUint } from './conversions.ts'
import { areEqual, isZero } from './equal.ts'
import { format } from './format.ts'
import { MATH_FUNCTIONS } from './mathematics.ts'
import { EXHAUSTED, MAX_ELEMENTS, type Meter, spend, spendText, TOO_MANY } from './meter.ts'
import { matchDynamic } from './pattern.ts'
import { contains, endsWith, lengthOf, startsWith, TEXT_FUNCTIONS } from './text-functions.ts'
import type { CelResult, CelValue } from './value.ts'
import { CelFailure, CelOptional, isList, isMap, MISFIT, NO_VALUE, typeValueOf } from './value.ts'

/** A function of CEL on values of whatever type: what it was not made for is a failure. */
export type CelFunction = (args: readonly CelValue[], meter: Meter) => CelResult

const one =
  (operate: (value: CelValue, meter: Meter) => CelResult): CelFunction =>
  ([value], meter) =>
    value === undefined ? MISFIT : operate(value, meter)

const two =
  (operate: (a: CelValue, b: CelValue, meter: Meter) => CelResult): CelFunction =>
  ([a, b], meter) =>
    a === undefined || b === undefined ? MISFIT : operate(a, b, meter)

const EMPTY_OPTIONAL = new CelFailure('an optional has no value')

/** How many code points, bytes, elements or entries there are. */
export function countOf(value: CelValue, meter: Meter): number | CelFailure {
  if (typeof value === 'string') return spendText(meter, value.length) ? lengthOf(value) : EXHAUSTED
  if (isList(value) || value instanceof Uint8Array) return value.length
  if (!isMap(value)) return MISFIT
  const size = sizeOfMap(value)
  return spend(meter, Math.ceil(size / 16)) ? size : EXHAUSTED
}

function sizeOf(value: CelValue, meter: Meter): CelResult {
  const count = countOf(value, meter)
  return typeof count === 'number' ? BigInt(count) : count
}

export function isIn(item: CelValue, list: CelValue, meter: Meter): CelResult {
  if (isList(list)) {
    if (list.length > MAX_ELEMENTS) return TOO_MANY
    for (const other of list) {
      if (!spend(meter, 1)) return EXHAUSTED
      const equal = areEqual(item, other, meter)
      if (equal !== false) return equal
    }
    return false
  }
  return isMap(list) && isKey(item) ? findInMap(list, item) !== undefined : MISFIT
}

const onOptional =
  (operate: (optional: CelOptional) => CelResult): CelFunction =>
  ([optional]) =>
    optional instanceof CelOptional ? operate(optional) : MISFIT

const CALENDAR = Object.fromEntries(
  (Object.keys(ACCESSORS) as Accessor[]).map((name): [string, CelFunction] => [
    name,
    (args, meter) => readCalendar(name, args, meter),
  ]),
)

/** All functions but the operators and what `compile.ts` builds in. A receiver is the first argument. */
export const FUNCTIONS: ReadonlyMap<string, CelFunction> = new Map(
  Object.entries({
    ...TEXT_FUNCTIONS,
    ...MATH_FUNCTIONS,
    ...CALENDAR,
    size: one(sizeOf),
    '@in': two(isIn),
    contains: two(contains),
    startsWith: two(startsWith),
    endsWith: two(endsWith),
    matches: two(matchDynamic),
    format,
    type: one(typeValueOf),
    dyn: one((value) => value),
    int: one(toInt),
    uint: one(toUint),
    double: one(toDouble),
    string: one(toText),
    bytes: one(toBytes),
    bool: one(toBool),
    timestamp: one(toTimestamp),
    duration: one(toDuration),
    'base64.encode': encodeBase64,
    'base64.decode': decodeBase64,
    'optional.of': one((value) => new CelOptional(value)),
    'optional.ofNonZeroValue': one((value) => (isZero(value) ? NO_VALUE : new CelOptional(value))),
    'optional.none': () => NO_VALUE,
    value: onOptional(({ value }) => (value === undefined ? EMPTY_OPTIONAL : value)),
    hasValue: onOptional(({ value }) => value !== undefined),
  } satisfies Readonly<Record<string, CelFunction>>),
)
