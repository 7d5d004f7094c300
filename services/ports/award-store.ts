import type {
  AchievementId,
  AchievementVersionId,
  AwardId,
  DecisionId,
  IssuerId,
  OrganisationId,
  RuleId,
  RuleVersionId,
  SubjectId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Page, PageRequest } from './page.ts'

export type AwardState =
  | 'granted'
  | 'awaiting_approval'
  | 'due'
  | 'issued'
  | 'revoked'
  | 'expired'
  | 'superseded'
  | 'refused'

export interface Award {
  readonly organisationId: OrganisationId
  readonly id: AwardId
  readonly issuerId: IssuerId
  readonly achievementId: AchievementId
  readonly achievementVersionId: AchievementVersionId
  readonly subjectId: SubjectId
  readonly state: AwardState
  /** What made it due: a decision of a rule, or a person. */
  readonly byRule?: {
    readonly ruleId: RuleId
    readonly ruleVersionId: RuleVersionId
    readonly occurrence: string
    readonly decisionId: DecisionId
  }
  /** Event time at which the criteria were met. */
  readonly awardedAt: Instant
  readonly grantedAt: Instant
  readonly issuedAt?: Instant
  readonly endedAt?: Instant
  readonly reason?: string
  readonly parkedAt?: Instant
}

export interface AwardStore {
  /**
   * Inserts awards. One whose (rule, subject, occurrence) is taken is left out: the unique constraint decides.
   * Gives back the ids that went in.
   */
  grant(awards: readonly Award[]): Promise<readonly AwardId[]>
  find(id: AwardId): Promise<Award | undefined>
  findByOccurrence(ruleId: RuleId, subjectId: SubjectId, occurrence: string): Promise<Award | undefined>
  list(
    organisationId: OrganisationId,
    page: PageRequest,
    filter: {
      readonly state?: AwardState
      readonly subjectId?: SubjectId
      readonly achievementId?: AchievementId
    },
  ): Promise<Page<Award>>
  counts(organisationId: OrganisationId): Promise<Readonly<Record<string, number>>>
  /** Compare and set: false, and no change, when the state is not one of `from` any more. */
  move(
    id: AwardId,
    from: readonly AwardState[],
    to: AwardState,
    when: { readonly issuedAt?: Instant; readonly endedAt?: Instant; readonly reason?: string },
  ): Promise<boolean>
  /**
   * Claims awards in state `due` (`FOR UPDATE SKIP LOCKED`), oldest first, until a moment: a worker that dies meanwhile
   * leaves them to the next one.
   */
  claimDue(limit: number, now: Instant, until: Instant): Promise<readonly Award[]>
  /** Counts a failed attempt: tried again at `next`, or parked when `next` is undefined. */
  fail(
    id: AwardId,
    failure: { readonly error: string; readonly next?: Instant; readonly at: Instant },
  ): Promise<void>
  attempts(id: AwardId): Promise<number>
}
