import {
  actorOf,
  holdsRight,
  holdsRightSomewhere,
  type Principal,
  type Right,
} from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId, RoleId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireSeen } from '#engine/shared/require-seen.ts'
import { requireRight } from '#services/access/authorise.ts'
import { callerNow } from '#services/access/caller-now.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Random } from '#services/ports/random.ts'
import type { Role, RoleUse } from '#services/ports/role-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { expireInvitations } from './expire-invitations.ts'
import { keepAdministrator } from './keep-administrator.ts'
import { withdrawUnbacked } from './withdraw-unbacked.ts'

export interface ManageRolesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
}

export interface WantedRole {
  readonly name: string
  readonly description: string
  readonly rights: readonly Right[]
}

export const createManageRoles = ({ database, clock, random, audit }: ManageRolesNeeds) => {
  /** For someone who administers the whole organisation now: a role may be named on any unit. */
  const held = async (
    stores: Stores,
    principal: Principal,
    organisationId: OrganisationId,
    now: Instant,
  ): Promise<Principal> => {
    await stores.organisations.lockPeople(organisationId)
    const caller = await callerNow(stores, principal, organisationId, now)
    await requireRight(stores, caller, 'administer', organisationId)
    return caller
  }

  const own = async (stores: Stores, organisationId: OrganisationId, id: RoleId): Promise<Role> => {
    const role = await found(stores, organisationId, id)
    if (role.builtIn !== undefined) throw errors.roleBuiltIn({ name: role.name })
    return role
  }

  const record = (stores: Stores, principal: Principal, role: Role, action: string, now: Instant) =>
    audit(stores, {
      organisationId: role.organisationId,
      at: now,
      actor: actorOf(principal),
      action,
      targetType: 'role',
      targetId: role.id,
      detail: { name: role.name, rights: [...role.rights] },
    })

  return {
    /** All roles, for whoever may read anything of the organisation. */
    list: (principal: Principal, organisationId: OrganisationId): Promise<readonly Role[]> =>
      database.inOrganisation(organisationId, (stores) => {
        requireReading(principal, organisationId)
        return stores.roles.list(organisationId)
      }),

    find: (
      principal: Principal,
      organisationId: OrganisationId,
      id: RoleId,
    ): Promise<{ readonly role: Role; readonly use: RoleUse }> =>
      database.inOrganisation(organisationId, async (stores) => {
        requireReading(principal, organisationId)
        const role = await found(stores, organisationId, id)
        return { role, use: await stores.roles.use(organisationId, id, clock.now()) }
      }),

    /** Throws `role-name-taken`, `rights-exceed-own`. */
    create: (principal: Principal, organisationId: OrganisationId, wanted: WantedRole): Promise<Role> =>
      database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        const caller = await held(stores, principal, organisationId, now)
        await requireOwn(stores, caller, organisationId, wanted.rights)
        await requireFreeName(stores, organisationId, wanted.name)
        const role: Role = {
          ...wanted,
          rights: [...new Set(wanted.rights)],
          organisationId,
          id: random.rowId() as RoleId,
          revision: 1,
          createdAt: now,
        }
        await stores.roles.insert(role)
        await record(stores, caller, role, 'role.created', now)
        return role
      }),

    /**
     * Changes a role, and with it what everybody may do who has it, from their next request on.
     * Throws `role-built-in`, `role-name-taken`, `precondition-failed`, `rights-exceed-own`, `last-administrator`.
     */
    change: (
      principal: Principal,
      organisationId: OrganisationId,
      id: RoleId,
      seen: number,
      change: Partial<WantedRole>,
    ): Promise<Role> =>
      database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        const caller = await held(stores, principal, organisationId, now)
        const role = await own(stores, organisationId, id)
        if (role.revision !== seen) throw errors.preconditionFailed({ current: role.revision })
        const to = { ...role, ...change, rights: [...new Set(change.rights ?? role.rights)] }
        const added = to.rights.filter((right) => !role.rights.includes(right))
        await requireOwn(stores, caller, organisationId, added)
        if (to.name.toLowerCase() !== role.name.toLowerCase())
          await requireFreeName(stores, organisationId, to.name)
        await keepAdministrator(stores, organisationId, async () => {
          if (!(await stores.roles.replace(role, to)))
            throw errors.preconditionFailed({ current: role.revision })
        })
        await record(stores, caller, to, 'role.changed', now)
        const members = await stores.memberships.withRole(organisationId, id)
        const { apiKeys } = await stores.roles.use(organisationId, id, now)
        await withdrawUnbacked(stores, audit, { organisationId, actor: actorOf(caller), now }, [
          ...members.map(({ accountId }) => `account:${accountId}`),
          ...apiKeys.map((key) => `key:${key}`),
        ])
        return found(stores, organisationId, id)
      }),

    /** Throws `role-built-in`, and `role-in-use` with the ids of whatever names it. */
    delete: (
      principal: Principal,
      organisationId: OrganisationId,
      id: RoleId,
      seen?: number,
    ): Promise<void> =>
      database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        const caller = await held(stores, principal, organisationId, now)
        const role = await own(stores, organisationId, id)
        requireSeen(role, seen)
        const use = await stores.roles.use(organisationId, id, now)
        if (use.members.length + use.invitations.length + use.apiKeys.length > 0)
          throw errors.roleInUse({ ...use })
        await expireInvitations(stores, audit, organisationId, now)
        await stores.roles.delete(role)
        await record(stores, caller, role, 'role.deleted', now)
      }),
  }
}

function requireReading(principal: Principal, organisationId: OrganisationId): void {
  if (!holdsRightSomewhere(principal, 'read', organisationId)) throw errors.forbidden({ right: 'read' })
}

async function requireOwn(
  stores: Stores,
  caller: Principal,
  organisationId: OrganisationId,
  rights: readonly Right[],
): Promise<void> {
  const root = await stores.organisations.rootUnit(organisationId)
  for (const right of rights)
    if (!holdsRight(caller, right, root === undefined ? [] : [root])) throw errors.rightsExceedOwn({ right })
}

async function requireFreeName(stores: Stores, organisationId: OrganisationId, name: string): Promise<void> {
  if ((await stores.roles.findByName(organisationId, name)) !== undefined)
    throw errors.roleNameTaken({ name })
}

async function found(stores: Stores, organisationId: OrganisationId, id: RoleId): Promise<Role> {
  const role = await stores.roles.find(organisationId, id)
  if (role === undefined) throw errors.notFound({ what: 'role', id })
  return role
}
