import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { Json } from '#engine/shared/json.ts'
import type { CelType } from './cel-type.ts'
import { BOOL, DOUBLE, MAP, STRING, TIMESTAMP } from './cel-type.ts'

/** What a predicate may read of an event. Who it was is not among it: rules do not look at people. */
type EventField = keyof typeof EVENT_FIELDS

export const EVENT_FIELDS = {
  type: STRING,
  source: STRING,
  time: TIMESTAMP,
  activity: STRING,
  activityType: STRING,
  score: DOUBLE,
  success: BOOL,
  completion: BOOL,
  duration: DOUBLE,
  data: MAP,
} as const satisfies Readonly<Record<string, CelType>>

export const isEventField = (name: string): name is EventField => Object.hasOwn(EVENT_FIELDS, name)

/** Member names that no event has and that a careless interpreter would find on every object. */
export const isPrototypeName = (name: string): boolean =>
  name === '__proto__' || name === 'constructor' || name === 'prototype'

export const readEventField = (event: LearningEvent, field: EventField): Json | undefined => event[field]
