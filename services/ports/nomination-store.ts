import type { AchievementId, EventId, NominationId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Page, PageRequest } from './page.ts'

export interface Nomination {
  readonly organisationId: OrganisationId
  readonly id: NominationId
  readonly achievementId: AchievementId
  readonly subjectId: SubjectId
  /** A person of the organisation as well. */
  readonly nominatorId: SubjectId
  /** How often it was made, counting from 1: once, and again each time after it had been withdrawn. */
  readonly round: number
  readonly reason?: string
  readonly eventId: EventId
  readonly nominatedAt: Instant
  readonly withdrawnAt?: Instant
}

export interface NominationStore {
  /** The one of an achievement, a person and a nominator, withdrawn or not. */
  findSame(
    organisationId: OrganisationId,
    key: Pick<Nomination, 'achievementId' | 'subjectId' | 'nominatorId'>,
  ): Promise<Nomination | undefined>
  find(organisationId: OrganisationId, id: NominationId): Promise<Nomination | undefined>
  /** Writes it, or writes over the one that was withdrawn. */
  save(nomination: Nomination): Promise<void>
  /** Withdraws the one of an event, and erases its reason. */
  withdraw(organisationId: OrganisationId, eventId: EventId, at: Instant): Promise<void>
  list(
    organisationId: OrganisationId,
    page: PageRequest,
    filter: { readonly subjectId?: SubjectId; readonly achievementId?: AchievementId },
  ): Promise<Page<Nomination>>
}
