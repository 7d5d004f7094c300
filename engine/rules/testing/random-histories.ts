import fc from 'fast-check'
import { FACT_TYPES } from '#engine/events/fact-events.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { PlainEvent } from './plain-events.ts'
import { ACTIVITIES, DAY, START, TOPICS, TYPES } from './random-rules.ts'

export const SUBJECTS = ['subject-a', 'subject-b'] as SubjectId[]
const NOBODY: Identifier = { type: 'id', value: 'urn:test#1' }
const SOURCES = ['urn:lms:1', 'urn:lms:2'] as const

/** Events of two people: learning, facts, and some that take others back. Not at night, when clocks may skip an hour. */
const history = fc
  .array(
    fc.record(
      {
        subject: fc.constantFrom(...SUBJECTS),
        source: fc.constantFrom(...SOURCES),
        type: fc.constantFrom(...TYPES, ...TYPES, 'cohort', 'attribute'),
        day: fc.integer({ min: 0, max: 30 }),
        hour: fc.constantFrom(7, 12, 12, 18, 22),
        activity: fc.option(fc.constantFrom(...ACTIVITIES), { freq: 6, nil: undefined }),
        topic: fc.constantFrom(...TOPICS),
        score: fc.option(fc.constantFrom(0.1, 0.5, 0.7, 0.9), { freq: 6, nil: undefined }),
        isOn: fc.boolean(),
        isVoided: fc.boolean(),
      },
      { requiredKeys: ['subject', 'source', 'type', 'day', 'hour', 'activity', 'score', 'topic', 'isOn'] },
    ),
    { minLength: 8, maxLength: 26 },
  )
  .map((drafts) =>
    drafts.flatMap(({ subject, source, type, day, hour, activity, topic, score, isOn, isVoided }, number) => {
      const time = START + day * DAY + hour * 3_600_000
      const head = headOf(`event-${number}`, subject, source, time)
      const event: StoredEvent =
        type === 'cohort' || type === 'attribute'
          ? {
              ...head,
              type: FACT_TYPES[type],
              activity: topic,
              data: type === 'cohort' ? { member: isOn } : { value: isOn },
            }
          : {
              ...head,
              type,
              ...(activity === undefined ? {} : { activity }),
              ...(score === undefined ? {} : { score }),
            }
      const takesBack: StoredEvent = {
        ...headOf(`void-${number}`, subject, source, START + 40 * DAY),
        type: 'voided',
        voids: event.sourceId,
      }
      return isVoided === true && number % 3 === 0 ? [event, takesBack] : [event]
    }),
  )

const headOf = (id: string, subjectId: SubjectId, source: string, time: number) => ({
  id: id as EventId,
  subjectId,
  source,
  sourceId: `id-${id}`,
  time: asInstant(time),
  actor: NOBODY,
  data: {},
})

/** The same event as the obvious way sees it. */
export function plainEvent({
  source,
  sourceId,
  type,
  time,
  activity,
  score,
  voids,
  data,
}: StoredEvent): PlainEvent {
  const isCohort = type === FACT_TYPES.cohort
  const isAttribute = type === FACT_TYPES.attribute
  return {
    source,
    sourceId,
    time,
    type: isCohort ? 'cohort' : isAttribute ? 'attribute' : type,
    ...(activity === undefined ? {} : { activity }),
    ...(score === undefined ? {} : { score }),
    ...(voids === undefined ? {} : { voids }),
    ...(isCohort || isAttribute ? { isOn: data['member'] === true || data['value'] === true } : {}),
  }
}

/** The events shuffled, some of them twice, in portions, each with the service's clock at that moment. */
export const deliveries = history.chain((events) =>
  fc
    .tuple(
      fc.shuffledSubarray(events, { minLength: events.length }),
      fc.subarray(events),
      fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 60, maxLength: 60 }),
      fc.integer({ min: 0, max: 6 }),
    )
    .map(([shuffled, again, sizes, daysBetween]) => {
      const stream = [...shuffled, ...again]
      const portions: { now: number; events: StoredEvent[] }[] = []
      for (let at = 0; at < stream.length; ) {
        const size = sizes[portions.length] ?? 8
        portions.push({
          now: START + portions.length * daysBetween * DAY,
          events: stream.slice(at, at + size),
        })
        at += size
      }
      return { events, portions }
    }),
)
