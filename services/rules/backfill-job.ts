import type { OrganisationId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { JobKindSteps } from '#services/job-control/job-kind.ts'
import type { Job } from '#services/ports/job-store.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface BackfillNeeds {
  readonly rescan: (
    stores: Stores,
    organisationId: OrganisationId,
    ruleId: RuleId,
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
    const decisions = await rescan(stores, job.organisationId, ruleId, subjectIds)
    const before = typeof job.result['decisions'] === 'number' ? job.result['decisions'] : 0
    return { result: { ...job.result, decisions: before + decisions }, hasDecided: decisions > 0 }
  },
})

function subjectOf({ ruleId, ruleVersionId }: Job) {
  if (ruleId === undefined || ruleVersionId === undefined) throw new Error('A backfill has lost its rule.')
  return { ruleId, versionId: ruleVersionId }
}
