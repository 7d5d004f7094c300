import type { Identifier } from '#engine/events/identifier.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { EventId, SourceId, SubjectId, UnitId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/**
 * The way of events into the database, in one transaction of one organisation: apart from the other stores, because
 * it is walked most often of all, and what it costs are its round trips.
 */
export interface EventIntake {
  /** Whatever is known of these sources and people, in one question. */
  look(uris: readonly string[], people: readonly Identifier[]): Promise<IntakeKnowledge>
  /** Makes sources with `createsSubjects` on; where another transaction was faster, theirs is returned. By URI. */
  createSources(
    wanted: readonly { readonly id: SourceId; readonly uri: string }[],
  ): Promise<ReadonlyMap<string, IntakeSource>>
  /** Makes subjects; where another transaction was faster, theirs is returned. By `identifierText`. */
  createSubjects(
    wanted: readonly { readonly id: SubjectId; readonly identifier: Identifier }[],
  ): Promise<ReadonlyMap<string, SubjectId>>
  /** Whose the events of these keys are, by `SOURCE_ID:SOURCE_EVENT_ID`; unknown ones are missing from the map. */
  subjectsOf(
    keys: readonly { readonly sourceId: SourceId; readonly sourceEventId: string }[],
  ): Promise<ReadonlyMap<string, SubjectId>>
  /**
   * Takes the keys, unique by (organisation, source, source's event id), and stores the events whose key was free.
   * From here on, whoever sends the same event again is told so. Answers in the order given.
   */
  store(events: readonly NewEvent[], receivedAt: Instant): Promise<readonly KeyAnswer[]>
}

export interface IntakeKnowledge {
  /** Undefined: there is no such organisation. */
  readonly rootUnit: UnitId | undefined
  readonly sources: ReadonlyMap<string, IntakeSource>
  /** Canonical subjects by `identifierText`. */
  readonly subjects: ReadonlyMap<string, SubjectId>
}

export interface IntakeSource {
  readonly id: SourceId
  /** Whether its events may make a person known who was not. */
  readonly createsSubjects: boolean
}

export interface NewEvent {
  readonly id: EventId
  readonly sourceId: SourceId
  readonly subjectId?: SubjectId
  readonly quarantineCode?: string
  readonly event: LearningEvent
  readonly raw: Uint8Array
  readonly mediaType: string
  readonly digest: Uint8Array
}

/** What became of the key of an event: `fresh`, or taken by an earlier event with this digest. */
export type KeyAnswer =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'taken'; readonly eventId: EventId; readonly digest: Uint8Array }
