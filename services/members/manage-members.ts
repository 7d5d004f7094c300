import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AccountId, MembershipId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireSeen } from '#engine/shared/require-seen.ts'
import { administeredAbove } from '#services/access/administered-above.ts'
import { requireRight } from '#services/access/authorise.ts'
import { callerNow } from '#services/access/caller-now.ts'
import { grantable, type RequestedRights } from '#services/access/requested-rights.ts'
import { unitsWith } from '#services/access/units-with.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Membership } from '#services/ports/membership-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Stores } from '#services/ports/stores.ts'
import { keepAdministrator } from './keep-administrator.ts'
import { withdrawUnbacked } from './withdraw-unbacked.ts'

export interface ManageMembersNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditTrail
}

/** A membership with the addresses that the person has proven. */
export interface Member {
  readonly membership: Membership
  readonly emails: readonly string[]
}

export const createManageMembers = ({ database, clock, audit }: ManageMembersNeeds) => {
  /** Accounts belong to no organisation: their addresses are looked up as a worker, of members only. */
  const known = async (memberships: readonly Membership[]): Promise<readonly Member[]> => {
    const emails = await database.asWorker((stores) =>
      stores.access.emailsOf(memberships.map(({ accountId }) => accountId)),
    )
    return memberships.map((membership) => ({ membership, emails: emails.get(membership.accountId) ?? [] }))
  }

  /** The membership under the lock, for someone who administers its unit now. */
  const held = async (
    stores: Stores,
    principal: Principal,
    organisationId: OrganisationId,
    id: MembershipId,
    now: Instant,
  ): Promise<{ readonly membership: Membership; readonly caller: Principal }> => {
    await stores.organisations.lockPeople(organisationId)
    const caller = await callerNow(stores, principal, organisationId, now)
    const membership = await stores.memberships.find(organisationId, id)
    if (membership === undefined) throw errors.notFound({ what: 'member', id })
    await requireRight(stores, caller, 'administer', organisationId, membership.unitId)
    return { membership, caller }
  }

  const end = async (stores: Stores, actor: string, membership: Membership, action: string, now: Instant) => {
    const { organisationId, id, accountId, unitId } = membership
    await stores.memberships.delete(organisationId, id)
    await audit(stores, {
      organisationId,
      at: now,
      actor,
      action,
      targetType: 'membership',
      targetId: id,
      detail: { account: accountId, unit: unitId },
    })
  }

  return {
    /**
     * Who is a member on a unit that the caller administers, newest first; with `unitId`, who may do something on that
     * one: its members and those of the units above it. Throws `forbidden` where there is none, and `not-found`.
     */
    list: async (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
      unitId?: UnitId,
    ): Promise<Page<Member>> => {
      const { items, ...rest } = await database.inOrganisation(organisationId, async (stores) => {
        const units = await (unitId === undefined
          ? unitsWith(stores, principal, 'administer', organisationId)
          : administeredAbove(stores, principal, organisationId, unitId))
        return stores.memberships.list(organisationId, units, page)
      })
      return { ...rest, items: await known(items) }
    },

    find: async (principal: Principal, organisationId: OrganisationId, id: MembershipId): Promise<Member> => {
      const membership = await database.inOrganisation(organisationId, async (stores) => {
        const found = await stores.memberships.find(organisationId, id)
        if (found === undefined) throw errors.notFound({ what: 'member', id })
        await requireRight(stores, principal, 'administer', organisationId, found.unitId)
        return found
      })
      const [member] = await known([membership])
      return member ?? { membership, emails: [] }
    },

    /**
     * Gives a member another role or other rights, from their next request on.
     * Throws `precondition-failed`, `rights-exceed-own`, `last-administrator`.
     */
    change: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: MembershipId,
      seen: number,
      wanted: RequestedRights,
    ): Promise<Member> => {
      const changed = await database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        const { membership, caller } = await held(stores, principal, organisationId, id, now)
        if (membership.revision !== seen) throw errors.preconditionFailed({ current: membership.revision })
        const { unitId, rights: before } = membership
        const granted = await grantable(stores, caller, organisationId, unitId, wanted, before)
        await keepAdministrator(stores, organisationId, async () => {
          if (!(await stores.memberships.replace(membership, granted)))
            throw errors.preconditionFailed({ current: membership.revision })
        })
        const actor = actorOf(caller)
        await audit(stores, {
          organisationId,
          at: now,
          actor,
          action: 'member.changed',
          targetType: 'membership',
          targetId: id,
          detail: { before: [...before], after: [...granted.rights] },
        })
        await withdrawUnbacked(stores, audit, { organisationId, actor, now }, [
          `account:${membership.accountId}`,
        ])
        const after = await stores.memberships.find(organisationId, id)
        return after ?? membership
      })
      const [member] = await known([changed])
      return member ?? { membership: changed, emails: [] }
    },

    /** Ends a membership: the person's sessions reach nothing by it from their next request on. */
    remove: (
      principal: Principal,
      organisationId: OrganisationId,
      id: MembershipId,
      seen?: number,
    ): Promise<void> =>
      database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        const { membership, caller } = await held(stores, principal, organisationId, id, now)
        requireSeen(membership, seen)
        const actor = actorOf(caller)
        await keepAdministrator(stores, organisationId, () =>
          end(stores, actor, membership, 'member.removed', now),
        )
        await withdrawUnbacked(stores, audit, { organisationId, actor, now }, [
          `account:${membership.accountId}`,
        ])
      }),

    /** Ends all memberships of the one who calls. To have left already is fine. */
    leave: (
      principal: Extract<Principal, { kind: 'session' }>,
      organisationId: OrganisationId,
    ): Promise<void> =>
      database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        await stores.organisations.lockPeople(organisationId)
        const accountId: AccountId = principal.accountId
        const actor = actorOf(principal)
        const all = await stores.memberships.ofAccount(organisationId, accountId)
        await keepAdministrator(stores, organisationId, async () => {
          for (const membership of all) await end(stores, actor, membership, 'member.left', now)
        })
        await withdrawUnbacked(stores, audit, { organisationId, actor, now }, [`account:${accountId}`])
      }),
  }
}
