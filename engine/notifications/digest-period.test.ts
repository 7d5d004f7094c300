import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clockIn } from '#engine/shared/calendar.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { lastDigest } from './digest-period.ts'

const zones = fc.constantFrom(
  'Europe/Amsterdam',
  'UTC',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Auckland',
)
const moments = fc
  .integer({ min: Date.UTC(2025, 0, 1) / MINUTE_MS, max: Date.UTC(2028, 0, 1) / MINUTE_MS })
  .map((minute) => asInstant(minute * MINUTE_MS))

/** The obvious way: going back minute by quarter of an hour until the clock on the wall shows the hour, on that day. */
function byLooking(now: Instant, timeZone: string, hour: number, weekday: number | undefined): string {
  for (let at = Math.floor(now / (15 * MINUTE_MS)) * 15 * MINUTE_MS; ; at -= 15 * MINUTE_MS) {
    const { date, time } = clockIn(asInstant(at), timeZone)
    const day = new Date(`${date}T00:00:00Z`).getUTCDay() || 7
    if (time === `${String(hour).padStart(2, '0')}:00` && (weekday === undefined || weekday === day))
      return date
  }
}

test('a digest is due at its hour, as a clock on the wall shows it', () => {
  fc.assert(
    // At two and three the clocks change.
    fc.property(
      moments,
      zones,
      fc.integer({ min: 4, max: 23 }),
      fc.integer({ min: 1, max: 7 }),
      (now, timeZone, hour, weekday) => {
        const setting = { timeZone, hour, weekday }
        expect(lastDigest(now, 'daily', setting).name).toBe(byLooking(now, timeZone, hour, undefined))
        expect(lastDigest(now, 'weekly', setting).name).toBe(byLooking(now, timeZone, hour, weekday))
      },
    ),
    { numRuns: 40 },
  )
})

test('time that goes on never goes back to an earlier digest, and none is left out, in whatever hour', () => {
  fc.assert(
    fc.property(moments, zones, fc.integer({ min: 0, max: 23 }), (now, timeZone, hour) => {
      const setting = { timeZone, hour, weekday: 1 }
      const one = lastDigest(now, 'daily', setting)
      expect(one.due).toBeLessThanOrEqual(now)
      expect(now - one.due).toBeLessThan(DAY_MS + 2 * HOUR_MS)
      expect(lastDigest(one.due, 'daily', setting)).toEqual(one)
      expect(lastDigest(asInstant(one.due - 1), 'daily', setting).due).toBeLessThan(one.due)
    }),
  )
})
