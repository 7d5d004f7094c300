import type {
  AchievementId,
  AchievementVersionId,
  LeafId,
  OrganisationId,
  RuleId,
  RuleVersionId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

export interface Rule {
  readonly organisationId: OrganisationId
  readonly id: RuleId
  readonly achievementId: AchievementId
  readonly name: string
  readonly createdAt: Instant
}

export interface RuleVersion {
  readonly organisationId: OrganisationId
  readonly id: RuleVersionId
  readonly ruleId: RuleId
  readonly version: number
  readonly state: 'draft' | 'shadow' | 'active' | 'paused' | 'retired'
  /** The rule document as its author sent it. */
  readonly source: Uint8Array
  /** The canonical resolved document, from activation on. */
  readonly resolved?: Uint8Array
  readonly digest?: Uint8Array
  readonly achievementVersionId?: AchievementVersionId
  readonly author: string
  readonly approver?: string
  readonly leafId?: LeafId
  readonly activatedAt?: Instant
  readonly shadowSince?: Instant
  /** When it was paused for the first time: of what came from then on it may have missed something. */
  readonly pausedAt?: Instant
  readonly resumedAt?: Instant
}

export interface RuleStore {
  /** Lets nobody else change the lineage until the transaction ends, so that its versions are counted one by one. */
  lock(id: RuleId): Promise<void>
  insert(rule: Rule): Promise<void>
  find(id: RuleId): Promise<Rule | undefined>
  list(organisationId: OrganisationId): Promise<readonly Rule[]>
  insertVersion(version: RuleVersion): Promise<void>
  versions(ruleId: RuleId): Promise<readonly RuleVersion[]>
  findVersion(id: RuleVersionId): Promise<RuleVersion | undefined>
  versionsOf(organisationId: OrganisationId): Promise<readonly RuleVersion[]>
  /** Compare and set: false, and no change, when the state is not `from` any more. */
  move(id: RuleVersionId, from: RuleVersion['state'], to: RuleVersion['state']): Promise<boolean>
  /** Says that a version decides no more. A later pause changes nothing: a backfill since may not have come to everybody. */
  markPaused(id: RuleVersionId, at: Instant): Promise<void>
  /** Says since when a version that was paused decides again. */
  markResumed(id: RuleVersionId, at: Instant): Promise<void>
  /** Lets a draft look at live events, beside the active version. False, and no change, when it is no draft any more. */
  startShadow(
    id: RuleVersionId,
    resolution: {
      readonly resolved: Uint8Array
      readonly digest: Uint8Array
      readonly achievementVersionId: AchievementVersionId
      readonly at: Instant
    },
  ): Promise<boolean>
  activate(
    id: RuleVersionId,
    resolution: {
      readonly resolved: Uint8Array
      readonly digest: Uint8Array
      readonly achievementVersionId: AchievementVersionId
      readonly approver: string
      readonly leafId: LeafId
      readonly at: Instant
    },
  ): Promise<boolean>
  /** Versions in force (active or shadow) of these organisations, and how long badges by them are valid. */
  inForce(
    organisationIds: readonly OrganisationId[],
  ): Promise<readonly (RuleVersion & { readonly achievementId: AchievementId; readonly validFor?: string })[]>
}
