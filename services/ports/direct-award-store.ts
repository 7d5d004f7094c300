import type { GivenEvidence } from '#engine/awards/award-evidence.ts'
import type { AwardResult } from '#engine/awards/award-results.ts'
import type { SubjectParticulars } from '#engine/credentials/subject-particulars.ts'
import type { DirectAwardPolicy } from '#engine/direct-awards/direct-award-schedule.ts'
import type { DirectAwardStanding, DirectAwardState } from '#engine/direct-awards/direct-award-state.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import type { MailTrouble } from '#engine/notifications/mail-trouble.ts'
import type {
  AchievementId,
  AchievementVersionId,
  AwardId,
  DirectAwardBundleId,
  DirectAwardId,
  IssuerId,
  OrganisationId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Page, PageRequest } from './page.ts'

/** What is said of this person and no other. Ends up in the credential, but for the message. */
export interface DirectAwardContent {
  /** Of the mails. */
  readonly language: string
  /** Why this person: Markdown. */
  readonly narrative?: string
  readonly evidence?: readonly GivenEvidence[]
  readonly results?: readonly AwardResult[]
  readonly particulars?: SubjectParticulars
  /** To the earner, in the mail and nowhere else. */
  readonly message?: string
}

/** The ways to take it home. Whoever holds one of them is let in by it; kept as hashes, and sealed for reminders. */
export interface DirectAwardSecrets {
  /** Of the mailed link: of an award to an address. */
  readonly token?: { readonly hash: Uint8Array; readonly sealed: Uint8Array }
  readonly code: { readonly hash: Uint8Array; readonly sealed: Uint8Array }
}

export interface DirectAward extends DirectAwardContent {
  readonly organisationId: OrganisationId
  readonly id: DirectAwardId
  readonly issuerId: IssuerId
  readonly achievementId: AchievementId
  readonly achievementVersionId: AchievementVersionId
  /** Once `pseudonymisedAt` is there, its value is a keyed hash. */
  readonly identifier: Identifier
  readonly standing: DirectAwardStanding
  readonly policy: DirectAwardPolicy
  /** `account:ID` or `key:ID`. */
  readonly createdBy: string
  readonly createdAt: Instant
  /** When it is or was to be sent. */
  readonly scheduledAt: Instant
  readonly sentAt?: Instant
  readonly expiresAt?: Instant
  readonly reason?: string
  readonly awardId?: AwardId
  readonly bundle?: { readonly id: DirectAwardBundleId; readonly row: number }
  readonly reminded: number
  /** How many mails were written about it. */
  readonly mails: number
  readonly pseudonymisedAt?: Instant
  /** Why its newest mail did not arrive, where somebody looks and that is known. */
  readonly mailTrouble?: MailTrouble
  readonly secrets?: DirectAwardSecrets
  /** Counts the changes, for If-Match. */
  readonly revision: number
}

export interface DirectAwardFilter {
  readonly state?: DirectAwardState
  readonly achievementId?: AchievementId
  /** Of no other achievements than these. */
  readonly among?: readonly AchievementId[] | undefined
  readonly bundleId?: DirectAwardBundleId
  /** Values of an identifier, whatever its type: as it was sent to, or as it stands there later. */
  readonly identifiers?: readonly string[]
}

/** How many there are in each state, and how many of those that are revoked had been claimed. */
export type DirectAwardCounts = Readonly<Record<DirectAwardState, number>> & {
  readonly revokedAfterClaim: number
}

export interface DirectAwardStore {
  /** False, and no change, where the same badge is on offer to the same identifier. */
  insert(award: DirectAward): Promise<boolean>
  find(id: DirectAwardId): Promise<DirectAward | undefined>
  /** Finds it, and lets nobody else change it until the transaction ends. */
  lock(id: DirectAwardId): Promise<DirectAward | undefined>
  findByToken(tokenHash: Uint8Array): Promise<DirectAward | undefined>
  findByCode(codeHash: Uint8Array): Promise<DirectAward | undefined>
  /** The one that is `scheduled` or `unaccepted`, locked as by `lock`. */
  lockOpen(
    organisationId: OrganisationId,
    achievementId: AchievementId,
    identifier: Identifier,
  ): Promise<DirectAward | undefined>
  /** Which of these have a badge on offer, by `identifierText`. */
  openAmong(
    organisationId: OrganisationId,
    achievementId: AchievementId,
    identifiers: readonly Identifier[],
  ): Promise<ReadonlySet<string>>
  /** Those on offer to any of these identifiers, of whatever organisation. For a worker. */
  offeredTo(identifiers: readonly Identifier[], now: Instant): Promise<readonly DirectAward[]>
  /** Writes it as it is now, with its revision counted on. Only of one that is locked. */
  save(award: DirectAward): Promise<DirectAward>
  list(
    organisationId: OrganisationId,
    page: PageRequest,
    filter: DirectAwardFilter,
  ): Promise<Page<DirectAward>>
  counts(organisationId: OrganisationId, filter: Omit<DirectAwardFilter, 'state'>): Promise<DirectAwardCounts>
  /**
   * Claims up to `limit` of which something is due, each for one worker (`FOR UPDATE SKIP LOCKED`): organisations take
   * turns, beginning behind `last`, and of each the latest go first.
   */
  claimDue(limit: number, now: Instant, last: OrganisationId | undefined): Promise<readonly DirectAward[]>
  /** Not to be looked at for a while, longer each time: its step failed. */
  postpone(id: DirectAwardId, now: Instant): Promise<void>

  /** Undefined where the organisation has decided nothing. */
  policy(
    organisationId: OrganisationId,
  ): Promise<{ readonly policy: DirectAwardPolicy; readonly revision: number } | undefined>
  /** Compare and set by revision, 1 where nothing was decided; false, and no change, when somebody was faster. */
  savePolicy(organisationId: OrganisationId, revision: number, policy: DirectAwardPolicy): Promise<boolean>
}
