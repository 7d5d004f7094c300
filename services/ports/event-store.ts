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
  /** Of an event that could not be evaluated: how often that was tried, and why it failed the last time. */
  readonly failure?: { readonly attempts: number; readonly code: string; readonly nextAt?: Instant }
}

export interface EventFilter {
  readonly state?: EventState
  readonly subjectId?: SubjectId
  readonly parked?: boolean
}

/** An event of one person's history, with the document that it was read from. */
export interface ReceivedEvent extends EventRow {
  readonly subjectId: SubjectId
  /** How it is theirs: `event.actor`, and the paths of rules by which it, or what it takes back, names them. */
  readonly recipients: readonly string[]
  readonly raw: Uint8Array
  readonly mediaType: string
  /** SHA-256 of the JCS of the document. */
  readonly digest: Uint8Array
}

/** An event in a line, for whoever reads a trace. */
export interface EventMention {
  readonly type: string
  readonly time: Instant
  readonly activity?: string
  readonly source: string
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
  /** The events of these ids, in no order; unknown ones are missing. */
  findMany(organisationId: OrganisationId, ids: readonly EventId[]): Promise<readonly EventRow[]>
  /** Whom an event names by paths of rules, and who is known. */
  named(
    organisationId: OrganisationId,
    id: EventId,
  ): Promise<readonly { readonly subjectId: SubjectId; readonly path: string }[]>
  /** Those of these events that are there. */
  mentions(
    organisationId: OrganisationId,
    ids: readonly EventId[],
  ): Promise<ReadonlyMap<EventId, EventMention>>
  /**
   * The history of one person, as it was received: what they did, what names them by a path of a rule, and what takes
   * either back. Each event once, quarantined ones left out, newest first.
   */
  received(
    organisationId: OrganisationId,
    subjectId: SubjectId,
    page: PageRequest,
  ): Promise<Page<ReceivedEvent>>
  list(organisationId: OrganisationId, page: PageRequest, filter: EventFilter): Promise<Page<EventRow>>
  counts(organisationId: OrganisationId): Promise<Readonly<Record<EventState, number>>>
  /** The event types that its sources have sent so far. */
  types(organisationId: OrganisationId): Promise<readonly string[]>
  /** Puts a parked event back, as if it had just come. False, and no change, when it is not parked. */
  retry(organisationId: OrganisationId, id: EventId): Promise<boolean>
  /** The same with up to `limit` parked events, of one error or one type. Answers how many there were. */
  retryParked(
    organisationId: OrganisationId,
    of: { readonly code?: string; readonly type?: string },
    limit: number,
  ): Promise<number>
  /** Lets a quarantined event go on, now that its person is known. */
  release(organisationId: OrganisationId, id: EventId, subjectId: SubjectId): Promise<boolean>
}
