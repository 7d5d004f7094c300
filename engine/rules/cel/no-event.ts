import type { LearningEvent } from '#engine/events/learning-event.ts'
import { asInstant } from '#engine/shared/instant.ts'

/** Stands where a condition that does not read the event is asked and there is none: a constant, or what is joined. */
export const NO_EVENT: LearningEvent = {
  source: '',
  sourceId: '',
  type: '',
  time: asInstant(0),
  actor: { type: 'id', value: '' },
  data: {},
}
