import type { CohortId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import type { Page, PageRequest } from './page.ts'

export interface Cohort {
  readonly organisationId: OrganisationId
  readonly id: CohortId
  readonly slug: string
  readonly name: LocalisedText
  readonly createdAt: Instant
}

/** Where the events about a person and a cohort have led. */
export interface CohortMember {
  readonly subjectId: SubjectId
  readonly isMember: boolean
  readonly since: Instant
}

export interface CohortStore {
  /** False, and no change, when the organisation has a cohort of that slug. */
  insert(cohort: Cohort): Promise<boolean>
  find(organisationId: OrganisationId, slug: string): Promise<Cohort | undefined>
  rename(organisationId: OrganisationId, slug: string, name: LocalisedText): Promise<Cohort | undefined>
  list(organisationId: OrganisationId, page: PageRequest): Promise<Page<Cohort>>
  /** Ids by slug. */
  all(organisationId: OrganisationId): Promise<ReadonlyMap<string, CohortId>>
  countMembers(
    organisationId: OrganisationId,
    ids: readonly CohortId[],
  ): Promise<ReadonlyMap<CohortId, number>>
  /** Those who are in it now, the last change first. */
  members(organisationId: OrganisationId, id: CohortId, page: PageRequest): Promise<Page<CohortMember>>
  setMembers(
    organisationId: OrganisationId,
    id: CohortId,
    members: readonly CohortMember[],
    at: Instant,
  ): Promise<void>
}
