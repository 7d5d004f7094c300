import type {
  AchievementId,
  AchievementShareId,
  AchievementVersionId,
  OrganisationId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Organisation } from './organisation-store.ts'
import type { Page, PageRequest } from './page.ts'

/** A version of an achievement is shown to another organisation, or may be copied by it. */
export interface AchievementShare {
  /** Whose it is. */
  readonly organisationId: OrganisationId
  readonly id: AchievementShareId
  readonly achievementId: AchievementId
  readonly versionId: AchievementVersionId
  readonly withOrganisation: OrganisationId
  readonly kind: 'view' | 'copy'
  readonly sharedBy: string
  readonly sharedAt: Instant
  readonly withdrawnAt?: Instant
}

export interface ShareStore {
  insert(share: AchievementShare): Promise<void>
  find(id: AchievementShareId): Promise<AchievementShare | undefined>
  /** All that were ever made of an achievement, oldest first. */
  ofAchievement(
    organisationId: OrganisationId,
    achievementId: AchievementId,
  ): Promise<readonly AchievementShare[]>
  /** Across organisations, for workers only: those that are open, newest first. */
  withOrganisation(organisationId: OrganisationId, page: PageRequest): Promise<Page<AchievementShare>>
  /** False, and no change, when it was withdrawn before. */
  withdraw(share: AchievementShare, by: string, at: Instant): Promise<boolean>
  /** Across organisations, for workers only: by its id or its slug. */
  organisationNamed(idOrSlug: string): Promise<Organisation | undefined>
}
