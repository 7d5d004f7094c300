import { clockIn } from '#engine/shared/calendar.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** `2026-12-04 (Europe/Amsterdam)`: a date says little without the zone that it is one in. */
export const dateIn = (at: Instant, zone: string): string => `${clockIn(at, zone).date} (${zone})`

/** `2026-12-04 09:00 (UTC)` */
export function momentIn(at: Instant, zone: string): string {
  const { date, time } = clockIn(at, zone)
  return `${date} ${time} (${zone})`
}

/** The last moment that counts: where that is the last of a day, the day says it. */
export const lastMomentIn = (at: Instant, zone: string): string =>
  clockIn(at, zone).time === '23:59' ? dateIn(at, zone) : momentIn(at, zone)
