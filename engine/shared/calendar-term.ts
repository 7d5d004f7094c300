import { DAY_MS, HOUR_MS, ISO_DURATION, MINUTE_MS, SECOND_MS } from './duration.ts'
import { asInstant, civilFromDays, daysFromCivil, daysInMonth, type Instant, LATEST } from './instant.ts'

/**
 * Adds an ISO 8601 duration to a moment by the calendar of UTC: years and months first, then weeks and days, then
 * hours, minutes and seconds. `P1Y` after 3 March is 3 March, leap year or not; where a month has no such day its last
 * day counts (`P1M` after 31 January is the end of February).
 * Undefined when the text is no such duration, or the result is past the year 9999.
 */
export function addTerm(at: Instant, text: string): Instant | undefined {
  const found = ISO_DURATION.exec(text)
  if (found === null || text === 'P' || text.endsWith('T')) return undefined
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0))
  const onDay = Math.floor(at / DAY_MS)
  const [year, month, day] = civilFromDays(onDay)
  const monthsOn = year * 12 + (month - 1) + years * 12 + months
  const toYear = Math.floor(monthsOn / 12)
  // Before any arithmetic on days: it is exact for years that can be written only.
  if (toYear > 9999) return undefined
  const toMonth = (monthsOn % 12) + 1
  const toDay = Math.min(day, daysInMonth(toYear, toMonth))
  const end =
    (daysFromCivil(toYear, toMonth, toDay) + weeks * 7 + days) * DAY_MS +
    (at - onDay * DAY_MS) +
    hours * HOUR_MS +
    minutes * MINUTE_MS +
    seconds * SECOND_MS
  return end > LATEST ? undefined : asInstant(end)
}
