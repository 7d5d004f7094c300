import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addTerm, longestTerm } from './calendar-term.ts'
import { asInstant, formatInstant, parseInstant } from './instant.ts'

const after = (at: string, term: string) => {
  const end = addTerm(parseInstant(at) ?? asInstant(0), term)
  return end === undefined ? undefined : formatInstant(end)
}

test('a year is a year of the calendar, and a month ends with its last day', () => {
  expect(after('2026-03-03T10:00:00Z', 'P2Y')).toBe('2028-03-03T10:00:00Z')
  expect(after('2024-02-29T10:00:00Z', 'P1Y')).toBe('2025-02-28T10:00:00Z')
  expect(after('2024-02-29T10:00:00Z', 'P4Y')).toBe('2028-02-29T10:00:00Z')
  expect(after('2026-01-31T23:59:59.999Z', 'P1M')).toBe('2026-02-28T23:59:59.999Z')
  expect(after('2026-11-30T00:00:00Z', 'P3M')).toBe('2027-02-28T00:00:00Z')
  expect(after('2026-11-25T00:00:00Z', 'P1M1W1DT1H1M1S')).toBe('2027-01-02T01:01:01Z')
})

test('what is no duration, or ends after the year 9999, has no end', () => {
  for (const term of [
    '',
    'P',
    'PT',
    'P1',
    '1Y',
    'P-1Y',
    'P1.5Y',
    'P8000Y',
    'P99999999999999999999Y',
    'P9999999D',
  ])
    expect([term, after('2026-01-01T00:00:00Z', term)]).toEqual([term, undefined])
})

test('adds what the calendar of the machine adds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(8000, 0, 1) }),
      fc.nat({ max: 900 }),
      fc.nat({ max: 40 }),
      fc.nat({ max: 1000 }),
      (at, years, months, days) => {
        const from = new Date(at)
        const whole = new Date(from)
        whole.setUTCDate(1)
        whole.setUTCMonth(whole.getUTCMonth() + years * 12 + months)
        const last = new Date(whole)
        last.setUTCMonth(last.getUTCMonth() + 1)
        last.setUTCDate(0)
        whole.setUTCDate(Math.min(from.getUTCDate(), last.getUTCDate()))
        whole.setUTCDate(whole.getUTCDate() + days)
        expect(addTerm(asInstant(at), `P${years}Y${months}M${days}D`)).toBe(whole.getTime())
      },
    ),
  )
})

test.each([
  ['P1Y', 366],
  ['P1M', 31],
  ['P2M', 62],
  ['P1D', 1],
  ['P', undefined],
])('the longest that %s can last', (text, days) => {
  expect(longestTerm(text)).toBe(days === undefined ? undefined : days * 86_400_000)
})
