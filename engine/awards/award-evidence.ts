import type { Evidence } from '#engine/credentials/badge-credential.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import { formatInstant } from '#engine/shared/instant.ts'

/**
 * What a badge tells of one event that it rests on, where its rule says so: what was done, with what, on which day (UTC).
 * Nobody's name or address, no score, no id of the event, and nothing of what else the source said.
 */
export interface EventEvidence {
  readonly type: string
  readonly on: string
  readonly activity?: string
}

/** What an awarder names: a page with what somebody made, or a text about it. One of the members is there at least. */
export interface GivenEvidence {
  readonly url?: string
  readonly name?: string
  readonly description?: string
  /** Markdown. */
  readonly narrative?: string
  readonly genre?: string
  /** For whom it is meant. */
  readonly audience?: string
}

export type AwardEvidence = EventEvidence | GivenEvidence

/** A badge is a page and not a log: of more events the newest are told. */
export const MOST_EVIDENCE = 50

type Told = Pick<LearningEvent, 'type' | 'time' | 'activity'>

/** Oldest first; what reads the same is told once. */
export function awardEvidence(events: readonly Told[]): readonly EventEvidence[] {
  const told = new Map<string, EventEvidence>()
  for (const { type, time, activity } of [...events].sort((a, b) => a.time - b.time)) {
    const on = formatInstant(time).slice(0, 10)
    told.set(JSON.stringify([on, type, activity]), {
      type,
      on,
      ...(activity === undefined ? {} : { activity }),
    })
  }
  return [...told.values()].slice(-MOST_EVIDENCE)
}

/** As it stands in the credential (Open Badges 3.0, `Evidence`). */
export function evidenceEntry(evidence: AwardEvidence): Evidence {
  if (!('on' in evidence)) {
    const { url, ...told } = evidence
    return url === undefined ? told : { id: url, ...told }
  }
  const { type, on, activity } = evidence
  return {
    name: type,
    narrative: activity === undefined ? `${on}: ${type}` : `${on}: ${type}, ${activity}`,
    genre: 'Event',
  }
}
