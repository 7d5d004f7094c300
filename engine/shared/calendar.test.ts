import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addCalendar, CALENDAR_UNITS, isZone, parseCalendarDuration, periodAt } from './calendar.ts'
import { asInstant, formatInstant, type Instant, parseInstant } from './instant.ts'

const at = (text: string): Instant => parseInstant(text) ?? asInstant(Number.NaN)
const AMSTERDAM = 'Europe/Amsterdam'

describe('periods', () => {
  test('a day is as long as people live it: 23 and 25 hours where the clocks change', () => {
    const hours = (text: string) => {
      const { start, end } = periodAt(at(text), 'day', AMSTERDAM)
      return (end - start) / 3_600_000
    }
    expect([
      hours('2026-03-29T10:00:00Z'),
      hours('2026-10-25T10:00:00Z'),
      hours('2026-06-01T10:00:00Z'),
    ]).toEqual([23, 25, 24])
  })

  test('names are those of ISO 8601, at the turn of the year too', () => {
    const names = (text: string) => CALENDAR_UNITS.map((unit) => periodAt(at(text), unit, AMSTERDAM).name)
    expect(names('2026-11-25T12:00:00Z')).toEqual(['2026-11-25', '2026-W48', '2026-11', '2026-Q4', '2026'])
    // It is 2027 in Amsterdam already, and the week is the last of 2026.
    expect(names('2026-12-31T23:30:00Z')).toEqual(['2027-01-01', '2026-W53', '2027-01', '2027-Q1', '2027'])
  })

  test('a moment lies in its period, and the next one begins where it ends, one further', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2060-01-01T00:00:00Z') }).map(asInstant),
        fc.constantFrom(...CALENDAR_UNITS),
        fc.constantFrom(AMSTERDAM, 'UTC', 'America/New_York', 'Pacific/Auckland', 'Asia/Kathmandu'),
        (moment, unit, zone) => {
          const period = periodAt(moment, unit, zone)
          expect(period.start <= moment && moment < period.end).toBe(true)
          const next = periodAt(period.end, unit, zone)
          expect(next.start).toBe(period.end)
          expect(next.index).toBe(period.index + 1)
          expect(periodAt(period.start, unit, zone)).toEqual(period)
        },
      ),
    )
  })
})

test('zones are those of the IANA data', () => {
  expect([AMSTERDAM, 'UTC', 'America/Argentina/Ushuaia'].map(isZone)).toEqual([true, true, true])
  expect(['Europe/Nowhere', '', '+01:00', '__proto__', 'Europe/Amsterdam; DROP'].map(isZone)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
})

test('a calendar length keeps the time of day, and the end of a month', () => {
  const later = (from: string, length: string) => {
    const duration = parseCalendarDuration(length)
    return duration && formatInstant(addCalendar(at(from), duration, AMSTERDAM))
  }
  expect(later('2026-01-31T12:00:00Z', 'P1M')).toBe('2026-02-28T12:00:00Z')
  expect(later('2024-02-29T12:00:00Z', 'P1Y')).toBe('2025-02-28T12:00:00Z')
  // 13:00 in winter is 13:00 in summer: an hour earlier in UTC.
  expect(later('2026-01-15T12:00:00Z', 'P6M')).toBe('2026-07-15T11:00:00Z')
  expect(['P', 'P0D', '1Y', 'PT1H', 'P1.5Y', 'P1Y2'].map(parseCalendarDuration)).toEqual(
    Array(6).fill(undefined),
  )
})
