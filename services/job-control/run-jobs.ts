import { SECOND_MS } from '#engine/shared/duration.ts'
import type { OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { Job, JobKind, JobStep } from '#services/ports/job-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { failureCode, isElsewhere } from './failure.ts'
import type { FileJobSteps, JobKindSteps } from './job-kind.ts'

export interface RunJobsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly wakeUps: WakeUps
  readonly log: Log
  readonly kinds: Readonly<Record<JobKind, JobKindSteps | FileJobSteps>>
  /** People a second that a backfill goes through at most; 0: as fast as it can. */
  readonly backfillSubjectsPerS: number
}

/** One transaction of a job while nothing else is to be done: some 100 ms, for which it holds the locks of its people. */
const QUIET = { subjects: 100, events: 2_000 }
/** While live events wait, which may be of the same people. Fewer would take hardly less time: most of it is statements. */
const BUSY = { subjects: 25, events: 500 }
const ONE = { subjects: 1, events: 1 }
/** How often one person is tried, and how many may be passed over before the job is given up. */
const TRIES = 3
const MOST_SKIPPED = 100
/** Whoever finds no job that is due, or only ones that another worker holds, looks again after this time. */
const LOOK_AGAIN_MS = { least: 50, most: SECOND_MS }

/**
 * The jobs step: one chunk of one job a pass. The job's row is locked while its chunk is done, and what the chunk writes
 * is committed together with how far it got: killed at any line, the next worker begins behind the last person that is
 * done. The row lock ends with the process, so it needs no lease that somebody must renew.
 *
 * Live events come first: while some wait, chunks are small, and after each the step pauses for as long as it took.
 */
export const createRunJobs = (needs: RunJobsNeeds) => {
  const { database, clock, wakeUps, log, kinds } = needs
  /** Whose turn it was last, in this process. */
  let last: OrganisationId | undefined

  return async (): Promise<{ readonly more: boolean; readonly pauseMs?: number }> => {
    let claimed: Job | undefined
    try {
      const began = clock.now()
      const pass = await database.asWorker(async (stores) => {
        claimed = undefined
        claimed = await stores.jobs.claim(clock.now(), last)
        last = claimed?.organisationId ?? last
        if (claimed === undefined) return { nextAt: await stores.jobs.nextDue() }
        const isBusy = await stores.evaluation.isBusy(clock.now())
        const done = await doChunk(stores, claimed, isBusy)
        crashPoint('job.before-commit')
        return { ...done, isBusy }
      })
      if (!('step' in pass)) {
        if (pass.nextAt === undefined) return { more: false }
        const { least, most } = LOOK_AGAIN_MS
        return { more: true, pauseMs: Math.min(most, Math.max(least, pass.nextAt - clock.now())) }
      }
      crashPoint('job.after-commit')
      if (pass.hasDecided) {
        await wakeUps.wake('issue')
        if (claimed?.kind === 'award_change' || claimed?.kind === 'key_reissue')
          for (const step of ['send', 'mail', 'timers'] as const) await wakeUps.wake(step)
      }
      return { more: true, pauseMs: pass.isBusy ? Math.max(1, clock.now() - began) : 0 }
    } catch (error) {
      if (isElsewhere(error) || claimed === undefined) throw error
      log.warn('job.chunk_failed', { job: claimed.id, error })
      await keepFailure(claimed, error)
      return { more: true }
    }
  }

  async function doChunk(
    stores: Stores,
    job: Job,
    isBusy: boolean,
  ): Promise<{ readonly step: JobStep; readonly hasDecided: boolean }> {
    const now = clock.now()
    const kind = kinds[job.kind]
    const save = async (change: Partial<JobStep>, hasDecided = false) => {
      const step: JobStep = {
        ...job,
        state: 'running',
        startedAt: job.startedAt ?? now,
        nextAt: now,
        ...change,
      }
      await stores.jobs.save(job.id, step)
      return { step, hasDecided }
    }
    if ('readOn' in kind) {
      const read = await kind.readOn(stores, job)
      const { result } = read
      if (read.outcome === 'further') return save({ done: read.done, result, attempts: 0 })
      if (read.outcome === 'over') return save({ state: 'done', finishedAt: now, result, attempts: 0 })
      return save({ state: 'failed', finishedAt: now, result, error: read.error })
    }
    const reason = await kind.stop(stores, job)
    if (reason !== undefined)
      return save({ state: 'cancelled', finishedAt: now, result: { ...job.result, reason } })

    const most = job.careful > 0 ? ONE : atRate(job, isBusy ? BUSY : QUIET)
    const subjectIds = await stores.jobs.nextSubjects(job, most)
    const last = subjectIds.at(-1)
    if (last === undefined && job.round < job.rounds) {
      const total = job.total + (await stores.jobs.countStrangers(job))
      return save({ round: job.round + 1, total, cursor: undefined })
    }
    if (last === undefined) return save({ state: 'done', finishedAt: now })

    const { result, hasDecided } = await kind.chunk(stores, job, subjectIds)
    const change = {
      cursor: last,
      done: job.done + subjectIds.length,
      result,
      attempts: 0,
      careful: Math.max(0, job.careful - 1),
      nextAt: nextTurn(job, subjectIds.length, now),
    }
    return save(change, hasDecided)
  }

  /** No more people at once than a second has room for, so that a low rate is no series of bursts. */
  function atRate({ kind }: Job, most: typeof QUIET): typeof QUIET {
    const rate = needs.backfillSubjectsPerS
    if (kind !== 'backfill' || rate === 0) return most
    return { ...most, subjects: Math.min(most.subjects, rate) }
  }

  /** The rate limit stands in the row, so that it holds for all workers together. */
  function nextTurn({ kind }: Job, subjects: number, now: Instant): Instant {
    const rate = needs.backfillSubjectsPerS
    if (kind !== 'backfill' || rate === 0) return now
    return asInstant(now + (subjects / rate) * SECOND_MS)
  }

  /** One person of the chunk is at fault: from here one by one, and past whoever fails again and again. */
  async function keepFailure({ id }: Job, error: unknown): Promise<void> {
    await database.asWorker(async (stores) => {
      const job = await stores.jobs.lock(id)
      if (job === undefined) return
      const now = clock.now()
      const isFile = 'readOn' in kinds[job.kind]
      const isAlone = isFile || job.careful > 0
      const attempts = isAlone ? job.attempts + 1 : 0
      const base: JobStep = { ...job, attempts, careful: isAlone ? job.careful : QUIET.subjects, nextAt: now }
      if (attempts < TRIES) {
        const wait = isAlone ? SECOND_MS * 2 ** (attempts - 1) : 0
        await stores.jobs.save(id, { ...base, nextAt: asInstant(now + wait) })
        return
      }
      const skipped = skippedOf(job.result)
      const [subject] = isFile ? [] : await stores.jobs.nextSubjects(job, ONE)
      if (subject === undefined || skipped.length >= MOST_SKIPPED) {
        await stores.jobs.save(id, { ...base, state: 'failed', finishedAt: now, error: failureCode(error) })
        log.error('job.failed', { job: id, error })
        return
      }
      log.error('job.subject_skipped', { job: id, subject, error })
      const result = { ...job.result, skipped: [...skipped, skippedEntry(subject, error)] }
      await stores.jobs.save(id, { ...base, attempts: 0, cursor: subject, done: job.done + 1, result })
    })
  }
}

const skippedOf = ({ skipped }: JsonObject): readonly Json[] =>
  Array.isArray(skipped) ? (skipped as readonly Json[]) : []

const skippedEntry = (subjectId: SubjectId, error: unknown): JsonObject => ({
  subjectId,
  code: failureCode(error),
})
