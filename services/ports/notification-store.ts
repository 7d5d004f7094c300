import type { Right } from '#engine/access/rights.ts'
import type { DigestCadence, DigestSetting } from '#engine/notifications/digest-period.ts'
import type { NotificationPreference } from '#engine/notifications/notification-kind.ts'
import type { NotificationKindName } from '#engine/notifications/notification-kinds.ts'
import type { AccountId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Page, PageRequest } from './page.ts'

export interface Notification {
  readonly organisation: { readonly id: OrganisationId; readonly slug: string; readonly name: string }
  readonly id: string
  readonly accountId: AccountId
  readonly kind: NotificationKindName
  readonly data: JsonObject
  readonly createdAt: Instant
  readonly readAt?: Instant
}

/** Whether a notification goes out by mail: not at all, it has gone out, or it waits for a digest. */
export type NotificationMail = 'none' | 'mailed' | DigestCadence

/** Something waits for a digest of somebody, since when. */
export interface WaitingDigest {
  readonly accountId: AccountId
  readonly cadence: DigestCadence
  readonly oldest: Instant
  readonly setting?: DigestSetting
}

/** What people are told. Triggers write it; but for `tellHolders` all of it is for workers, by account. */
export interface NotificationStore {
  /**
   * What somebody sees, newest first: kinds that they want in the application, and those for members only of
   * organisations to which they still belong.
   */
  list(
    accountId: AccountId,
    page: PageRequest,
    filter: { readonly unread: boolean },
  ): Promise<Page<Notification>>
  countUnread(accountId: AccountId): Promise<number>
  /** False where it is not theirs. */
  markRead(accountId: AccountId, id: string, at: Instant): Promise<boolean>
  markAllRead(accountId: AccountId, at: Instant): Promise<void>

  /** Tells all who hold a right on the whole organisation. */
  tellHolders(told: {
    readonly organisationId: OrganisationId
    readonly right: Right
    readonly kind: NotificationKindName
    readonly data: JsonObject
  }): Promise<void>

  /** The oldest of which nobody has decided whether it goes out by mail, locked until the commit. */
  takeOpen(): Promise<Notification | undefined>
  /** No mail could be made of one: it is set aside, unless somebody else has decided of it meanwhile. */
  parkOpen(id: string, code: string): Promise<void>
  /** The same with all that waits for a digest. Answers how many that are. */
  parkWaiting(accountId: AccountId, cadence: DigestCadence, code: string): Promise<number>
  countParked(organisationId: OrganisationId): Promise<number>
  decideMail(ids: readonly string[], mail: NotificationMail): Promise<void>

  preferences(accountId: AccountId): Promise<ReadonlyMap<NotificationKindName, NotificationPreference>>
  /** What waits for a digest follows. */
  setPreference(
    accountId: AccountId,
    kind: NotificationKindName,
    preference: NotificationPreference,
  ): Promise<void>
  digestSetting(accountId: AccountId): Promise<DigestSetting | undefined>
  setDigestSetting(accountId: AccountId, setting: DigestSetting): Promise<void>

  waitingDigests(): Promise<readonly WaitingDigest[]>
  /** False where the digest of this period was made before. Nobody else makes it until the commit. */
  beginDigest(digest: {
    readonly accountId: AccountId
    readonly cadence: DigestCadence
    /** `2026-11-26`. */
    readonly period: string
    readonly mailId: string
    readonly at: Instant
  }): Promise<boolean>
  /** What waits for a digest, from before a moment, oldest first and locked. */
  takeWaiting(
    accountId: AccountId,
    cadence: DigestCadence,
    before: Instant,
    limit: number,
  ): Promise<readonly Notification[]>
  /** Forgets some from before a moment, with digests: whether more may be left. */
  forget(before: Instant): Promise<boolean>
}
