/** A length of time in whole milliseconds. */
export type Duration = number

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** Years, months, weeks, days, hours, minutes, seconds. */
export const ISO_DURATION =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/

/**
 * Reads an ISO 8601 duration of fixed length: a day is 24 hours, a week 7 days, a year 365 days.
 * Months have no fixed length and are refused, like anything else that is no such duration (undefined).
 */
export function parseDuration(text: string): Duration | undefined {
  const found = ISO_DURATION.exec(text)
  if (found === null || text === 'P' || text.endsWith('T')) return undefined
  const [, years, months, weeks, days, hours, minutes, seconds] = found.map((part) => Number(part ?? 0))
  if (months !== 0) return undefined
  const whole =
    ((years ?? 0) * 365 + (weeks ?? 0) * 7 + (days ?? 0)) * DAY_MS +
    (hours ?? 0) * HOUR_MS +
    (minutes ?? 0) * MINUTE_MS +
    (seconds ?? 0) * SECOND_MS
  return Number.isSafeInteger(whole) ? whole : undefined
}
