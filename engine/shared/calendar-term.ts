import { Temporal } from 'temporal-polyfill'
import { type Duration, ISO_DURATION } from './duration.ts'
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

/** The most milliseconds that such a term can last: from the first of any month on, leap years included. */
export function longestTerm(text: string): Duration | undefined {
  const lengths = LEAP_MONTHS.flatMap((start) => {
    const end = addTerm(start, text)
    return end === undefined ? [] : [end - start]
  })
  return lengths.length === 0 ? undefined : Math.max(...lengths)
}

/** The firsts of the months of 1999 and 2000: so that a term may have a leap day or not. */
const NEW_YEAR_1999 = asInstant(915_148_800_000)
const LEAP_MONTHS = Array.from({ length: 24 }, (_, month) => addTerm(NEW_YEAR_1999, `P${month}M`)).filter(
  (start) => start !== undefined,
)
