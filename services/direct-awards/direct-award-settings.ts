import { actorOf, type Principal } from '#engine/access/rights.ts'
import { DEFAULT_POLICY, type DirectAwardPolicy } from '#engine/direct-awards/direct-award-schedule.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { DirectAwardNeeds } from './direct-award-needs.ts'
import { requireReachable } from './offer-direct-award.ts'

export interface DecidedPolicy {
  readonly policy: DirectAwardPolicy
  readonly revision: number
}

/** When an organisation reminds people of badges, and how long it waits. Counts for what is awarded from then on. */
export const createDirectAwardSettings = ({
  database,
  clock,
  audit,
}: Pick<DirectAwardNeeds, 'database' | 'clock' | 'audit'>) => {
  const decided = async (stores: Stores, organisationId: OrganisationId): Promise<DecidedPolicy> =>
    (await stores.directAwards.policy(organisationId)) ?? { policy: DEFAULT_POLICY, revision: 1 }

  return {
    find: (principal: Principal, organisationId: OrganisationId): Promise<DecidedPolicy> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        return decided(stores, organisationId)
      }),

    /** Throws `precondition-failed`. */
    change: (
      principal: Principal,
      organisationId: OrganisationId,
      seen: number,
      change: Partial<DirectAwardPolicy>,
    ): Promise<DecidedPolicy> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'administer', organisationId)
        const { policy: before, revision } = await decided(stores, organisationId)
        const policy = { ...before, ...change }
        if (change.reminderDays !== undefined) requireReachable(policy)
        if (seen !== revision || !(await stores.directAwards.savePolicy(organisationId, seen, policy)))
          throw errors.preconditionFailed({ current: revision })
        await audit(stores, {
          organisationId,
          at: clock.now(),
          actor: actorOf(principal),
          action: 'direct_award_settings.changed',
          targetType: 'organisation',
          targetId: organisationId,
          detail: { ...policy, reminderDays: [...policy.reminderDays] },
        })
        return decided(stores, organisationId)
      }),
  }
}
