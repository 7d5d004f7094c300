import type { EvidenceEvent } from '#engine/decisions/decision-document.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { DecisionOutcome, EvaluationResult, Holding, NewDecision } from '#engine/rules/evaluation.ts'
import type { Trace } from '#engine/rules/trace.ts'
import type { AwardId, DecisionId, EventId, OrganisationId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LeafState } from '#engine/state/leaf-state.ts'
import type { Page, PageRequest } from './page.ts'

export interface ClaimedEvent {
  readonly organisationId: OrganisationId
  readonly receivedAt: Instant
  readonly event: StoredEvent
}

export interface DueTimer {
  readonly organisationId: OrganisationId
  readonly ruleId: RuleId
  readonly subjectId: SubjectId
  /** Fold the subject's whole history again, instead of looking at its states. */
  readonly rescan: boolean
}

/** What is known about some subjects, read under their locks. */
export interface SubjectKnowledge {
  readonly states: ReadonlyMap<string, LeafState>
  readonly outcomes: ReadonlyMap<string, DecisionOutcome>
  readonly holdings: ReadonlyMap<SubjectId, readonly Holding[]>
}

export interface Decision extends NewDecision {
  readonly id: DecisionId
  readonly decidedAt: Instant
  readonly awardId?: AwardId
  readonly trace: Trace
  /** The canonical decision document; missing for decisions from before documents were kept. */
  readonly document?: Uint8Array
}

/** A decision with the bytes that are digested of it. */
export interface DocumentedDecision extends Decision {
  readonly document: Uint8Array
}

export interface EvaluationStore {
  /** Claims up to `limit` waiting events (`FOR UPDATE SKIP LOCKED`), oldest first. */
  claimEvents(limit: number, now: Instant): Promise<readonly ClaimedEvent[]>
  claimTimers(limit: number, now: Instant): Promise<readonly DueTimer[]>
  /** Takes the advisory lock of each subject, in sorted order, until the transaction ends. */
  lockSubjects(organisationId: OrganisationId, subjectIds: readonly SubjectId[]): Promise<void>
  knowledge(organisationId: OrganisationId, subjectIds: readonly SubjectId[]): Promise<SubjectKnowledge>
  /** All events of a subject, voiding and voided ones included, oldest first. */
  history(organisationId: OrganisationId, subjectId: SubjectId): Promise<readonly StoredEvent[]>

  saveStates(organisationId: OrganisationId, states: EvaluationResult['states'], at: Instant): Promise<void>
  /** Forgets all states of a subject, before its history is folded again. */
  dropStates(organisationId: OrganisationId, subjectId: SubjectId): Promise<void>
  /** Keeps the earliest moment per (rule, subject). */
  saveTimers(
    organisationId: OrganisationId,
    timers: EvaluationResult['timers'],
    rescan: boolean,
  ): Promise<void>
  /** Sets a timer that rescans, due now, for every subject of the organisation that has events. */
  rescanEverybody(organisationId: OrganisationId, ruleId: RuleId, at: Instant): Promise<number>
  /** Source, source id and digest of events of these subjects, for the documents of decisions. */
  evidence(
    organisationId: OrganisationId,
    subjectIds: readonly SubjectId[],
    ids: readonly EventId[],
  ): Promise<ReadonlyMap<EventId, EvidenceEvent>>
  saveDecisions(organisationId: OrganisationId, decisions: readonly DocumentedDecision[]): Promise<void>
  finishEvents(
    events: readonly { readonly receivedAt: Instant; readonly id: string; readonly matched: boolean }[],
    at: Instant,
  ): Promise<void>
  /** Counts a failed attempt: tried again at `next`, or parked when `next` is undefined. */
  failEvents(
    events: readonly { readonly receivedAt: Instant; readonly id: string }[],
    failure: { readonly error: string; readonly next?: Instant; readonly at: Instant },
  ): Promise<void>

  /** The most attempts that any of these events has behind it. */
  attempts(events: readonly { readonly receivedAt: Instant; readonly id: string }[]): Promise<number>

  /**
   * Says that a suggestion became an award. False, and no change, when something was decided after it, or its occasion
   * has an award already.
   */
  linkAward(organisationId: OrganisationId, decision: Decision, awardId: AwardId): Promise<boolean>
  findDecision(organisationId: OrganisationId, id: DecisionId): Promise<Decision | undefined>
  listDecisions(
    organisationId: OrganisationId,
    page: PageRequest,
    filter: { readonly ruleId?: RuleId; readonly subjectId?: SubjectId; readonly outcome?: DecisionOutcome },
  ): Promise<Page<Decision>>
  /** Changes whenever a rule version comes into force or leaves it: compiled rules are kept by it. */
  rulesRevision(organisationId: OrganisationId): Promise<string>
}
