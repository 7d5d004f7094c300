import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asInstant, parseInstant } from '#engine/shared/instant.ts'
import { linkedInUrl, mailtoUrl } from './profile-links.ts'

const badge = {
  id: 'c1',
  name: 'First aid & more',
  issuer: 'Academy',
  awardedAt: parseInstant('2026-11-30T23:30:00Z') ?? asInstant(0),
  url: 'https://badges.example.org/credentials/c1?share=a-b_c',
}

test('LinkedIn is told name, issuer, months, address and id', () => {
  const validUntil = parseInstant('2028-02-01T00:00:00Z') ?? asInstant(0)
  const { origin, pathname, searchParams } = new URL(linkedInUrl({ ...badge, validUntil }, 'UTC'))
  expect(origin + pathname).toBe('https://www.linkedin.com/profile/add')
  expect(Object.fromEntries(searchParams)).toEqual({
    startTask: 'CERTIFICATION_NAME',
    name: 'First aid & more',
    organizationName: 'Academy',
    issueYear: '2026',
    issueMonth: '11',
    expirationYear: '2028',
    expirationMonth: '1',
    certUrl: badge.url,
    certId: 'c1',
  })
  expect(linkedInUrl(badge, 'UTC')).not.toContain('expiration')
})

test('whatever a badge is called, a letter has the two parts that it should, and no third', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('nl', 'en'), (name, language) => {
      const parts = mailtoUrl({ ...badge, name }, language).split(/[?&]/)
      expect(parts.map((part) => part.split('=')[0])).toEqual(['mailto:', 'subject', 'body'])
      expect(decodeURIComponent(parts[2] ?? '')).toContain(badge.url)
    }),
  )
})

const zones = fc.constantFrom(
  'UTC',
  'Europe/Amsterdam',
  'America/Anchorage',
  'Asia/Kolkata',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'America/Sao_Paulo',
)
/** Near the edges of months and years, where zones disagree. */
const nearEdge = fc
  .record({
    year: fc.integer({ min: 1990, max: 2090 }),
    month: fc.integer({ min: 0, max: 11 }),
    off: fc.integer({ min: -16 * 3_600_000, max: 16 * 3_600_000 }),
  })
  .map(({ year, month, off }) => asInstant(Date.UTC(year, month, 1) + off))

/** The obvious way: ask the calendar of the machine. */
const byIntl = (at: number, timeZone: string) => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'gregory',
    year: 'numeric',
    month: 'numeric',
  }).formatToParts(at)
  return ['year', 'month'].map((wanted) => String(Number(parts.find(({ type }) => type === wanted)?.value)))
}

test('the months are those of the holder’s calendar, at every edge; the end is the last month in which it is good', () => {
  fc.assert(
    fc.property(nearEdge, nearEdge, zones, (awardedAt, validUntil, timeZone) => {
      const { searchParams } = new URL(linkedInUrl({ ...badge, awardedAt, validUntil }, timeZone))
      const told = (...names: string[]) => names.map((name) => searchParams.get(name))
      expect(told('issueYear', 'issueMonth')).toEqual(byIntl(awardedAt, timeZone))
      expect(told('expirationYear', 'expirationMonth')).toEqual(byIntl(validUntil - 1, timeZone))
    }),
  )
})

test('half past midnight on the first of December in Amsterdam is December there, though still November in UTC', () => {
  const month = (zone: string) => new URL(linkedInUrl(badge, zone)).searchParams.get('issueMonth')
  expect([month('UTC'), month('Europe/Amsterdam')]).toEqual(['11', '12'])
  const lastNight = { ...badge, awardedAt: parseInstant('2026-12-31T23:30:00Z') ?? asInstant(0) }
  const { searchParams } = new URL(linkedInUrl(lastNight, 'Europe/Amsterdam'))
  expect([searchParams.get('issueYear'), searchParams.get('issueMonth')]).toEqual(['2027', '1'])
})
