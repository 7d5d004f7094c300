import type { JobId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Job } from '#services/ports/job-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

/** Puts a job in the queue, in the caller's transaction. Wake the step `jobs` after the commit. */
export type StartJob = (
  stores: Stores,
  wanted: Pick<Job, 'organisationId' | 'kind' | 'ruleId' | 'ruleVersionId' | 'input' | 'createdBy'> & {
    /** How often it goes through everybody; default once. */
    readonly rounds?: number
    /** Whom it goes through; default everybody. */
    readonly total?: number
    /** What stands there before it has begun; default nothing. */
    readonly result?: JsonObject
  },
) => Promise<Job>

export const createStartJob =
  ({ random, clock }: { readonly random: Random; readonly clock: Clock }): StartJob =>
  async (stores, { total, result = {}, ...wanted }) => {
    const { rounds = 1 } = wanted
    const people = total ?? (await stores.jobs.countSubjects(wanted.organisationId))
    const job: Job = {
      ...wanted,
      rounds,
      round: 1,
      id: random.rowId() as JobId,
      state: 'queued',
      done: 0,
      total: rounds * people,
      result,
      createdAt: clock.now(),
      attempts: 0,
      careful: 0,
    }
    await stores.jobs.insert(job)
    return job
  }
