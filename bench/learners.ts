import { randomUUID } from 'node:crypto'
import { parseCloudEvent } from '#engine/events/cloud-event.ts'
import type { IncomingEvent } from '#services/events/ingest-events.ts'

/** People who complete modules: events without end, each with an id of its own. */
export interface Learners {
  /** One event of each of them. */
  readonly everybody: readonly IncomingEvent[]
  next(count: number): readonly IncomingEvent[]
}

export function createLearners(people = 1000): Learners {
  let number = 0
  const next = (count: number) => Array.from({ length: count }, () => completed(number++, people))
  return { everybody: next(people), next }
}

/** A CloudEvent as a learning platform sends it, some 400 bytes; read as the API reads it. */
function completed(number: number, people: number): IncomingEvent {
  const document = {
    specversion: '1.0',
    id: randomUUID(),
    source: 'https://lms.example.org/bench',
    type: 'org.example.lms.completed',
    time: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
    subject: `mailto:sample.learner.${number % people}@example.org`,
    datacontenttype: 'application/json',
    data: {
      activity: `https://courses.example.org/activities/course-${number % 97}/module-${number % 3}`,
      activityType: 'http://adlnet.gov/expapi/activities/module',
      score: (number % 100) / 100,
    },
  }
  const parsed = parseCloudEvent(document)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return { event: parsed.event, document, mediaType: 'application/cloudevents+json' }
}
