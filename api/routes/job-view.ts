import type * as z from 'zod'
import type { Job } from '#api/schemas/jobs.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { Job as StoredJob } from '#services/ports/job-store.ts'
import { timeOrNull } from './shown.ts'

export const showJob = (job: StoredJob): z.input<typeof Job> => ({
  ...showListedJob(job),
  result: { ...job.result },
})

/** In a list without its result, which may be long. */
export const showListedJob = (job: StoredJob): z.input<typeof Job> => ({
  id: job.id,
  kind: job.kind,
  ruleId: job.ruleId ?? null,
  ruleVersionId: job.ruleVersionId ?? null,
  state: job.state,
  progress: {
    done: job.done,
    total: job.total,
    left: job.state === 'done' ? 0 : Math.max(0, job.total - job.done),
  },
  result: null,
  error: job.error ?? null,
  createdBy: job.createdBy,
  createdAt: formatInstant(job.createdAt),
  startedAt: timeOrNull(job.startedAt),
  finishedAt: timeOrNull(job.finishedAt),
})
