import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import type { AchievementId, AchievementVersionId, IssuerId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import type { AchievementStep } from './achievement-step.ts'
import type { Page, PageRequest } from './page.ts'

export interface Achievement {
  readonly organisationId: OrganisationId
  readonly id: AchievementId
  readonly issuerId: IssuerId
  readonly slug: string
  readonly createdAt: Instant
  readonly listing: Listing
  /** Of a copy: where it comes from, as that was then. */
  readonly copiedFrom?: CopyOrigin
}

/** Whether the catalogue shows it, and whether every organisation may copy it from there. */
export type Listing = 'unlisted' | 'listed' | 'copyable'

export interface CopyOrigin {
  readonly organisationId: string
  readonly organisationName: string
  readonly achievementId: string
  readonly version: number
  /** SHA-256 of the published document, in hexadecimal. */
  readonly digest: string
}

interface VersionBase {
  readonly organisationId: OrganisationId
  readonly id: AchievementVersionId
  readonly achievementId: AchievementId
  readonly version: number
  readonly definition: AchievementDefinition
  /** Counts edits of a draft, for If-Match. */
  readonly revision: number
  /** `account:ID` or `key:ID` of everybody who wrote on it. */
  readonly authors: readonly string[]
}

export type AchievementVersion =
  | (VersionBase & { readonly state: 'draft' | 'in_review' | 'approved' })
  | (VersionBase & {
      readonly state: 'published' | 'retired' | 'withdrawn'
      /** The Achievement document, byte for byte as served. */
      readonly document: Uint8Array
      /** SHA-256 of those bytes. */
      readonly digest: Uint8Array
      readonly publishedAt: Instant
      readonly frozenAt?: Instant
      /** How a person ended it. One that gave way to a newer version was not ended by a person. */
      readonly end?: { readonly at: Instant; readonly reason?: string }
    })

export type PublishedVersion = Extract<AchievementVersion, { state: 'published' | 'retired' | 'withdrawn' }>

/** What a list that holds ids needs of an achievement, and a choice among them. */
export interface AchievementName {
  readonly id: AchievementId
  readonly issuerId: IssuerId
  readonly slug: string
  readonly createdAt: Instant
  /** Of its newest version. */
  readonly name: LocalisedText
  readonly language: string
  readonly published?: { readonly id: AchievementVersionId; readonly version: number }
}

export interface AchievementStore {
  /** Lets nobody else change its versions until the transaction ends, so that they are counted one by one. */
  lock(id: AchievementId): Promise<void>
  /** False, and no change, when the organisation has an achievement of that slug. */
  insert(achievement: Achievement): Promise<boolean>
  find(id: AchievementId): Promise<Achievement | undefined>
  findMany(ids: readonly AchievementId[]): Promise<readonly Achievement[]>
  list(organisationId: OrganisationId): Promise<readonly Achievement[]>
  /** The oldest first. `among`: no others than these. */
  page(
    organisationId: OrganisationId,
    page: PageRequest,
    filter?: { readonly among?: readonly AchievementId[] | undefined },
  ): Promise<Page<Achievement>>
  /** The same with what they are called and no more. */
  names(
    organisationId: OrganisationId,
    page: PageRequest,
    filter?: { readonly among?: readonly AchievementId[] | undefined },
  ): Promise<Page<AchievementName>>
  bySlugs(organisationId: OrganisationId, slugs: readonly string[]): Promise<readonly Achievement[]>

  setListing(id: AchievementId, listing: Listing): Promise<void>

  insertVersion(version: AchievementVersion): Promise<void>
  versions(achievementId: AchievementId): Promise<readonly AchievementVersion[]>
  /** Of many, each one's in their order. */
  versionsOfAll(achievementIds: readonly AchievementId[]): Promise<readonly AchievementVersion[]>
  version(id: AchievementVersionId): Promise<AchievementVersion | undefined>
  findVersions(ids: readonly AchievementVersionId[]): Promise<readonly AchievementVersion[]>
  published(achievementIds: readonly AchievementId[]): Promise<readonly PublishedVersion[]>
  /** Compare and set by revision; false, and no change, when somebody was faster or the version is no draft. */
  replaceDraft(
    id: AchievementVersionId,
    revision: number,
    definition: AchievementDefinition,
    author: string,
  ): Promise<boolean>
  /** Compare and set; false, and no change, when the state is not `from` any more. */
  move(
    id: AchievementVersionId,
    from: AchievementVersion['state'],
    to: 'draft' | 'in_review' | 'approved',
  ): Promise<boolean>
  /** Ends a published version, or withdraws one that retired. Compare and set, as `move`. */
  end(
    id: AchievementVersionId,
    from: PublishedVersion['state'],
    to: 'retired' | 'withdrawn',
    end: { readonly at: Instant; readonly reason?: string },
  ): Promise<boolean>
  /** Publishes a version and retires the one published before it. Compare and set, as `move`. */
  publish(
    id: AchievementVersionId,
    from: 'draft' | 'approved',
    publication: { readonly document: Uint8Array; readonly digest: Uint8Array; readonly at: Instant },
  ): Promise<boolean>
  /** Under the achievement's lock, so that steps are numbered one by one. */
  addStep(step: AchievementStep): Promise<void>
  /** Oldest first. */
  steps(id: AchievementVersionId): Promise<readonly AchievementStep[]>
  /** Freezes versions at their first award; doing it again changes nothing. */
  freeze(ids: readonly AchievementVersionId[], at: Instant): Promise<void>
}
