import { entriesOf } from './cel-map.ts'
import { decodeText } from './conversions.ts'
import { EXHAUSTED, type Meter, spend, spendText } from './meter.ts'
import { formatDuration, formatTimestamp } from './moment.ts'
import { compareCodePoints } from './order.ts'
import type { CelResult, CelValue } from './value.ts'
import {
  CelDuration,
  CelFailure,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  isList,
  isMap,
  MISFIT,
} from './value.ts'

const BAD_CLAUSE = new CelFailure('a format has a clause that is not known')
const TOO_FEW = new CelFailure('a format has more clauses than values')
const TOO_MUCH = new CelFailure('a format has fewer clauses than values')

const CLAUSE = /%(?:%|(?:\.(\d{1,3}))?(.)?)/gs
const MAX_DIGITS = 100

/** `'%s has %d'.format([a, b])`: `%s %d %f %e %b %o %x %X`, a precision for `%f` and `%e`. */
export function format([text, values]: readonly CelValue[], meter: Meter): CelResult {
  if (typeof text !== 'string' || values === undefined || !isList(values)) return MISFIT
  if (!spendText(meter, text.length)) return EXHAUSTED
  let failure: CelFailure | undefined
  let used = 0
  const made = text.replace(CLAUSE, (whole, digits: string | undefined, clause: string | undefined) => {
    if (whole === '%%' || failure !== undefined) return '%'
    const value = values[used++]
    const part =
      clause === undefined
        ? BAD_CLAUSE
        : value === undefined
          ? TOO_FEW
          : formatOne(clause, value, digits === undefined ? 6 : Number(digits), meter)
    if (typeof part === 'string' && spend(meter, 10) && spendText(meter, part.length)) return part
    failure = typeof part === 'string' ? EXHAUSTED : part
    return ''
  })
  return failure ?? (used < values.length ? TOO_MUCH : made)
}

function formatOne(clause: string, value: CelValue, digits: number, meter: Meter): string | CelFailure {
  switch (clause) {
    case 's':
      return plain(value, meter)
    case 'd':
      return typeof value === 'number' && !Number.isFinite(value) ? String(value) : whole(value, 10)
    case 'b':
      return typeof value === 'boolean' ? String(Number(value)) : whole(value, 2)
    case 'o':
      return whole(value, 8)
    case 'x':
      return hexadecimal(value, meter)
    case 'X': {
      const text = hexadecimal(value, meter)
      return typeof text === 'string' ? text.toUpperCase() : text
    }
    case 'f':
      return digits > MAX_DIGITS ? BAD_CLAUSE : fixed(value, digits)
    case 'e':
      return digits > MAX_DIGITS ? BAD_CLAUSE : scientific(value, digits)
    default:
      return BAD_CLAUSE
  }
}

function whole(value: CelValue, base: number): string | CelFailure {
  if (typeof value === 'bigint') return value.toString(base)
  return value instanceof CelUint ? value.value.toString(base) : MISFIT
}

function hexadecimal(value: CelValue, meter: Meter): string | CelFailure {
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) return whole(value, 16)
  if (!spend(meter, Math.ceil(value.length / 4))) return EXHAUSTED
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const numberIn = (value: CelValue): number | CelFailure =>
  typeof value === 'number'
    ? value
    : typeof value === 'bigint'
      ? Number(value)
      : value instanceof CelUint
        ? Number(value.value)
        : MISFIT

function fixed(value: CelValue, digits: number): string | CelFailure {
  const number = numberIn(value)
  if (typeof number !== 'number') return number
  if (!Number.isFinite(number)) return String(number)
  if (Math.abs(number) >= 1e21) return `${BigInt(number)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`
  // Half goes to the even digit; toFixed() would round it up. It is exact, so a half can be seen in its digits.
  const exact = number.toFixed(MAX_DIGITS)
  const end = exact.indexOf('.') + 1 + digits
  const kept = exact.slice(0, digits === 0 ? end - 1 : end)
  return /^50*$/.test(exact.slice(end)) && /[02468]$/.test(kept) ? kept : number.toFixed(digits)
}

function scientific(value: CelValue, digits: number): string | CelFailure {
  const number = numberIn(value)
  if (typeof number !== 'number') return number
  if (!Number.isFinite(number)) return String(number)
  return number.toExponential(digits).replace(/([+-])(\d)$/, '$10$2')
}

function plain(value: CelValue, meter: Meter): string | CelFailure {
  if (!spend(meter, 5)) return EXHAUSTED
  if (value === null || typeof value !== 'object') return String(value)
  if (value instanceof CelUint) return String(value.value)
  if (value instanceof CelTypeValue) return value.name
  if (value instanceof CelTimestamp) return formatTimestamp(value)
  if (value instanceof CelDuration) return formatDuration(value)
  if (value instanceof Uint8Array) return spendText(meter, value.length) ? decodeText(value) : EXHAUSTED
  if (isList(value))
    return bracketed(
      '[',
      value.map((item) => plain(item, meter)),
      ']',
      meter,
    )
  if (!isMap(value)) return MISFIT
  const entries: (readonly [string, string])[] = []
  for (const [key, item] of entriesOf(value)) {
    const [name, text] = [plain(key, meter), plain(item, meter)]
    if (typeof name !== 'string') return name
    if (typeof text !== 'string') return text
    entries.push([name, `${name}: ${text}`])
  }
  entries.sort(([a], [b]) => compareCodePoints(a, b))
  return bracketed(
    '{',
    entries.map(([, text]) => text),
    '}',
    meter,
  )
}

function bracketed(
  open: string,
  parts: readonly (string | CelFailure)[],
  close: string,
  meter: Meter,
): string | CelFailure {
  let length = 0
  for (const part of parts) {
    if (typeof part !== 'string') return part
    length += part.length
  }
  return spendText(meter, length) ? `${open}${parts.join(', ')}${close}` : EXHAUSTED
}
