import { secondsOf } from './calendar.ts'
import { EXHAUSTED, type Meter, spendText } from './meter.ts'
import {
  durationOf,
  formatDuration,
  formatTimestamp,
  NANOS_PER_S,
  parseDurationText,
  parseTimestamp,
  timestampOf,
} from './moment.ts'
import type { CelResult, CelValue } from './value.ts'
import { CelDuration, CelFailure, CelTimestamp, CelUint, intOf, MISFIT, uintOf } from './value.ts'

const UNREADABLE = new CelFailure('a text cannot be read as what it is to become')
const OUT_OF_RANGE = new CelFailure('a number does not fit into what it is to become')

export function toInt(value: CelValue): CelResult {
  if (typeof value === 'bigint') return value
  if (value instanceof CelUint) return intOf(value.value)
  // The two ends of the range are no doubles that could have come from within it.
  if (typeof value === 'number') return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : OUT_OF_RANGE
  if (typeof value === 'string')
    return /^[+-]?\d{1,20}$/.test(value) ? intOf(BigInt(unplus(value))) : UNREADABLE
  if (value instanceof CelTimestamp) return secondsOf(value)
  return value instanceof CelDuration ? value.nanos / NANOS_PER_S : MISFIT
}

export function toUint(value: CelValue): CelResult {
  if (value instanceof CelUint) return value
  if (typeof value === 'bigint') return uintOf(value)
  if (typeof value === 'number')
    return value > -1 && value < 2 ** 64 ? uintOf(BigInt(Math.trunc(value))) : OUT_OF_RANGE
  if (typeof value === 'string')
    return /^\+?\d{1,20}$/.test(value) ? uintOf(BigInt(unplus(value))) : UNREADABLE
  return MISFIT
}

const unplus = (text: string): string => (text.startsWith('+') ? text.slice(1) : text)

const DOUBLE_TEXT = /^[+-]?(?:\d{1,400}\.?\d{0,400}|\.\d{1,400})(?:[eE][+-]?\d{1,5})?$/

export function toDouble(value: CelValue): CelResult {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof CelUint) return Number(value.value)
  if (typeof value !== 'string') return MISFIT
  if (DOUBLE_TEXT.test(value)) return Number(value)
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(value.slice(0, 16))
  if (special === null) return UNREADABLE
  if (special[2]?.toLowerCase() === 'nan') return Number.NaN
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

export function toText(value: CelValue, meter: Meter): CelResult {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return String(value)
  if (value instanceof CelUint) return String(value.value)
  if (value instanceof Uint8Array) return spendText(meter, value.length) ? decodeText(value) : EXHAUSTED
  if (value instanceof CelTimestamp) return formatTimestamp(value)
  return value instanceof CelDuration ? formatDuration(value) : MISFIT
}

export function decodeText(bytes: Uint8Array): string | CelFailure {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return UNREADABLE
  }
}

export function toBytes(value: CelValue, meter: Meter): CelResult {
  if (value instanceof Uint8Array) return value
  if (typeof value !== 'string') return MISFIT
  return spendText(meter, value.length) ? new TextEncoder().encode(value) : EXHAUSTED
}

const TRUE: ReadonlySet<string> = new Set(['true', 'True', 'TRUE', 't', '1'])
const FALSE: ReadonlySet<string> = new Set(['false', 'False', 'FALSE', 'f', '0'])

export function toBool(value: CelValue): CelResult {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string') return MISFIT
  return TRUE.has(value) ? true : FALSE.has(value) ? false : UNREADABLE
}

export function toTimestamp(value: CelValue): CelResult {
  if (value instanceof CelTimestamp) return value
  if (typeof value === 'bigint') return timestampOf(value * NANOS_PER_S)
  return typeof value === 'string' ? (parseTimestamp(value) ?? UNREADABLE) : MISFIT
}

export function toDuration(value: CelValue): CelResult {
  if (value instanceof CelDuration) return value
  if (typeof value === 'bigint') return durationOf(value * NANOS_PER_S)
  return typeof value === 'string' ? (parseDurationText(value) ?? UNREADABLE) : MISFIT
}
