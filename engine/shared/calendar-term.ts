import { Temporal } from 'temporal-polyfill'
import { ISO_DURATION } from './duration.ts'
import { asInstant, type Instant, LATEST } from './instant.ts'

/**
 * Adds an ISO 8601 duration to a moment by the calendar of UTC: years and months first, then the rest. `P1Y` after
 * 3 March is 3 March, leap year or not; where a month has no such day its last day counts (`P1M` after 31 January is the
 * end of February). Undefined when the text is no such duration, or the result is past the year 9999.
 */
export function addTerm(at: Instant, text: string): Instant | undefined {
  if (!ISO_DURATION.test(text)) return undefined
  try {
    const start = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('UTC')
    const end = start.add(text).epochMilliseconds
    return end > LATEST ? undefined : asInstant(end)
  } catch {
    // `P`, or so long that no calendar has such a day.
    return undefined
  }
}
