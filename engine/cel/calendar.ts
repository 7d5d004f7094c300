import { asInstant, formatInstant, type Instant, LATEST, parseInstant } from '#engine/shared/instant.ts'
import { EXHAUSTED, type Meter, spend } from './meter.ts'
import { floorDivide, instantOf, NANOS_PER_S } from './moment.ts'
import { CelDuration, CelFailure, type CelResult, CelTimestamp, type CelValue, MISFIT } from './value.ts'

/** What working out the wall clock of a zone costs: the platform is slow at it. */
export const ZONE_STEPS = 500

const DAY_MS = 86_400_000
const NO_ZONE = new CelFailure('there is no such time zone')

/** The parts of a moment on the wall clock of a zone (UTC without one); of a duration, how much it is in all. */
export const ACCESSORS = {
  getFullYear: (local: Instant) => dateOf(local)[0],
  /** From 0, as in CEL. */
  getMonth: (local: Instant) => dateOf(local)[1] - 1,
  getDate: (local: Instant) => dateOf(local)[2],
  /** From 0, as in CEL. */
  getDayOfMonth: (local: Instant) => dateOf(local)[2] - 1,
  getDayOfWeek: (local: Instant) => modulo(Math.floor(local / DAY_MS) + 4, 7),
  getDayOfYear: (local: Instant) => Math.floor((local - startOfYear(local)) / DAY_MS),
  getHours: (local: Instant) => modulo(Math.floor(local / 3_600_000), 24),
  getMinutes: (local: Instant) => modulo(Math.floor(local / 60_000), 60),
  getSeconds: (local: Instant) => modulo(Math.floor(local / 1000), 60),
  getMilliseconds: (local: Instant) => modulo(local, 1000),
} as const

export type Accessor = keyof typeof ACCESSORS

export function readCalendar(name: Accessor, [of, zone]: readonly CelValue[], meter: Meter): CelResult {
  if (of instanceof CelDuration) return zone === undefined ? ofDuration(name, of.nanos) : MISFIT
  if (!(of instanceof CelTimestamp)) return MISFIT
  if (zone === undefined) return BigInt(ACCESSORS[name](instantOf(of)))
  if (typeof zone !== 'string') return MISFIT
  if (!spend(meter, ZONE_STEPS)) return EXHAUSTED
  const local = wallClock(instantOf(of), zone)
  return local === undefined ? NO_ZONE : BigInt(ACCESSORS[name](local))
}

function ofDuration(name: Accessor, nanos: bigint): CelResult {
  switch (name) {
    case 'getHours':
      return nanos / (3600n * NANOS_PER_S)
    case 'getMinutes':
      return nanos / (60n * NANOS_PER_S)
    case 'getSeconds':
      return nanos / NANOS_PER_S
    case 'getMilliseconds':
      return (nanos % NANOS_PER_S) / 1_000_000n
    default:
      return MISFIT
  }
}

/** The moment at which a clock in UTC shows what the clock in the zone shows. Undefined: there is no such zone. */
function wallClock(at: Instant, zone: string): Instant | undefined {
  const [, sign, hours, minutes] = /^([+-]?)(\d\d):(\d\d)$/.exec(zone) ?? []
  if (hours !== undefined && minutes !== undefined) {
    const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
    return asInstant(at + (sign === '-' ? -offset : offset))
  }
  // The clock may show the year 10000 already, which no text of a moment can hold: a day before, it showed the same time.
  if (at > LATEST - DAY_MS) {
    const dayBefore = wallClock(asInstant(at - DAY_MS), zone)
    return dayBefore === undefined ? undefined : asInstant(dayBefore + DAY_MS)
  }
  const clock = clockOf(zone)
  if (clock === undefined) return undefined
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]))
  const part = (name: Intl.DateTimeFormatPartTypes, width = 2) => (parts.get(name) ?? '').padStart(width, '0')
  const date = `${part('year', 4)}-${part('month')}-${part('day')}`
  const local = parseInstant(`${date}T${part('hour')}:${part('minute')}:${part('second')}Z`)
  return local === undefined ? undefined : asInstant(local + modulo(at, 1000))
}

/** Zones in use, kept because making one is slow. Says nothing that the name would not say. */
const CLOCKS = new Map<string, Intl.DateTimeFormat>()
const MAX_CLOCKS = 64

function clockOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = CLOCKS.get(zone)
  if (known !== undefined) return known
  if (zone.length > 64) return undefined
  try {
    const options = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
    const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
    const made = new Intl.DateTimeFormat('en-US', { ...options, ...time, timeZone: zone })
    if (CLOCKS.size >= MAX_CLOCKS) CLOCKS.clear()
    CLOCKS.set(zone, made)
    return made
  } catch {
    return undefined
  }
}

function dateOf(local: Instant): readonly [number, number, number] {
  const [year = 0, month = 0, day = 0] = formatInstant(asInstant(floorTo(local, DAY_MS)))
    .split(/[-T]/)
    .map(Number)
  return [year, month, day]
}

const startOfYear = (local: Instant): Instant =>
  parseInstant(`${String(dateOf(local)[0]).padStart(4, '0')}-01-01T00:00:00Z`) ?? local

const floorTo = (value: number, unit: number): number => Math.floor(value / unit) * unit
const modulo = (value: number, by: number): number => ((value % by) + by) % by

/** Whole seconds since 1970. */
export const secondsOf = ({ nanos }: CelTimestamp): bigint => floorDivide(nanos, NANOS_PER_S)
