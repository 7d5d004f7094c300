import { unitOfAchievement } from '#engine/access/achievement-unit.ts'
import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { JobId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import { achievementsWith } from '#services/access/achievements-with.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Job, JobFilter } from '#services/ports/job-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface ManageJobsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditTrail
}

export const createManageJobs = ({ database, clock, audit }: ManageJobsNeeds) => ({
  /** Those of rules of achievements that the caller may read, and the caller's own; all, for who may read everything. */
  list: (
    principal: Principal,
    organisationId: OrganisationId,
    page: PageRequest,
    filter: JobFilter,
  ): Promise<Page<Job>> =>
    database.inOrganisation(organisationId, async (stores) => {
      const among = await achievementsWith(stores, principal, 'read', organisationId)
      if (among === undefined) return stores.jobs.list(organisationId, page, filter)
      const rules = (await stores.rules.list(organisationId)).filter((rule) =>
        among.includes(rule.achievementId),
      )
      const own = { ruleIds: rules.map(({ id }) => id), createdBy: actorOf(principal) }
      return stores.jobs.list(organisationId, page, { ...filter, among: own })
    }),

  find: (principal: Principal, organisationId: OrganisationId, id: JobId): Promise<Job> =>
    database.inOrganisation(organisationId, async (stores) => {
      const job = await stores.jobs.find(organisationId, id)
      if (job === undefined || !isOwn(principal, job))
        await requireRight(stores, principal, 'read', organisationId, await unitOf(stores, job))
      return known(job, id)
    }),

  /**
   * Ends a job after the chunk that is being done: what it did stays, and its row says how many people were left.
   * A backfill is stopped by who may award, as people go without a badge by it, and so is a change of awards; its own job anybody may end.
   * Throws `conflict` when it is over.
   */
  cancel: (principal: Principal, organisationId: OrganisationId, id: JobId): Promise<Job> =>
    database.inOrganisation(organisationId, async (stores) => {
      const found = await stores.jobs.find(organisationId, id)
      if (found === undefined || !isOwn(principal, found)) {
        const unit = await unitOf(stores, found)
        await requireRight(stores, principal, 'update', organisationId, unit)
        if (found !== undefined && AWARDING.has(found.kind))
          await requireRight(stores, principal, 'award', organisationId, unit)
      }
      const job = known(found, id)
      const at = clock.now()
      if (!(await stores.jobs.cancel(organisationId, id, at)))
        throw over(known(await stores.jobs.find(organisationId, id), id))
      const cancelled = known(await stores.jobs.find(organisationId, id), id)
      await audit(stores, {
        organisationId,
        at,
        actor: actorOf(principal),
        action: 'job.cancelled',
        targetType: 'job',
        targetId: id,
        detail: { kind: job.kind, done: cancelled.done, total: cancelled.total },
      })
      return cancelled
    }),
})

const AWARDING: ReadonlySet<Job['kind']> = new Set(['backfill', 'award_change', 'key_reissue'])

/** Whoever started it had the right on the unit that it is about, which may be a small part of the organisation. */
const isOwn = (principal: Principal, job: Job): boolean => actorOf(principal) === job.createdBy

/** A job of a rule is one of its achievement; any other is of the whole organisation. */
async function unitOf(stores: Stores, job: Job | undefined): Promise<UnitId | undefined> {
  const rule = job?.ruleId === undefined ? undefined : await stores.rules.find(job.ruleId)
  return rule === undefined ? undefined : unitOfAchievement(rule.achievementId)
}

const over = ({ state }: Job) =>
  errors.conflict({ what: 'job', reason: `it is over: ${state}`, state, possible: [] })

function known(job: Job | undefined, id: JobId): Job {
  if (job === undefined) throw errors.notFound({ what: 'job', id })
  return job
}
