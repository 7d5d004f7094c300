import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Identifier } from './identifier.ts'

/**
 * What a person did, in the one form that rules see, whatever wire format it came in.
 * `source` and `sourceId` together name it for ever: a source that sends them again sends the same event.
 */
export interface LearningEvent {
  /** URI of the system that says so (CloudEvents `source`, the xAPI authority or platform). */
  readonly source: string
  /** The source's own id of the event (CloudEvents `id`, the xAPI statement id). */
  readonly sourceId: string
  /** A short type of the vocabulary (`completed`), or the source's own type where the vocabulary has none. */
  readonly type: string
  /** When it happened, by the source's clock. */
  readonly time: Instant
  readonly actor: Identifier
  /** What it was done with: the activity's IRI or the source's own id of it. */
  readonly activity?: string
  /** What kind of activity that is. */
  readonly activityType?: string
  /** A scaled score, from -1 to 1 as in xAPI. */
  readonly score?: number
  readonly success?: boolean
  readonly completion?: boolean
  /** How long it took, in seconds. */
  readonly duration?: number
  /** The source id of an earlier event of the same source that this one takes back (xAPI `voided`). */
  readonly voids?: string
  /** Everything else that the source said, for predicates on `event.data`. */
  readonly data: JsonObject
}

/** An event in the store: it has a row id and a known person. */
export interface StoredEvent extends LearningEvent {
  readonly id: EventId
  readonly subjectId: SubjectId
  /**
   * By which path the event names the person, where it is not its actor: `event.data.team.members`. An event that names
   * several people stands in the history of each.
   */
  readonly recipient?: string
}
