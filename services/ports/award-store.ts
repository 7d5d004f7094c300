import type { AwardCorrection } from '#engine/awards/award-correction.ts'
import type { AwardEvidence } from '#engine/awards/award-evidence.ts'
import type { Approval, AwardGate } from '#engine/awards/award-gate.ts'
import type { AwardState } from '#engine/awards/award-life.ts'
import type { AwardResult } from '#engine/awards/award-results.ts'
import type { SubjectParticulars } from '#engine/credentials/subject-particulars.ts'
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
  /** What stands between it and its credential; nothing, or one person, when absent. */
  readonly gate?: AwardGate
  /** What the credential says beside the achievement: known when it is granted, so that issuing reads no event. */
  readonly results?: readonly AwardResult[]
  readonly evidence?: readonly AwardEvidence[]
  /** Why this person: Markdown. */
  readonly narrative?: string
  readonly particulars?: SubjectParticulars
  /** When the badge is over by itself. */
  readonly validUntil?: Instant
  /** The award whose place it takes once it is issued, where somebody renewed that one by hand. */
  readonly renews?: AwardId
  readonly issuedAt?: Instant
  readonly endedAt?: Instant
  readonly reason?: string
  readonly parkedAt?: Instant
  /** Counts its changes, from 1 on. */
  readonly revision: number
  /** Since when the bit of its current edition is set for the time being. */
  readonly suspendedAt?: Instant
  /** What its later editions say in place of what it was granted with. */
  readonly correction?: AwardCorrection
}

/** What is granted has not been changed yet. */
export type NewAward = Omit<Award, 'revision' | 'suspendedAt' | 'correction'>

/** Which awards: those that meet all that is said. */
export interface AwardSelection {
  readonly awardIds?: readonly AwardId[]
  readonly achievementId?: AchievementId
  readonly achievementVersionId?: AchievementVersionId
  readonly issuerId?: IssuerId
  readonly ruleId?: RuleId
  readonly ruleVersionId?: RuleVersionId
  readonly states?: readonly AwardState[]
  /** When they were granted: from, and before. */
  readonly grantedFrom?: Instant
  readonly grantedBefore?: Instant
}

export interface AwardStore {
  /**
   * Inserts awards. One whose (rule, subject, occurrence) is taken is left out: the unique constraint decides, and an
   * award that was taken back takes no place. Gives back the ids that went in.
   */
  grant(awards: readonly NewAward[]): Promise<readonly AwardId[]>
  find(id: AwardId): Promise<Award | undefined>
  findMany(ids: readonly AwardId[]): Promise<readonly Award[]>
  /** Finds it, and lets nobody else change it until the transaction ends. */
  lock(id: AwardId): Promise<Award | undefined>
  /** The same of many, in the order of their ids: whoever locks others of them does not wait in a circle. */
  lockMany(ids: readonly AwardId[]): Promise<readonly Award[]>
  /** The one that is not taken back. */
  findByOccurrence(ruleId: RuleId, subjectId: SubjectId, occurrence: string): Promise<Award | undefined>
  list(
    organisationId: OrganisationId,
    page: PageRequest,
    filter: {
      readonly state?: AwardState
      readonly subjectId?: SubjectId
      readonly achievementId?: AchievementId
      /** Of no other achievements than these. */
      readonly among?: readonly AchievementId[] | undefined
    },
  ): Promise<Page<Award>>
  /** By their ids, `limit` at most. */
  select(organisationId: OrganisationId, selection: AwardSelection, limit: number): Promise<readonly Award[]>
  counts(organisationId: OrganisationId): Promise<Readonly<Record<string, number>>>
  /** Compare and set: false, and no change, when the state is not one of `from` any more. */
  move(
    id: AwardId,
    from: readonly AwardState[],
    to: AwardState,
    when: {
      readonly issuedAt?: Instant
      readonly endedAt?: Instant
      readonly reason?: string
      readonly validUntil?: Instant
      /** The rule may award the same occasion again. */
      readonly isTakenBack?: boolean
    },
  ): Promise<boolean>
  /** Moves awards that are `due` to `issued`, each with its end; the ids of those that were. */
  moveToIssued(awards: readonly Pick<Award, 'id' | 'validUntil'>[], at: Instant): Promise<readonly AwardId[]>

  /** Keeps what people changed of an award that they have locked, and counts it. Undefined leaves a member as it is. */
  change(
    id: AwardId,
    change: {
      readonly correction?: AwardCorrection
      readonly validUntil?: Instant
      /** Null: it is suspended no longer. */
      readonly suspendedAt?: Instant | null
      /** Of one that was taken back: its rule cannot award the same occasion again from now on. */
      readonly takesPlace?: true
    },
  ): Promise<void>
  /** The award that renews this one by hand, unless it came to nothing; one that is being reinstated did not. */
  renewalOf(id: AwardId): Promise<AwardId | undefined>
  /** The same of many, by the award that is renewed. */
  renewalsOf(ids: readonly AwardId[]): Promise<ReadonlyMap<AwardId, AwardId>>
  /**
   * Claims issued awards whose end is as near as their organisation wants to remind of, and notes that they were
   * reminded: each once for each of the days. None that is renewed or suspended, or that was issued nearer to its end.
   */
  claimEnding(limit: number, now: Instant): Promise<readonly Award[]>
  /**
   * Another award that has the place of this one: of its occasion, or anywhere in the line of those that renew each other,
   * by a rule or by hand. One that is being reinstated has it too. Keep the person locked until what follows is saved.
   */
  standingBeside(award: Award): Promise<AwardId | undefined>

  /** What people said about an award, oldest first. */
  approvals(id: AwardId): Promise<readonly Approval[]>
  /** The same of many; none of awards of which nobody said anything. */
  approvalsOfMany(ids: readonly AwardId[]): Promise<ReadonlyMap<AwardId, readonly Approval[]>>
  /** One row a person. A second yes changes nothing (false); a no takes the place of a yes. */
  saveApproval(award: Award, approval: Approval): Promise<boolean>

  /** Moves up to `limit` awards that are over from `issued` to `expired`, each once (`FOR UPDATE SKIP LOCKED`). */
  expire(limit: number, now: Instant): Promise<readonly Award[]>
  /**
   * Of the badges that one rule gave one person and renewed (`once`, `renewal:1`, …) the newest that is issued stays;
   * the others that are issued become `superseded`, with those that renewed them by hand. In whichever order they are issued, one is left.
   */
  supersede(
    organisationId: OrganisationId,
    of: { readonly ruleId: RuleId; readonly subjectId: SubjectId },
    at: Instant,
  ): Promise<readonly AwardId[]>
  /**
   * Those of these awards, made by rules, whose rule gave the person another badge that is issued or was superseded: for the
   * others `supersede` has nothing to do. Keeps its locks of all of them until the transaction ends.
   */
  lockForSuperseding(awards: readonly Award[]): Promise<readonly AwardId[]>

  /** How many places of a rule are taken at this moment; the next may be taken in the next one. */
  countSlots(organisationId: OrganisationId, ruleId: RuleId): Promise<number>
  /**
   * How many places of these rules are taken. Nobody else takes one until the transaction ends, so the answer stays
   * true. Call it after the subjects are locked, and once for all rules: the locks are taken in sorted order.
   */
  takenSlots(organisationId: OrganisationId, ruleIds: readonly RuleId[]): Promise<ReadonlyMap<RuleId, number>>
  /**
   * Takes a place for each award, in the order given, as far as there are any; gives back the awards that have one.
   * However wrong a count was: the key and the cap forbid one more than `cap`. Taking again changes nothing.
   */
  takeSlots(
    organisationId: OrganisationId,
    rule: { readonly ruleId: RuleId; readonly cap: number },
    awardIds: readonly AwardId[],
  ): Promise<readonly AwardId[]>
  /** Gives the places of awards back that were never to be. */
  freeSlots(awardIds: readonly AwardId[]): Promise<void>

  /**
   * Claims awards in state `due` (`FOR UPDATE SKIP LOCKED`) until a moment, in turns by organisation and there the oldest
   * first: a worker that dies meanwhile leaves them to the next one, and an organisation with many holds up no other.
   */
  claimDue(limit: number, now: Instant, until: Instant): Promise<readonly Award[]>
  /** Counts a failed attempt: tried again at `next`, or parked when `next` is undefined. */
  fail(
    id: AwardId,
    failure: { readonly error: string; readonly next?: Instant; readonly at: Instant },
  ): Promise<void>
  attempts(id: AwardId): Promise<number>
}
