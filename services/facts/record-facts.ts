import { FACTS_SOURCE } from '#engine/events/fact-events.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { EventId, OrganisationId, SourceId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type { NewEvent } from '#services/ports/event-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface NewFact {
  readonly subjectId: SubjectId
  /** Made by a builder of engine/events/fact-events.ts. */
  readonly event: LearningEvent
}

export interface RecordedFact {
  readonly eventId: EventId
  /** False where the log had an event of that id before: then nothing was written. */
  readonly isNew: boolean
}

export type RecordFacts = ReturnType<typeof createRecordFacts>

/**
 * Writes facts into the log of events, in the caller's transaction, in the order given. Everything that feeds facts goes
 * through here. The caller wakes `evaluate` after its commit. Two statements, however many facts.
 */
export const createRecordFacts =
  ({ random, hashes }: { readonly random: Random; readonly hashes: Hashes }) =>
  async (
    stores: Stores,
    organisationId: OrganisationId,
    facts: readonly NewFact[],
    now: Instant,
  ): Promise<readonly RecordedFact[]> => {
    if (facts.length === 0) return []
    const source = await stores.events.sourceOf(organisationId, FACTS_SOURCE, random.rowId() as SourceId)
    const events = facts.map(({ subjectId, event }): NewEvent => {
      // Nobody sent it: what is kept is the event itself.
      const raw = utf8(canonicalJson(event as unknown as Json))
      return {
        organisationId,
        receivedAt: now,
        id: random.rowId() as EventId,
        sourceId: source.id,
        subjectId,
        event,
        raw,
        mediaType: 'application/json',
        digest: hashes.sha256(raw),
      }
    })
    const answers = await stores.events.takeKeys(events)
    const fresh = events.filter((_, index) => answers[index]?.kind === 'fresh')
    await stores.events.insert(fresh)
    return events.map((event, index): RecordedFact => {
      const answer = answers[index]
      return answer?.kind === 'taken'
        ? { eventId: answer.eventId, isNew: false }
        : { eventId: event.id, isNew: true }
    })
  }
