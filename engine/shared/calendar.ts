import { Temporal } from 'temporal-polyfill'
import { DAY_MS } from './duration.ts'
import { asInstant, type Instant } from './instant.ts'

/** A week begins on Monday (ISO 8601); a quarter is three months. */
export const CALENDAR_UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const
export type CalendarUnit = (typeof CALENDAR_UNITS)[number]

/** One day, week, … as people in a time zone live it: 23 or 25 hours long where the clocks change. */
export interface Period {
  /** `2026-11-25`, `2026-W48`, `2026-11`, `2026-Q4`, `2026`. */
  readonly name: string
  readonly start: Instant
  /** The first moment that is no longer in it. */
  readonly end: Instant
  /** Counts up by one from each period of the unit to the next. */
  readonly index: number
}

/** Whether the text is an IANA time zone that this machine's data knows. */
export function isZone(text: string): boolean {
  if (!ZONE.test(text)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text)
    return true
  } catch {
    return false
  }
}

const ZONE = /^[A-Za-z][\w+-]*(?:\/[\w+-]+){0,2}$/

/** The period that a moment lies in. Remembers what it computed: a second question about the same days is a look-up. */
export function periodAt(at: Instant, unit: CalendarUnit, zone: string): Period {
  const known = remembered(`${unit}@${zone}`)
  const slot = Math.floor(at / DAY_MS)
  for (const period of known.get(slot) ?? []) if (period.start <= at && at < period.end) return period
  const period = computePeriod(at, unit, zone)
  if (known.size >= MOST_REMEMBERED) known.clear()
  known.set(slot, [...(known.get(slot) ?? []), period])
  return period
}

/** Of each (unit, zone), by day of UTC: a day touches two or three periods at most. */
const memory = new Map<string, Map<number, readonly Period[]>>()
const MOST_REMEMBERED = 20_000
const MOST_ZONES = 500

function remembered(key: string): Map<number, readonly Period[]> {
  const known = memory.get(key)
  if (known !== undefined) return known
  if (memory.size >= MOST_ZONES) memory.clear()
  const fresh = new Map<number, readonly Period[]>()
  memory.set(key, fresh)
  return fresh
}

function computePeriod(at: Instant, unit: CalendarUnit, zone: string): Period {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()
  const first = firstDay(date, unit)
  const next = first.add(LENGTH[unit])
  const momentOf = (day: Temporal.PlainDate) => asInstant(day.toZonedDateTime(zone).epochMilliseconds)
  return {
    name: nameOf(first, unit),
    start: momentOf(first),
    end: momentOf(next),
    index: indexOf(first, unit),
  }
}

const LENGTH = {
  day: { days: 1 },
  week: { days: 7 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
} as const

function firstDay(date: Temporal.PlainDate, unit: CalendarUnit): Temporal.PlainDate {
  switch (unit) {
    case 'day':
      return date
    case 'week':
      return date.subtract({ days: date.dayOfWeek - 1 })
    case 'month':
      return date.with({ day: 1 })
    case 'quarter':
      return date.with({ month: date.month - ((date.month - 1) % 3), day: 1 })
    case 'year':
      return date.with({ month: 1, day: 1 })
  }
}

const pad = (value: number, width = 2) => String(value).padStart(width, '0')

function nameOf(first: Temporal.PlainDate, unit: CalendarUnit): string {
  const year = pad(first.year, 4)
  switch (unit) {
    case 'day':
      return first.toString()
    case 'week':
      return `${pad(first.yearOfWeek ?? first.year, 4)}-W${pad(first.weekOfYear ?? 0)}`
    case 'month':
      return `${year}-${pad(first.month)}`
    case 'quarter':
      return `${year}-Q${Math.ceil(first.month / 3)}`
    case 'year':
      return year
  }
}

function indexOf(first: Temporal.PlainDate, unit: CalendarUnit): number {
  const days = EPOCH.until(first, { largestUnit: 'day' }).days
  switch (unit) {
    case 'day':
      return days
    case 'week':
      // 1970-01-01 was a Thursday.
      return (days + 3) / 7
    case 'month':
      return first.year * 12 + first.month
    case 'quarter':
      return first.year * 4 + Math.ceil(first.month / 3)
    case 'year':
      return first.year
  }
}

const EPOCH = Temporal.PlainDate.from('1970-01-01')

/** What calendar and clock in a zone show: `2026-11-25` and `10:00`. */
export function clockIn(at: Instant, zone: string): { readonly date: string; readonly time: string } {
  const shown = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return { date: shown.toPlainDate().toString(), time: `${pad(shown.hour)}:${pad(shown.minute)}` }
}

/** A length as a calendar counts it: a month after 31 January is the last day of February. */
export interface CalendarDuration {
  readonly years: number
  readonly months: number
  readonly days: number
}

const CALENDAR = /^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$/

/** Reads `P1Y`, `P6M`, `P1Y6M`, `P2W`, `P30D`. Undefined when it is none, or no length at all. */
export function parseCalendarDuration(text: string): CalendarDuration | undefined {
  const found = CALENDAR.exec(text)
  if (found === null) return undefined
  const [years = 0, months = 0, weeks = 0, days = 0] = found.slice(1).map((part) => Number(part ?? 0))
  const duration = { years, months, days: weeks * 7 + days }
  return years + months + duration.days > 0 ? duration : undefined
}

/** The same time of day, so much later, as the clocks of the zone show it. */
export function addCalendar(at: Instant, duration: CalendarDuration, zone: string): Instant {
  const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return asInstant(moment.add(duration).epochMilliseconds)
}
