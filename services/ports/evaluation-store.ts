import type { EvidenceEvent } from '#engine/decisions/decision-document.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import type {
  DecisionOutcome,
  EvaluationResult,
  Holding,
  NewDecision,
} from '#engine/rules/evaluate/evaluation.ts'
import type { MappedResult } from '#engine/rules/evaluate/results.ts'
import type { Trace } from '#engine/rules/explain/trace.ts'
import type {
  AchievementId,
  AwardId,
  DecisionId,
  EventId,
  OrganisationId,
  RuleId,
  RuleVersionId,
  SubjectId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LeafStates } from '#engine/state/leaf-states.ts'
import type { Job } from './job-store.ts'
import type { Page, PageRequest } from './page.ts'

export interface ClaimedEvent {
  readonly organisationId: OrganisationId
  readonly receivedAt: Instant
  readonly event: StoredEvent
}

/** Somebody whom an event names by a path of a rule. */
export interface EventRecipient {
  readonly subjectId: SubjectId
  readonly path: string
  readonly eventId: EventId
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
  readonly states: LeafStates
  readonly outcomes: ReadonlyMap<string, DecisionOutcome>
  /** When each outcome was met, by `outcomeKey`; unknown for those from before that was kept. */
  readonly moments: ReadonlyMap<string, Instant>
  readonly holdings: ReadonlyMap<SubjectId, readonly Holding[]>
}

export interface Decision extends NewDecision {
  readonly id: DecisionId
  readonly decidedAt: Instant
  readonly awardId?: AwardId
  readonly trace: Trace
  /** What the rule filled in of the results that its achievement describes. */
  readonly results?: readonly MappedResult[]
  /** The canonical decision document; missing for decisions from before documents were kept. */
  readonly document?: Uint8Array
}

/** A decision with the bytes that are digested of it. */
export interface DocumentedDecision extends Decision {
  readonly document: Uint8Array
}

/** How many people, and a few of them. */
export interface ShadowComparison {
  readonly both: number
  readonly onlyShadow: number
  readonly onlyActive: number
  readonly sample: {
    readonly onlyShadow: readonly SubjectId[]
    readonly onlyActive: readonly SubjectId[]
  }
}

/** Waiting events and due timers: claimed by one worker, and finished or put off. */
export interface ClaimedWork {
  /** Claims up to `limit` waiting events (`FOR UPDATE SKIP LOCKED`), oldest first. */
  claimEvents(limit: number, now: Instant): Promise<readonly ClaimedEvent[]>
  /** Claims timers of one sort: those that look at states, or those that fold a whole history anew. */
  claimTimers(limit: number, now: Instant, rescan: boolean): Promise<readonly DueTimer[]>
  /** A timer that failed is due again later; it holds no other one up. */
  failTimer(timer: DueTimer, failure: { readonly error: string; readonly at: Instant }): Promise<void>
  /** Whether live events wait to be evaluated. */
  isBusy(now: Instant): Promise<boolean>
  /** Takes the advisory lock of each subject, in sorted order, until the transaction ends. */
  lockSubjects(organisationId: OrganisationId, subjectIds: readonly SubjectId[]): Promise<void>
  /** Keeps the earliest moment per (rule, subject). */
  saveTimers(
    organisationId: OrganisationId,
    timers: EvaluationResult['timers'],
    rescan: boolean,
  ): Promise<void>
  finishEvents(
    events: readonly { readonly receivedAt: Instant; readonly id: string; readonly matched: boolean }[],
    at: Instant,
  ): Promise<void>
  /** Counts a failed attempt: tried again at `next`, or parked when `next` is undefined. */
  failEvents(
    events: readonly { readonly receivedAt: Instant; readonly id: string }[],
    failure: {
      readonly code: string
      readonly error: string
      readonly next?: Instant
      readonly at: Instant
    },
  ): Promise<void>
  /** The most attempts that any of these events has behind it. */
  attempts(events: readonly { readonly receivedAt: Instant; readonly id: string }[]): Promise<number>
}

/** What was folded and decided of people so far. */
export interface SubjectStates {
  knowledge(organisationId: OrganisationId, subjectIds: readonly SubjectId[]): Promise<SubjectKnowledge>
  saveStates(organisationId: OrganisationId, states: EvaluationResult['states'], at: Instant): Promise<void>
  /** Forgets all states of these subjects, before their histories are folded again. */
  dropStates(organisationId: OrganisationId, subjectIds: readonly SubjectId[]): Promise<void>
}

/** Events by the people whom they concern, as rules see them. */
export interface SubjectHistories {
  /** Writes down whom events concern beside their actors; gives back what was not known before. */
  saveRecipients(
    organisationId: OrganisationId,
    recipients: readonly EventRecipient[],
  ): Promise<readonly EventRecipient[]>
  /** Of events that take another back: whom that one names, by which path. (The id is that of the voiding event.) */
  namedInVoided(
    organisationId: OrganisationId,
    voids: readonly StoredEvent[],
  ): Promise<readonly EventRecipient[]>
  /** About how long the histories of several subjects are, without reading them. */
  historySizes(
    organisationId: OrganisationId,
    subjectIds: readonly SubjectId[],
  ): Promise<ReadonlyMap<SubjectId, number>>
  /** All events of a subject, voiding and voided ones included, oldest first; none that failed and waits or is parked. */
  history(organisationId: OrganisationId, subjectId: SubjectId): Promise<readonly StoredEvent[]>
  /** The same of several subjects, in one go; `claimed` ones are being evaluated, and count although they failed. */
  histories(
    organisationId: OrganisationId,
    subjectIds: readonly SubjectId[],
    claimed?: readonly EventId[],
  ): Promise<ReadonlyMap<SubjectId, readonly StoredEvent[]>>
  /** The same, with the events that name them by what a job has noted, in place of what rules in force have found. */
  historiesFor(
    job: Pick<Job, 'organisationId' | 'id'>,
    subjectIds: readonly SubjectId[],
  ): Promise<ReadonlyMap<SubjectId, readonly StoredEvent[]>>

  /** Which of these events were evaluated from then on, or not yet. */
  evaluatedSince(
    organisationId: OrganisationId,
    ids: readonly EventId[],
    since: Instant,
  ): Promise<ReadonlySet<EventId>>
  /** Source, source id and digest of events of these subjects, for the documents of decisions. */
  evidence(
    organisationId: OrganisationId,
    subjectIds: readonly SubjectId[],
    ids: readonly EventId[],
  ): Promise<ReadonlyMap<EventId, EvidenceEvent>>
  /** The newest events of an organisation since a moment, newest first. */
  recent(organisationId: OrganisationId, since: Instant, limit: number): Promise<readonly StoredEvent[]>
}

/** What was decided. */
export interface DecisionStore {
  saveDecisions(organisationId: OrganisationId, decisions: readonly DocumentedDecision[]): Promise<void>
  /**
   * Says that a suggestion became an award. False, and no change, when something was decided after it, or its occasion
   * has an award already.
   */
  linkAward(organisationId: OrganisationId, decision: Decision, awardId: AwardId): Promise<boolean>
  findDecision(organisationId: OrganisationId, id: DecisionId): Promise<Decision | undefined>
  listDecisions(
    organisationId: OrganisationId,
    page: PageRequest,
    filter: {
      readonly ruleId?: RuleId
      readonly ruleVersionId?: RuleVersionId
      readonly subjectId?: SubjectId
      readonly outcome?: DecisionOutcome
      /** Of no other achievements than these. */
      readonly among?: readonly AchievementId[] | undefined
    },
  ): Promise<Page<Decision>>
  /** What a shadow version and the active version of its rule each decided, and together, since a moment. */
  compareShadow(
    organisationId: OrganisationId,
    ruleId: RuleId,
    shadow: { readonly ruleVersionId: RuleVersionId; readonly since: Instant },
  ): Promise<ShadowComparison>
}

export interface EvaluationStore extends ClaimedWork, SubjectStates, SubjectHistories, DecisionStore {
  /** Changes whenever a rule version comes into force or leaves it: compiled rules are kept by it. */
  rulesRevision(organisationId: OrganisationId): Promise<string>
}
