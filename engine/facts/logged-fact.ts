import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'

/** A fact that stands in the log and was not taken back. */
export interface LoggedFact {
  readonly id: EventId
  readonly subjectId: SubjectId
  readonly sourceId: string
  readonly time: Instant
  readonly activity: string
  readonly data: JsonObject
}

/**
 * What was true at a moment: the latest of these facts that holds by then, as rules order events: by time, and then by
 * the id in the log. `facts`: of one person about one thing, in any order.
 */
export function factAt<F extends Pick<LoggedFact, 'time' | 'sourceId'>>(
  facts: readonly F[],
  at: Instant,
): F | undefined {
  let latest: F | undefined
  for (const fact of facts)
    if (fact.time <= at && (latest === undefined || isLater(fact, latest))) latest = fact
  return latest
}

type Placed = Pick<LoggedFact, 'time' | 'sourceId'>
const isLater = (a: Placed, b: Placed): boolean =>
  a.time === b.time ? a.sourceId > b.sourceId : a.time > b.time
