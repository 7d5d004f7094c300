import type { FactType } from '#engine/events/fact-events.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { LoggedFact } from '#engine/facts/logged-fact.ts'
import type { EventId, OrganisationId, SourceId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Source } from './event-store.ts'
import type { Page, PageRequest } from './page.ts'

export interface FactRow {
  readonly id: EventId
  readonly receivedAt: Instant
  readonly subjectId: SubjectId
  readonly event: LearningEvent
  readonly takenBack: boolean
}

/** A fact as it is written into the log. */
export interface NewFactEvent {
  readonly id: EventId
  readonly subjectId: SubjectId
  readonly event: LearningEvent
  readonly raw: Uint8Array
  /** SHA-256 of `raw`. */
  readonly digest: Uint8Array
}

/** The facts among the events: they have no door but ours, and come in the transaction of whatever they are about. */
export interface FactLog {
  /** The source of facts, made with `createsSubjects` on when it is new. */
  source(organisationId: OrganisationId, newId: SourceId): Promise<Source>
  /**
   * Takes the keys of facts and stores those whose key was free; by which event each key is held now, in the order
   * given. In key order, so that two who write the same facts cannot wait for each other.
   */
  append(source: Source, facts: readonly NewFactEvent[], receivedAt: Instant): Promise<readonly EventId[]>
  /** The facts of one type about these people that were not taken back; about one activity only where it is given. */
  of(
    organisationId: OrganisationId,
    type: FactType,
    subjectIds: readonly SubjectId[],
    activity?: string,
  ): Promise<readonly LoggedFact[]>
  /** A fact, taken back or not; no other event. */
  find(organisationId: OrganisationId, id: EventId): Promise<FactRow | undefined>
  /** All facts about a person, newest first by when they were recorded. */
  list(organisationId: OrganisationId, subjectId: SubjectId, page: PageRequest): Promise<Page<FactRow>>
}
