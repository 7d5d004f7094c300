import { asInstant, formatInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import { CelDuration, CelFailure, CelTimestamp, INT_MAX, INT_MIN } from './value.ts'

const NANOS_PER_MS = 1_000_000n
export const NANOS_PER_S = 1_000_000_000n

/** The years 1 to 9999, which is all that RFC 3339 can write. */
const EARLIEST = -62_135_596_800n * NANOS_PER_S
const LATEST = 253_402_300_800n * NANOS_PER_S - 1n

const NO_TIMESTAMP = new CelFailure('a timestamp lies outside of the years 1 to 9999')
const NO_DURATION = new CelFailure('a duration is longer than 292 years')

export const timestampOf = (nanos: bigint): CelTimestamp | CelFailure =>
  nanos < EARLIEST || nanos > LATEST ? NO_TIMESTAMP : ofNanos(nanos)

function ofNanos(nanos: bigint): CelTimestamp {
  const milliseconds = floorDivide(nanos, NANOS_PER_MS)
  return new CelTimestamp(Number(milliseconds), Number(nanos - milliseconds * NANOS_PER_MS))
}

export const durationOf = (nanos: bigint): CelDuration | CelFailure =>
  nanos < INT_MIN || nanos > INT_MAX ? NO_DURATION : new CelDuration(nanos)

export const timestampOfInstant = (at: Instant): CelTimestamp => new CelTimestamp(at, 0)

/** Reads an RFC 3339 date-time with a zone. Undefined when it is none. */
export function parseTimestamp(text: string): CelTimestamp | undefined {
  if (text.length > 64) return undefined
  const at = parseInstant(text)
  if (at === undefined) return undefined
  const below = /\.\d{3}(\d{1,6})/.exec(text)?.[1] ?? ''
  return new CelTimestamp(at, Number(below.padEnd(6, '0')))
}

export const instantOf = ({ milliseconds }: CelTimestamp): Instant => asInstant(milliseconds)

export function formatTimestamp({ nanos }: CelTimestamp): string {
  const seconds = floorDivide(nanos, NANOS_PER_S)
  const whole = formatInstant(asInstant(Number(seconds) * 1000))
  return `${whole.slice(0, -1)}${fraction(nanos - seconds * NANOS_PER_S)}Z`
}

const PART = /(\d*)(?:\.(\d*))?(h|ms|m|s|us|µs|ns)/y
const UNIT_NANOS: Readonly<Record<string, bigint>> = {
  h: 3600n * NANOS_PER_S,
  m: 60n * NANOS_PER_S,
  s: NANOS_PER_S,
  ms: NANOS_PER_MS,
  us: 1000n,
  µs: 1000n,
  ns: 1n,
}

/** Reads a duration as CEL writes it: `1h30m`, `-2.5s`, `0`. Undefined when it is none. */
export function parseDurationText(text: string): CelDuration | CelFailure | undefined {
  if (text.length > 64) return undefined
  const unsigned = /^[+-]/.test(text) ? text.slice(1) : text
  if (unsigned === '0') return new CelDuration(0n)
  let sum = 0n
  let at = 0
  while (at < unsigned.length) {
    PART.lastIndex = at
    const [whole, digits = '', decimals = '', unit = ''] = PART.exec(unsigned) ?? []
    const nanos = UNIT_NANOS[unit]
    if (whole === undefined || nanos === undefined || digits + decimals === '') return undefined
    sum += BigInt(digits || 0) * nanos + (BigInt(decimals || 0) * nanos) / 10n ** BigInt(decimals.length)
    at += whole.length
  }
  return at === 0 ? undefined : durationOf(text.startsWith('-') ? -sum : sum)
}

/** In seconds, as JSON writes a duration: `5400s`, `-2.500s`. */
export function formatDuration({ nanos }: CelDuration): string {
  const size = nanos < 0n ? -nanos : nanos
  return `${nanos < 0n ? '-' : ''}${size / NANOS_PER_S}${fraction(size % NANOS_PER_S)}s`
}

/** In 3, 6 or 9 digits. */
function fraction(nanos: bigint): string {
  if (nanos === 0n) return ''
  const digits = String(nanos).padStart(9, '0')
  if (digits.endsWith('000000')) return `.${digits.slice(0, 3)}`
  return digits.endsWith('000') ? `.${digits.slice(0, 6)}` : `.${digits}`
}

export const floorDivide = (a: bigint, b: bigint): bigint => (a >= 0n ? a / b : -((-a + b - 1n) / b))
