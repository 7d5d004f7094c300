import { actorOf, type Principal, type Right } from '#engine/access/rights.ts'
import { judgeMove, rightsIn, UNIT_DEPTH_MAX } from '#engine/access/unit-tree.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireRight } from '#services/access/authorise.ts'
import { callerNow } from '#services/access/caller-now.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { expireInvitations } from '#services/members/expire-invitations.ts'
import { withdrawUnbacked } from '#services/members/withdraw-unbacked.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Unit } from '#services/ports/organisation-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface ManageUnitsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
}

/** A unit with what the caller may do there. */
export interface UnitWithRights {
  readonly unit: Unit
  readonly rights: readonly Right[]
}

export const createManageUnits = ({ database, clock, random, audit }: ManageUnitsNeeds) => {
  const record = (stores: Stores, principal: Principal, unit: Unit, action: string, now: Instant) =>
    audit(stores, {
      organisationId: unit.organisationId,
      at: now,
      actor: actorOf(principal),
      action,
      targetType: 'unit',
      targetId: unit.id,
      detail: { name: unit.name, ...(unit.parentId === undefined ? {} : { parent: unit.parentId }) },
    })

  const lock = async (stores: Stores, principal: Principal, organisationId: OrganisationId, now: Instant) => {
    await stores.organisations.lockPeople(organisationId)
    return callerNow(stores, principal, organisationId, now)
  }

  return {
    /** Those that the caller may read, each with what they may do there. Throws `forbidden` where there is none. */
    list: (principal: Principal, organisationId: OrganisationId): Promise<readonly UnitWithRights[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        const units = await stores.organisations.units(organisationId)
        const held = rightsIn(principal, units)
        const readable = units
          .map((unit) => ({ unit, rights: held.get(unit.id) ?? [] }))
          .filter(({ rights }) => rights.includes('read'))
        if (readable.length === 0) throw errors.forbidden({ right: 'read' })
        return readable
      }),

    find: (principal: Principal, organisationId: OrganisationId, id: UnitId): Promise<UnitWithRights> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId, id)
        return withRights(stores, principal, organisationId, id)
      }),

    /** Throws `unit-too-deep`. */
    create: (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: { readonly name: string; readonly parentId?: UnitId },
    ): Promise<UnitWithRights> =>
      database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        const caller = await lock(stores, principal, organisationId, now)
        const parentId = wanted.parentId ?? (await stores.organisations.rootUnit(organisationId))
        if (parentId === undefined) throw errors.notFound({ what: 'organisation', id: organisationId })
        await requireRight(stores, caller, 'administer', organisationId, parentId)
        const path = await stores.organisations.unitPath(organisationId, parentId)
        if (path.length >= UNIT_DEPTH_MAX) throw errors.unitTooDeep({ most: UNIT_DEPTH_MAX })
        const unit: Unit = {
          organisationId,
          id: random.rowId() as UnitId,
          parentId,
          kind: 'group',
          name: wanted.name,
          revision: 1,
        }
        await stores.organisations.insertUnit(unit)
        await record(stores, caller, unit, 'unit.created', now)
        return withRights(stores, caller, organisationId, unit.id)
      }),

    /**
     * Gives a unit another name or another place. To move it takes the right on the unit above it, and on the one that
     * will be: whoever holds rights there loses or gets them here.
     * Throws `precondition-failed`, `unit-cycle`, `unit-too-deep`, and `conflict` for what has no name or place of its own.
     */
    change: (
      principal: Principal,
      organisationId: OrganisationId,
      id: UnitId,
      seen: number,
      change: { readonly name?: string; readonly parentId?: UnitId },
    ): Promise<UnitWithRights> =>
      database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        const caller = await lock(stores, principal, organisationId, now)
        await requireRight(stores, caller, 'administer', organisationId, id)
        const unit = await found(stores, organisationId, id)
        if (unit.revision !== seen) throw errors.preconditionFailed({ current: unit.revision })
        const to = { ...unit, ...change }
        const isMoved = to.parentId !== unit.parentId
        const isRenamed = to.name !== unit.name
        if (isRenamed && unit.kind === 'issuer')
          throw errors.conflict({ what: 'unit', reason: 'it has the name of its issuer' })
        if (isMoved) await requireMove(stores, caller, unit, to.parentId)

        if (!(await stores.organisations.replaceUnit(unit, to)))
          throw errors.preconditionFailed({ current: unit.revision })
        // The root is the organisation itself.
        if (isRenamed && unit.parentId === undefined)
          await stores.organisations.rename(organisationId, to.name)
        if (isRenamed) await record(stores, caller, to, 'unit.renamed', now)
        if (isMoved) {
          await record(stores, caller, to, 'unit.moved', now)
          const actor = actorOf(caller)
          await withdrawUnbacked(stores, audit, { organisationId, actor, now }, 'everybody')
        }
        return withRights(stores, caller, organisationId, id)
      }),

    /** Deletes a group in which nothing is left. Throws `unit-not-empty`, and `conflict` for what is no group. */
    delete: (principal: Principal, organisationId: OrganisationId, id: UnitId): Promise<void> =>
      database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        const caller = await lock(stores, principal, organisationId, now)
        await requireRight(stores, caller, 'administer', organisationId, id)
        const unit = await found(stores, organisationId, id)
        if (unit.kind !== 'group' || unit.parentId === undefined)
          throw errors.conflict({
            what: 'unit',
            reason: `it is an ${unit.kind}; only a group can be deleted`,
          })
        const use = await stores.organisations.unitUse(organisationId, id, now)
        if (Object.values(use).some((count) => count > 0)) throw errors.unitNotEmpty({ ...use })
        await expireInvitations(stores, audit, organisationId, now)
        await stores.organisations.deleteUnit(unit, unit.parentId)
        await record(stores, caller, unit, 'unit.deleted', now)
      }),
  }
}

async function requireMove(
  stores: Stores,
  caller: Principal,
  { organisationId, id, parentId: from }: Unit,
  to: UnitId | undefined,
): Promise<void> {
  if (from === undefined || to === undefined)
    throw errors.conflict({
      what: 'unit',
      reason: 'it is the organisation itself, above which there is nothing',
    })
  await requireRight(stores, caller, 'administer', organisationId, from)
  await requireRight(stores, caller, 'administer', organisationId, to)
  const judged = judgeMove(await stores.organisations.units(organisationId), id, to)
  if (judged === 'cycle') throw errors.unitCycle({})
  if (judged === 'too-deep') throw errors.unitTooDeep({ most: UNIT_DEPTH_MAX })
}

async function withRights(
  stores: Stores,
  principal: Principal,
  organisationId: OrganisationId,
  id: UnitId,
): Promise<UnitWithRights> {
  const unit = await found(stores, organisationId, id)
  const held = rightsIn(principal, await stores.organisations.units(organisationId))
  return { unit, rights: held.get(id) ?? [] }
}

async function found(stores: Stores, organisationId: OrganisationId, id: UnitId): Promise<Unit> {
  const unit = await stores.organisations.findUnit(organisationId, id)
  if (unit === undefined) throw errors.notFound({ what: 'unit', id })
  return unit
}
