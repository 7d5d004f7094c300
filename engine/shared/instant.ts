import type { Branded } from './brand.ts'

/** A moment: whole milliseconds since 1970-01-01T00:00:00Z, as the database keeps it (`timestamptz(3)`). */
export type Instant = Branded<number, 'Instant'>

export const asInstant = (milliseconds: number): Instant => Math.trunc(milliseconds) as Instant

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z. */
const EARLIEST = -62_135_596_800_000
export const LATEST = 253_402_300_799_999 as Instant

const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:?\d{2}|[+-]\d{2})$/

/**
 * Reads an RFC 3339 / ISO 8601 date-time with a zone, as CloudEvents, xAPI and XML Schema dateTimeStamp write it.
 * Digits past the millisecond are cut. Undefined when it is no such date-time (2026-02-30 included), or when in UTC it
 * is not in the years 1 to 9999, which is all that RFC 3339 can write.
 */
export function parseInstant(text: string): Instant | undefined {
  const found = DATE_TIME.exec(text)
  if (found === null) return undefined
  const [, fraction = '', zone = 'Z'] = found
  // What stands before them stands at fixed places: reading it there takes a quarter of the time.
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)]
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)]
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const offset = zoneMinutes(zone)
  if (offset === undefined) return undefined
  const millisecond = fraction === '' ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'))
  const days = daysFromCivil(year, month, day)
  const at = asInstant((((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + millisecond)
  return at < EARLIEST || at > LATEST ? undefined : at
}

/** Writes a moment as `2026-11-25T10:00:00Z`, or with `.123` where it has milliseconds. */
export function formatInstant(at: Instant): string {
  const days = Math.floor(at / 86_400_000)
  const rest = at - days * 86_400_000
  const [year, month, day] = civilFromDays(days)
  const pad = (n: number, width = 2) => String(n).padStart(width, '0')
  const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`
  const time = `${pad(Math.floor(rest / 3_600_000))}:${pad(Math.floor(rest / 60_000) % 60)}:${pad(Math.floor(rest / 1000) % 60)}`
  const millisecond = rest % 1000
  return `${date}T${time}${millisecond === 0 ? '' : `.${pad(millisecond, 3)}`}Z`
}

const twoDigits = (text: string, at: number): number =>
  (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48

function zoneMinutes(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0
  const digits = zone.slice(1).replace(':', '')
  const hours = Number(digits.slice(0, 2))
  const minutes = Number(digits.slice(2, 4) || '0')
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** Days since 1970-01-01 of a proleptic Gregorian date. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  )
}

function civilFromDays(days: number): [number, number, number] {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day]
}
