import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { EventFault } from '#engine/events/event-faults.ts'
import { isReservedEvent } from '#engine/events/fact-events.ts'
import { identifierText } from '#engine/events/identifier.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import { equalBytes, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { EventId, OrganisationId, SourceId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { requireRightOnRoot } from '#services/access/authorise.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { EventIntake, IntakeKnowledge, IntakeSource, NewEvent } from '#services/ports/event-intake.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'

export interface IngestEventsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly wakeUps: WakeUps
}

/** An event that was read, with the document that it was read from. */
export interface IncomingEvent {
  readonly event: LearningEvent
  readonly document: JsonObject
  /** As it came, where it came alone; an item of a batch is kept in its canonical form. */
  readonly bytes?: Uint8Array
  readonly mediaType: string
}

export interface IngestedEvent {
  readonly id: EventId
  readonly outcome: 'accepted' | 'duplicate' | 'quarantined'
  readonly code?: string
}

/** How far a source's clock may be ahead of ours. */
export const CLOCK_SKEW_MS = 10 * MINUTE_MS

export type IngestEvents = ReturnType<typeof createIngestEvents>

/**
 * Stores events, all or none of them, and says of each what became of it.
 * An event that was stored before is a duplicate, however often it comes; the same id with other content is refused
 * (`event-conflict`). One whose person is unknown to a source that may make nobody known is quarantined.
 */
export const createIngestEvents =
  ({ database, clock, random, hashes, wakeUps }: IngestEventsNeeds) =>
  async (
    principal: Principal,
    organisationId: OrganisationId,
    incoming: readonly IncomingEvent[],
  ): Promise<readonly IngestedEvent[]> => {
    refuseReserved(incoming)
    refuseFuture(incoming, clock.now())
    const ingested = await database.takingEvents(organisationId, async (intake) => {
      // 1. Whose events, from which source? And may they come in?
      const uris = [...new Set(incoming.map(({ event }) => event.source))]
      const actors = new Map(incoming.map(({ event }) => [identifierText(event.actor), event.actor]))
      const known = await intake.look(uris, [...actors.values()])
      requireRightOnRoot(principal, 'create', organisationId, known.rootUnit)
      const sources = await sourcesOf(intake, uris, known, random)
      const subjects = await subjectsOf(intake, incoming, sources, known, random)
      const voided = await voidedSubjects(intake, incoming, sources, subjects)

      // 2. Take the keys and store what is new: from here on, whoever sends the same event again is told so.
      const events = incoming.map(({ event, document, bytes, mediaType }): NewEvent => {
        const canonical = utf8(canonicalJson(document))
        const source = sourceFor(sources, event)
        // Whoever takes an event back, it is the history of its own person that changes.
        const subjectId =
          (event.voids === undefined ? undefined : voided.get(`${source.id}:${event.voids}`)) ??
          subjects.get(identifierText(event.actor))
        return {
          id: random.rowId() as EventId,
          sourceId: source.id,
          ...(subjectId === undefined ? { quarantineCode: 'subject-unknown' } : { subjectId }),
          event,
          raw: bytes ?? canonical,
          mediaType,
          digest: hashes.sha256(canonical),
        }
      })
      const answers = await intake.store(events, clock.now())

      // 3. The same id must mean the same event: otherwise nothing of all this has happened.
      const conflicts = events.flatMap((event, index) => {
        const answer = answers[index]
        if (answer?.kind !== 'taken' || equalBytes(answer.digest, event.digest)) return []
        return [{ index, source: event.event.source, sourceId: event.event.sourceId }]
      })
      if (conflicts.length > 0) throw errors.eventConflict({ conflicts })
      crashPoint('ingest.before-commit')
      return events.map((event, index): IngestedEvent => {
        const answer = answers[index]
        if (answer?.kind === 'taken') return { id: answer.eventId, outcome: 'duplicate' }
        if (event.quarantineCode !== undefined)
          return { id: event.id, outcome: 'quarantined', code: event.quarantineCode }
        return { id: event.id, outcome: 'accepted' }
      })
    })
    crashPoint('ingest.after-commit')
    if (ingested.some(({ outcome }) => outcome === 'accepted')) await wakeUps.wake('evaluate')
    return ingested
  }

/** Facts have a door of their own, where it is checked who may say them: nobody sends one as an event. */
function refuseReserved(incoming: readonly IncomingEvent[]): void {
  const faults = incoming.flatMap(({ event, bytes }, index): EventFault[] =>
    isReservedEvent(event)
      ? [
          {
            code: 'event-reserved',
            path: bytes === undefined ? `/${index}` : '',
            message: 'This type or source is for facts: feed them by their own API.',
          },
        ]
      : [],
  )
  if (faults.length > 0) throw errors.eventInvalid({ faults })
}

/** What has not happened yet counts for nothing: it would be awarded now, and dated then. */
function refuseFuture(incoming: readonly IncomingEvent[], now: Instant): void {
  const faults = incoming.flatMap(({ event, document, bytes }, index): EventFault[] => {
    if (event.time <= now + CLOCK_SKEW_MS) return []
    const place = `${bytes === undefined ? `/${index}` : ''}/${'specversion' in document ? 'time' : 'timestamp'}`
    return [
      { code: 'event-time-future', path: place, message: 'The event says that it happened in the future.' },
    ]
  })
  if (faults.length > 0) throw errors.eventInvalid({ faults })
}

async function sourcesOf(
  intake: EventIntake,
  uris: readonly string[],
  { sources }: IntakeKnowledge,
  random: Random,
): Promise<ReadonlyMap<string, IntakeSource>> {
  const unknown = uris.filter((uri) => !sources.has(uri))
  if (unknown.length === 0) return sources
  const made = await intake.createSources(unknown.map((uri) => ({ id: random.rowId() as SourceId, uri })))
  return new Map([...sources, ...made])
}

async function subjectsOf(
  intake: EventIntake,
  incoming: readonly IncomingEvent[],
  sources: ReadonlyMap<string, IntakeSource>,
  { subjects }: IntakeKnowledge,
  random: Random,
): Promise<ReadonlyMap<string, SubjectId>> {
  const unknown = incoming.filter(
    ({ event }) => !subjects.has(identifierText(event.actor)) && sourceFor(sources, event).createsSubjects,
  )
  if (unknown.length === 0) return subjects
  const wanted = new Map(
    unknown.map(({ event }) => [
      identifierText(event.actor),
      { id: random.rowId() as SubjectId, identifier: event.actor },
    ]),
  )
  return new Map([...subjects, ...(await intake.createSubjects([...wanted.values()]))])
}

/** Whose the events are that this batch takes back: stored before, or in the batch itself. */
async function voidedSubjects(
  intake: EventIntake,
  incoming: readonly IncomingEvent[],
  sources: ReadonlyMap<string, IntakeSource>,
  subjects: ReadonlyMap<string, SubjectId>,
): Promise<ReadonlyMap<string, SubjectId>> {
  const keys = incoming.flatMap(({ event }) =>
    event.voids === undefined ? [] : [{ sourceId: sourceFor(sources, event).id, sourceEventId: event.voids }],
  )
  if (keys.length === 0) return new Map()
  const inBatch = incoming.flatMap(({ event }): [string, SubjectId][] => {
    const subjectId = subjects.get(identifierText(event.actor))
    return subjectId === undefined ? [] : [[`${sourceFor(sources, event).id}:${event.sourceId}`, subjectId]]
  })
  return new Map([...inBatch, ...(await intake.subjectsOf(keys))])
}

function sourceFor(sources: ReadonlyMap<string, IntakeSource>, event: LearningEvent): IntakeSource {
  const source = sources.get(event.source)
  if (source === undefined) throw new Error('An event has lost its source.')
  return source
}
