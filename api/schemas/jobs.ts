import * as z from 'zod'
import { Id, PageQuery, Time } from './common.ts'

export const JobKind = z.enum(['dry_run', 'backfill', 'award_change', 'framework_import', 'key_reissue'])
export const JobState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled'])

export const JobQuery = PageQuery.extend({
  kind: JobKind.optional(),
  state: JobState.optional(),
  ruleId: Id.optional(),
})

export const Job = z
  .strictObject({
    id: Id,
    kind: JobKind,
    ruleId: Id.nullable(),
    ruleVersionId: Id.nullable(),
    state: JobState,
    progress: z.strictObject({
      done: z
        .int()
        .describe(
          'People that were gone through, each once a round; of `framework_import`, bytes of its file.',
        ),
      total: z
        .int()
        .describe('How many there were when the job was made, each once a round; more may have come.'),
      left: z.int(),
    }),
    result: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe(
        'Grows while the job runs; by kind, see docs/rules-life-cycle.md and docs/achievements.md. Lists leave it out.',
      ),
    error: z.string().nullable(),
    createdBy: z.string(),
    createdAt: Time,
    startedAt: Time.nullable(),
    finishedAt: Time.nullable(),
  })
  .meta({ id: 'Job' })
