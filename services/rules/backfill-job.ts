import type { OrganisationId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { JobKindSteps } from '#services/job-control/job-kind.ts'
import type { Job } from '#services/ports/job-store.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface RescanOf {
  readonly ruleId: RuleId
  /** Of a rule that was paused: what was evaluated from then on may have passed it by. */
  readonly missedSince?: Instant
}

export interface BackfillNeeds {
  readonly rescan: (
    stores: Stores,
    organisationId: OrganisationId,
    { ruleId, missedSince }: RescanOf,
    subjectIds: readonly SubjectId[],
  ) => Promise<number>
}

/**
 * Looks at everybody anew for a rule version that came into force, from all events that they have. Somebody who becomes
 * known while it runs is looked at by live events, and once more here, which changes nothing.
 */
export const createBackfillJob = ({ rescan }: BackfillNeeds): JobKindSteps => ({
  stop: async (stores, job) => {
    const { versionId } = subjectOf(job)
    if (await stores.jobs.isSuperseded(job)) return 'superseded'
    const version = await stores.rules.findVersion(versionId)
    return version?.state === 'active' || version?.state === 'shadow' ? undefined : 'not-in-force'
  },
  chunk: async (stores, job, subjectIds) => {
    const { ruleId } = subjectOf(job)
    const decisions = await rescan(stores, job.organisationId, { ruleId, ...missedBy(job) }, subjectIds)
    const before = typeof job.result['decisions'] === 'number' ? job.result['decisions'] : 0
    return { result: { ...job.result, decisions: before + decisions }, hasDecided: decisions > 0 }
  },
})

/** Only a resumed rule has missed something: what a version did not see that came into force just now is no loss of it. */
function missedBy({ input: { missedSince } }: Job): Pick<RescanOf, 'missedSince'> {
  return typeof missedSince === 'number' ? { missedSince: asInstant(missedSince) } : {}
}

function subjectOf({ ruleId, ruleVersionId }: Job) {
  if (ruleId === undefined || ruleVersionId === undefined) throw new Error('A backfill has lost its rule.')
  return { ruleId, versionId: ruleVersionId }
}
