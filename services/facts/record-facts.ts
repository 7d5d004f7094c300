import type { LearningEvent } from '#engine/events/learning-event.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { EventId, OrganisationId, SourceId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type { NewFactEvent } from '#services/ports/fact-log.ts'
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
    const source = await stores.facts.source(organisationId, random.rowId() as SourceId)
    const events = facts.map(({ subjectId, event }): NewFactEvent => {
      // Nobody sent it: what is kept is the event itself.
      const raw = utf8(canonicalJson(event as unknown as Json))
      return { id: random.rowId() as EventId, subjectId, event, raw, digest: hashes.sha256(raw) }
    })
    const holders = await stores.facts.append(source, events, now)
    return events.map(({ id }, index): RecordedFact => {
      const eventId = holders[index] ?? id
      return { eventId, isNew: eventId === id }
    })
  }
