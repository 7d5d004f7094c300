import type { LearningEvent, StoredEvent } from '#engine/events/learning-event.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'

/** What rules see of a row of `event`. */
export interface EventFields {
  organisation_id: string
  received_at: Date
  id: string
  subject_id: string
  normal: unknown
}

export const storedEvent = (row: EventFields): StoredEvent => ({
  ...(row.normal as LearningEvent),
  id: row.id as EventId,
  subjectId: row.subject_id as SubjectId,
})
