import { actorOf, holdsRight, type Principal, RIGHTS, type Right } from '#engine/access/rights.ts'
import { judgeMove, rightsIn, UNIT_DEPTH_MAX } from '#engine/access/unit-tree.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireSeen } from '#engine/shared/require-seen.ts'
import { achievementsWith } from '#services/access/achievements-with.ts'
import { requireRight } from '#services/access/authorise.ts'
import { callerNow } from '#services/access/caller-now.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { expireInvitations } from '#services/members/expire-invitations.ts'
import { withdrawUnbacked } from '#services/members/withdraw-unbacked.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Unit } from '#services/ports/organisation-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
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

/** Which units are wanted; `name` is part of it, and capitals do not matter. */
export interface UnitFilter {
  readonly kind?: Unit['kind']
  readonly parentId?: UnitId
  readonly name?: string
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
    /**
     * The tree as far as the caller may read it, each unit with what they may do there; and of the achievements those
     * that were granted to the caller one by one. Throws `forbidden` where there is none.
     */
    list: (
      principal: Principal,
      organisationId: OrganisationId,
      filter: UnitFilter,
    ): Promise<readonly UnitWithRights[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        const tree = await stores.organisations.units(organisationId)
        const granted =
          principal.kind === 'operator'
            ? []
            : await stores.organisations.findUnits(
                organisationId,
                principal.grants.map(({ unitId }) => unitId),
              )
        const units = [...tree, ...granted.filter(({ kind }) => kind === 'achievement')]
        const readable = withHeld(principal, units, units).filter(({ rights }) => rights.includes('read'))
        if (readable.length === 0) throw errors.forbidden({ right: 'read' })
        return readable.filter(({ unit }) => matches(unit, filter))
      }),

    /** Achievements that the caller may read, newest first. Throws `forbidden` where there is none anywhere. */
    achievements: (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
      filter: Omit<UnitFilter, 'kind'>,
    ): Promise<Page<UnitWithRights>> =>
      database.inOrganisation(organisationId, async (stores) => {
        const among = await achievementsWith(stores, principal, 'read', organisationId)
        const { items, ...rest } = await stores.organisations.achievementUnits(organisationId, page, {
          ...filter,
          among,
        })
        const tree = await stores.organisations.units(organisationId)
        return { ...rest, items: withHeld(principal, [...tree, ...items], items) }
      }),

    find: (principal: Principal, organisationId: OrganisationId, id: UnitId): Promise<UnitWithRights> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId, id)
        return withRights(stores, principal, organisationId, id)
      }),

    /** Throws `unit-too-deep`, and `unit-of-achievement` where it would stand below an achievement. */
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
        refuseAchievement(await found(stores, organisationId, parentId))
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
     * Throws `precondition-failed`, `unit-cycle`, `unit-too-deep`, `unit-of-achievement`, and `conflict` for what else
     * has no name or place of its own.
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
        refuseAchievement(unit)
        if (unit.revision !== seen) throw errors.preconditionFailed({ current: unit.revision })
        const to = { ...unit, ...change }
        const isMoved = to.parentId !== unit.parentId
        const isRenamed = to.name !== unit.name
        if (isRenamed && unit.kind === 'issuer') throw fixed(unit, 'it has the name of its issuer')
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

    /** Deletes a group in which nothing is left. Throws `unit-not-empty`, `unit-of-achievement`, and `conflict` for what else is no group. */
    delete: (
      principal: Principal,
      organisationId: OrganisationId,
      id: UnitId,
      seen?: number,
    ): Promise<void> =>
      database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        const caller = await lock(stores, principal, organisationId, now)
        await requireRight(stores, caller, 'administer', organisationId, id)
        const unit = await found(stores, organisationId, id)
        refuseAchievement(unit)
        requireSeen(unit, seen)
        if (unit.kind !== 'group' || unit.parentId === undefined)
          throw fixed(unit, `it is an ${unit.kind}; only a group can be deleted`)
        const use = await stores.organisations.unitUse(organisationId, id, now)
        if (Object.values(use).some((count) => count > 0)) throw errors.unitNotEmpty({ ...use })
        await expireInvitations(stores, audit, organisationId, now)
        await stores.organisations.deleteUnit(unit, unit.parentId)
        await record(stores, caller, unit, 'unit.deleted', now)
      }),
  }
}

/** An achievement is its unit: what would change the one has to change the other. Throws `unit-of-achievement`. */
function refuseAchievement({ kind, id }: Unit): void {
  if (kind === 'achievement') throw errors.unitOfAchievement({ achievementId: id })
}

/** The organisation is its root, and an issuer has the name of its own: neither is deleted. */
const fixed = ({ kind, parentId }: Unit, reason: string) =>
  errors.conflict({
    what: 'unit',
    reason,
    state: kind,
    possible: parentId === undefined ? ['rename'] : ['move'],
  })

/** Some of the units, each with what somebody may do there; `among` are these and all above them. */
function withHeld(
  principal: Principal,
  among: readonly Unit[],
  units: readonly Unit[],
): readonly UnitWithRights[] {
  const held = rightsIn(principal, among)
  return units.map((unit) => ({ unit, rights: held.get(unit.id) ?? [] }))
}

const matches = (unit: Unit, { kind, parentId, name }: UnitFilter): boolean =>
  (kind === undefined || unit.kind === kind) &&
  (parentId === undefined || unit.parentId === parentId) &&
  (name === undefined || unit.name.toLowerCase().includes(name.toLowerCase()))

async function requireMove(
  stores: Stores,
  caller: Principal,
  unit: Unit,
  to: UnitId | undefined,
): Promise<void> {
  const { organisationId, id, parentId: from } = unit
  if (from === undefined || to === undefined)
    throw fixed(unit, 'it is the organisation itself, above which there is nothing')
  await requireRight(stores, caller, 'administer', organisationId, from)
  await requireRight(stores, caller, 'administer', organisationId, to)
  refuseAchievement(await found(stores, organisationId, to))
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
  const path = await stores.organisations.unitPath(organisationId, id)
  return { unit, rights: RIGHTS.filter((right) => holdsRight(principal, right, path)) }
}

async function found(stores: Stores, organisationId: OrganisationId, id: UnitId): Promise<Unit> {
  const unit = await stores.organisations.findUnit(organisationId, id)
  if (unit === undefined) throw errors.notFound({ what: 'unit', id })
  return unit
}
