import type { FactType } from '#engine/events/fact-events.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { LoggedFact } from '#engine/facts/logged-fact.ts'
import type { EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Page, PageRequest } from './page.ts'

export interface FactRow {
  readonly id: EventId
  readonly receivedAt: Instant
  readonly subjectId: SubjectId
  readonly event: LearningEvent
  readonly takenBack: boolean
}

/** The facts among the events; events are written by the event store, facts too. */
export interface FactLog {
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
