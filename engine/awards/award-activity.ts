import type { SubjectParticulars } from '#engine/credentials/subject-particulars.ts'
import type { Occurrence } from '#engine/rules/document/rule-document.ts'
import { periodOccurrence } from '#engine/rules/evaluate/occurrences.ts'
import { periodAt } from '#engine/shared/calendar.ts'
import { SECOND_MS } from '#engine/shared/duration.ts'
import { asInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import type { EventEvidence } from './award-evidence.ts'

type Activity = Pick<SubjectParticulars, 'activityStartDate' | 'activityEndDate'>

/**
 * When the activity was for which a rule awards, as far as its badge may tell it. A rule that awards once a period says so
 * itself: from the start of the period to when it was met. Else the badge tells the days of its evidence anyway, and the
 * activity is from the first of them to the last. A rule that names none has decided that events are not told of, and when
 * they were is of them: a window such as `within` says only how far back was looked.
 */
export function activityOf(
  rule: { readonly occurrence: Occurrence; readonly named: string },
  metAt: Instant,
  evidence: readonly EventEvidence[],
): Activity {
  if (rule.occurrence.kind === 'period') {
    const { unit, zone } = rule.occurrence
    // What holds until the end of a period is met at that end, at which the next one begins.
    const period = [metAt, asInstant(metAt - 1)]
      .map((at) => periodAt(at, unit, zone))
      .find((each) => periodOccurrence(each, zone) === rule.named)
    if (period === undefined) return {}
    const last = asInstant(Math.min(metAt, period.end - SECOND_MS))
    return { activityStartDate: period.start, activityEndDate: last }
  }
  const days = evidence.map(({ on }) => on).sort()
  const [from, to] = [days[0], days.at(-1)].map((day) => parseInstant(`${day}T00:00:00Z`))
  return from === undefined || to === undefined ? {} : { activityStartDate: from, activityEndDate: to }
}
