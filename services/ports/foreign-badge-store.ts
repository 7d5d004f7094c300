import type { EventId, ForeignBadgeId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** A badge that somebody else has signed and a person of the organisation holds. */
export interface ForeignBadge {
  readonly organisationId: OrganisationId
  readonly id: ForeignBadgeId
  readonly subjectId: SubjectId
  /** SHA-256 of issuer and id: what makes two documents the same badge. */
  readonly key: Uint8Array
  readonly issuer: string
  readonly credential: string
  readonly achievement: string
  readonly digest: Uint8Array
  readonly validFrom: Instant
  readonly validUntil?: Instant
  /** How often it was recorded, counting from 1: once, and again each time after it had been taken back. */
  readonly round: number
  readonly eventId: EventId
  readonly recordedAt: Instant
  readonly checkedAt: Instant
  readonly takenBackAt?: Instant
}

/** The document as it came. */
export interface ForeignDocument {
  readonly bytes: Uint8Array
  readonly mediaType: string
}

export interface ForeignBadgeStore {
  /** Whoever else looks for the same one waits until this transaction ends: two people may be given it at once. */
  findSame(organisationId: OrganisationId, key: Uint8Array): Promise<ForeignBadge | undefined>
  find(organisationId: OrganisationId, id: ForeignBadgeId): Promise<ForeignBadge | undefined>
  document(organisationId: OrganisationId, id: ForeignBadgeId): Promise<ForeignDocument | undefined>
  ofSubject(organisationId: OrganisationId, subjectId: SubjectId): Promise<readonly ForeignBadge[]>
  /** Writes it, or writes over the one of its id that was taken back. */
  save(badge: ForeignBadge, document: ForeignDocument): Promise<void>
  checked(organisationId: OrganisationId, id: ForeignBadgeId, at: Instant): Promise<void>
  /** The fact of an event was taken back. */
  takeBack(organisationId: OrganisationId, eventId: EventId, at: Instant): Promise<void>
}
