import type { JsonObject } from '#engine/shared/json.ts'
import type { CelMap } from './cel-map.ts'

/**
 * The values of CEL. What comes out of JSON stays as it is: its numbers are doubles, its objects are maps.
 * Whole numbers are `bigint`, so that the two never pass for each other.
 */
export type CelValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | readonly CelValue[]
  | JsonObject
  | CelMap
  | CelUint
  | CelTimestamp
  | CelDuration
  | CelOptional
  | CelTypeValue

/** Why an expression has no value. A value of its own, so that `&&` and `||` can pass over it. */
export class CelFailure {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

export type CelResult = CelValue | CelFailure

/** A value that JSON does not have. */
export abstract class CelObject {
  abstract readonly kind: 'uint' | 'timestamp' | 'duration' | 'optional' | 'type' | 'map'
}

export class CelUint extends CelObject {
  readonly kind = 'uint'
  readonly value: bigint
  constructor(value: bigint) {
    super()
    this.value = value
  }
}

/** A moment since 1970. In two numbers, as moments are compared far more often than they are added to. */
export class CelTimestamp extends CelObject {
  readonly kind = 'timestamp'
  readonly milliseconds: number
  /** What comes on top: 0 to 999,999. */
  readonly nanoseconds: number
  constructor(milliseconds: number, nanoseconds: number) {
    super()
    this.milliseconds = milliseconds
    this.nanoseconds = nanoseconds
  }

  /** All of it in nanoseconds. */
  get nanos(): bigint {
    return BigInt(this.milliseconds) * 1_000_000n + BigInt(this.nanoseconds)
  }
}

export class CelDuration extends CelObject {
  readonly kind = 'duration'
  readonly nanos: bigint
  constructor(nanos: bigint) {
    super()
    this.nanos = nanos
  }
}

export class CelOptional extends CelObject {
  readonly kind = 'optional'
  /** Undefined: there is none. */
  readonly value: CelValue | undefined
  constructor(value: CelValue | undefined) {
    super()
    this.value = value
  }
}

export const NO_VALUE = new CelOptional(undefined)

export class CelTypeValue extends CelObject {
  readonly kind = 'type'
  readonly name: string
  constructor(name: string) {
    super()
    this.name = name
  }
}

export type ValueKind = CelObject['kind'] | 'null' | 'bool' | 'int' | 'double' | 'string' | 'bytes' | 'list'

export function kindOf(value: CelValue): ValueKind {
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return 'double'
    case 'string':
      return 'string'
    default:
      if (value === null) return 'null'
      if (Array.isArray(value)) return 'list'
      if (value instanceof CelObject) return value.kind
      return value instanceof Uint8Array ? 'bytes' : 'map'
  }
}

export const isList = (value: CelResult): value is readonly CelValue[] => Array.isArray(value)

/** A map, whether it comes out of JSON or was made in the expression. */
export type AnyMap = JsonObject | CelMap

/** The objects of the strict JSON parser have no prototype; others are as plain. */
export function isMap(value: CelValue): value is AnyMap {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || kindOf(value) === 'map'
}

/** What `type(x)` calls a value. */
export function typeValueOf(value: CelValue): CelTypeValue {
  const kind = kindOf(value)
  return new CelTypeValue(TYPE_VALUE_NAMES[kind] ?? kind)
}

const TYPE_VALUE_NAMES: Readonly<Partial<Record<ValueKind, string>>> = {
  null: 'null_type',
  optional: 'optional_type',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
}

/** Where a function meets a value that it was not made for. */
export const MISFIT = new CelFailure('a value is of another type than is expected')

export const INT_MIN = -(2n ** 63n)
export const INT_MAX = 2n ** 63n - 1n
export const UINT_MAX = 2n ** 64n - 1n

const OVERFLOW = new CelFailure('a whole number has more than 64 bits')

export const intOf = (value: bigint): bigint | CelFailure =>
  value < INT_MIN || value > INT_MAX ? OVERFLOW : value

export const uintOf = (value: bigint): CelUint | CelFailure =>
  value < 0n || value > UINT_MAX ? OVERFLOW : new CelUint(value)
