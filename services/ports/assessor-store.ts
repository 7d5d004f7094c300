import type { MandateTerms } from '#engine/achievements/assessor-mandate.ts'
import type {
  AccountId,
  AchievementId,
  AssessorMandateId,
  InvitationId,
  OrganisationId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** Somebody may assess for an achievement. */
export interface AssessorMandate extends MandateTerms {
  readonly organisationId: OrganisationId
  readonly id: AssessorMandateId
  readonly achievementId: AchievementId
  readonly accountId?: AccountId
  /** Where the assessor was no member yet: it became the mandate of whoever accepted. */
  readonly invitationId?: InvitationId
  /** By which the person was named, in lower case. */
  readonly address: string
  readonly name: string
  readonly qualification: string
  readonly evidenceUrl?: string
  /** The assessor agreed to stand on the public page by name. */
  readonly showsName: boolean
  readonly givenBy: string
  readonly givenAt: Instant
  readonly end?: { readonly at: Instant; readonly by: string; readonly reason: string }
}

export interface AssessorStore {
  insert(mandate: AssessorMandate): Promise<void>
  /** The mandates that wait for an invitation are from now on those of who accepted it. */
  accepted(organisationId: OrganisationId, invitationId: InvitationId, accountId: AccountId): Promise<void>
  find(organisationId: OrganisationId, id: AssessorMandateId): Promise<AssessorMandate | undefined>
  /** All that were ever given, oldest first. */
  ofAchievement(
    organisationId: OrganisationId,
    achievementId: AchievementId,
  ): Promise<readonly AssessorMandate[]>
  /** Whether a mandate that nobody ended waits for this invitation. */
  isAwaited(organisationId: OrganisationId, invitationId: InvitationId): Promise<boolean>
  /** False, and no change, when somebody has ended it before. */
  end(mandate: AssessorMandate, end: NonNullable<AssessorMandate['end']>): Promise<boolean>
  showName(mandate: AssessorMandate, showsName: boolean): Promise<void>
  /**
   * Across organisations: ends the wait of those whose invitation came to nothing, at most so many. A mandate that a person
   * ended, or whose time is over, waits for nothing.
   */
  expireInvited(
    limit: number,
    now: Instant,
  ): Promise<readonly Pick<AssessorMandate, 'organisationId' | 'id'>[]>
}
