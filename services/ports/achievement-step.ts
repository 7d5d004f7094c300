import type { AchievementVersionId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** One thing that was done with a version, or said of it. */
export interface AchievementStep {
  readonly organisationId: OrganisationId
  readonly id: string
  readonly versionId: AchievementVersionId
  readonly kind: 'submitted' | 'commented' | 'approved' | 'returned' | 'published' | 'retired' | 'withdrawn'
  /** The edit of the draft that it is about. */
  readonly revision: number
  readonly text?: string
  /** `account:ID` or `key:ID`. */
  readonly actor: string
  readonly at: Instant
}
