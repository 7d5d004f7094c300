import type { SubjectId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Job } from '#services/ports/job-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/** What one kind of job does with some people, in the transaction that also says that they are done. */
export interface JobKindSteps {
  /** Why the job has nothing to do any more; undefined: it goes on. */
  stop(stores: Stores, job: Job): Promise<StopReason | undefined>
  /** The new result. What it writes is kept together with the job's progress, or not at all. */
  chunk(stores: Stores, job: Job, subjectIds: readonly SubjectId[]): Promise<ChunkDone>
}

/** What a job does that goes through a file and not through people. */
export interface FileJobSteps {
  /** Does the next part. What it writes is kept together with the job's progress, or not at all. */
  readOn(stores: Stores, job: Job): Promise<FileStep>
}

export type FileStep =
  /** `done`: bytes from the beginning. */
  | { readonly outcome: 'further'; readonly done: number; readonly result: JsonObject }
  | { readonly outcome: 'over'; readonly result: JsonObject }
  /** The file is at fault: trying again would not help. */
  | { readonly outcome: 'failed'; readonly error: string; readonly result: JsonObject }

/** `superseded`: a later job does the same. `not-in-force`: the rule version decides nothing any more. */
export type StopReason = 'superseded' | 'not-in-force'

export interface ChunkDone {
  readonly result: JsonObject
  /** Awards may wait for the issue step. */
  readonly hasDecided: boolean
}
