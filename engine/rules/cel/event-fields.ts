import { timestampOfInstant } from '#engine/cel/moment.ts'
import type { CelValue } from '#engine/cel/value.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { CelType } from './cel-type.ts'
import { BOOL, DOUBLE, MAP, STRING, TIMESTAMP } from './cel-type.ts'

/** How a predicate reads a field of an event: what type it has, and where it is. Undefined: the event has none. */
interface EventField {
  readonly type: CelType
  readonly read: (event: LearningEvent) => CelValue | undefined
}

/** What a predicate may read of an event. Who it was is not among it: rules do not look at people. */
export const EVENT_FIELDS: ReadonlyMap<string, EventField> = new Map<string, EventField>([
  ['type', { type: STRING, read: (event) => event.type }],
  ['source', { type: STRING, read: (event) => event.source }],
  ['time', { type: TIMESTAMP, read: (event) => timestampOfInstant(event.time) }],
  ['activity', { type: STRING, read: (event) => event.activity }],
  ['activityType', { type: STRING, read: (event) => event.activityType }],
  ['score', { type: DOUBLE, read: (event) => event.score }],
  ['success', { type: BOOL, read: (event) => event.success }],
  ['completion', { type: BOOL, read: (event) => event.completion }],
  ['duration', { type: DOUBLE, read: (event) => event.duration }],
  ['data', { type: MAP, read: (event) => event.data }],
])

/** The event as a predicate sees it: a closed record, and no value. */
export const EVENT: CelType = {
  kind: 'record',
  name: 'event',
  fields: new Map([...EVENT_FIELDS].map(([name, { type }]) => [name, type])),
}

/** Member names that no event has and that a careless interpreter would find on every object. */
export const isPrototypeName = (name: string): boolean =>
  name === '__proto__' || name === 'constructor' || name === 'prototype'
