import type { EventId, JobId, OrganisationId, RuleId, RuleVersionId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Page, PageRequest } from './page.ts'

export type JobKind = 'dry_run' | 'backfill' | 'award_change' | 'framework_import' | 'key_reissue'
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

/** What takes long: it goes through the people of an organisation, or through a file, and its row says how far it has come. */
export interface Job {
  readonly organisationId: OrganisationId
  readonly id: JobId
  readonly kind: JobKind
  readonly ruleId?: RuleId
  readonly ruleVersionId?: RuleVersionId
  readonly state: JobState
  readonly input: JsonObject
  /** The last subject that is done. */
  readonly cursor?: SubjectId
  /** How often it goes through everybody, and which time this is, from 1 on. */
  readonly rounds: number
  readonly round: number
  /** Subjects, each once a round, or bytes of a file; `total` is how many there were when it was made, and whom it has found since. */
  readonly done: number
  readonly total: number
  readonly result: JsonObject
  readonly error?: string
  readonly createdBy: string
  readonly createdAt: Instant
  readonly startedAt?: Instant
  readonly finishedAt?: Instant
  /** Failures in a row of the subject behind the cursor. */
  readonly attempts: number
  /** How many subjects go one by one, as one of them made a chunk fail. */
  readonly careful: number
}

/** What a chunk changes of a job. */
export type JobStep = Pick<Job, 'state' | 'done' | 'total' | 'round' | 'result' | 'attempts' | 'careful'> & {
  /** Undefined at the beginning of a round. */
  readonly cursor?: SubjectId | undefined
  readonly error?: string
  readonly startedAt?: Instant
  readonly finishedAt?: Instant
  /** Not to be taken up before. */
  readonly nextAt: Instant
}

/** That an event names somebody: by their subject, or by a made-up id of the job where nobody knows them. */
export interface JobRecipient {
  readonly eventId: EventId
  readonly path: string
  readonly subjectId: SubjectId
  readonly isKnown: boolean
  /** It meets a part of a rule. What nearly does makes nobody known. */
  readonly isMet: boolean
}

export interface JobFilter {
  readonly kind?: JobKind
  readonly state?: JobState
  readonly ruleId?: RuleId
  /** Of no other rules than these, or made by this one. */
  readonly among?: { readonly ruleIds: readonly RuleId[]; readonly createdBy: string }
}

export interface JobStore {
  insert(job: Job): Promise<void>
  find(organisationId: OrganisationId, id: JobId): Promise<Job | undefined>
  list(organisationId: OrganisationId, page: PageRequest, filter: JobFilter): Promise<Page<Job>>
  /**
   * Claims an open job (`FOR UPDATE SKIP LOCKED`): its row is locked until the transaction ends. Organisations take turns: of
   * the first one behind `last` the job that waited longest.
   */
  claim(now: Instant, last: OrganisationId | undefined): Promise<Job | undefined>
  /** Claims this one, where it is still open: waits for whoever has locked it. */
  lock(id: JobId): Promise<Job | undefined>
  /** When the next open job may be taken up. */
  nextDue(): Promise<Instant | undefined>
  /** Of a job that is over, what it had noted is forgotten, and the file that it read. */
  save(id: JobId, step: JobStep): Promise<void>
  /** False, and no change, when it is over. Waits for the chunk that is being done, and lets no other one begin. */
  cancel(organisationId: OrganisationId, id: JobId, at: Instant): Promise<boolean>
  /** Whether a later job does the same for the same rule version. */
  isSuperseded(job: Job): Promise<boolean>

  /**
   * The next subjects behind the cursor in the order of their ids, with at most so many events together; one at least.
   * A change of awards goes through those whose awards it names, a re-issue through those whose badges the key signed. After the first round, also whom the job has found and nobody knows, by events that meet a part of a rule.
   */
  nextSubjects(
    job: Pick<Job, 'organisationId' | 'id' | 'cursor' | 'round' | 'kind' | 'input'>,
    most: { readonly subjects: number; readonly events: number },
  ): Promise<readonly SubjectId[]>
  countSubjects(organisationId: OrganisationId): Promise<number>

  /** Notes for a later round of the job whom events name; forgotten when it is over. */
  note(job: Pick<Job, 'organisationId' | 'id'>, recipients: readonly JobRecipient[]): Promise<void>
  /** How many such people it has noted. */
  countStrangers(job: Pick<Job, 'organisationId' | 'id'>): Promise<number>
  /** Which of these are such people. */
  strangers(
    job: Pick<Job, 'organisationId' | 'id'>,
    subjectIds: readonly SubjectId[],
  ): Promise<ReadonlySet<SubjectId>>
}
