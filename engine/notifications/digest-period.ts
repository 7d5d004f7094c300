import { Temporal } from 'temporal-polyfill'
import { asInstant, type Instant } from '#engine/shared/instant.ts'

export type DigestCadence = 'daily' | 'weekly'

/** When somebody wants their digests: at an hour of their own clock, the weekly one on a day of the week (1: Monday). */
export interface DigestSetting {
  readonly timeZone: string
  readonly hour: number
  readonly weekday: number
}

export const STANDARD_DIGEST: DigestSetting = { timeZone: 'Europe/Amsterdam', hour: 8, weekday: 1 }

export interface DigestPeriod {
  /** The day on which the digest is due, there: `2026-11-26`. Names it. */
  readonly name: string
  /** When it is due: it holds what was told before. */
  readonly due: Instant
}

/**
 * The last digest that is due. Where the clocks skip the hour it is due an hour later, and where they show it twice, the
 * first time.
 */
export function lastDigest(now: Instant, cadence: DigestCadence, setting: DigestSetting): DigestPeriod {
  const { timeZone, hour, weekday } = setting
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate()
  const back = cadence === 'daily' ? 0 : (today.dayOfWeek - weekday + 7) % 7
  const on = (day: Temporal.PlainDate): DigestPeriod => ({
    name: day.toString(),
    due: asInstant(
      day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from({ hour }) }).epochMilliseconds,
    ),
  })
  const nearest = on(today.subtract({ days: back }))
  return nearest.due <= now ? nearest : on(today.subtract({ days: back + (cadence === 'daily' ? 1 : 7) }))
}
