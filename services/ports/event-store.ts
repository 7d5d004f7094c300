import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { EventId, OrganisationId, SourceId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Page, PageRequest } from './page.ts'

export interface Source {
  readonly organisationId: OrganisationId
  readonly id: SourceId
  readonly uri: string
  readonly name: string
  /** Whether its events may make a person known who was not. */
  readonly createsSubjects: boolean
}

export type EventState = 'received' | 'evaluated' | 'unmatched' | 'quarantined'

export interface EventRow {
  readonly id: EventId
  readonly receivedAt: Instant
  readonly state: EventState
  readonly quarantineCode?: string
  readonly subjectId?: SubjectId
  readonly event: LearningEvent
  readonly evaluatedAt?: Instant
  readonly parkedAt?: Instant
}

export interface EventStore {
  sources(organisationId: OrganisationId): Promise<readonly Source[]>
  insertSource(source: Source): Promise<boolean>
  updateSource(
    organisationId: OrganisationId,
    id: SourceId,
    change: { readonly name?: string; readonly createsSubjects?: boolean },
  ): Promise<Source | undefined>

  find(organisationId: OrganisationId, id: EventId): Promise<EventRow | undefined>
  list(
    organisationId: OrganisationId,
    page: PageRequest,
    filter: { readonly state?: EventState; readonly subjectId?: SubjectId },
  ): Promise<Page<EventRow>>
  counts(organisationId: OrganisationId): Promise<Readonly<Record<EventState, number>>>
  /** The event types that its sources have sent so far. */
  types(organisationId: OrganisationId): Promise<readonly string[]>
  /** Lets a quarantined event go on, now that its person is known. */
  release(organisationId: OrganisationId, id: EventId, subjectId: SubjectId): Promise<boolean>
}
