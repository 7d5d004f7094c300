import { actorOf, type Principal } from '#engine/access/rights.ts'
import { type ChangeAction, changeDigest } from '#engine/awards/award-change.ts'
import { possibleSteps, REVOCABLE_STATES } from '#engine/awards/award-life.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { AchievementId, AwardChangeId, AwardId, OrganisationId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { requireRight, requireRightOnAchievement } from '#services/access/authorise.ts'
import { requireOtherPerson } from '#services/access/require-other-person.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { StartJob } from '#services/job-control/start-job.ts'
import type { AwardChange, AwardChangeCounts, AwardChangeItem } from '#services/ports/award-change-store.ts'
import type { Award, AwardSelection } from '#services/ports/award-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { lifeAsListed } from './award-life-of.ts'

export interface ChangeAwardsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly startJob: StartJob
  readonly wakeUps: WakeUps
}

/** More awards than this are several changes: a person is to have looked at each. */
const MOST_AWARDS = 10_000
/** For how long somebody may confirm it: nobody is to find one from last year. */
const CHANGE_MS = 7 * DAY_MS

const NOTHING: AwardChangeCounts = { actions: { revoke: 0, reissue: 0 }, done: 0, left: 0, open: 0 }

export interface AwardChangeView {
  readonly change: AwardChange
  readonly counts: AwardChangeCounts
  readonly isOver: boolean
  readonly needsSecondPerson: boolean
}

interface Why {
  readonly reason: string
  readonly note?: string
}

/**
 * What is to become of many awards: prepared with a list and a digest of it, confirmed by whoever gives the digest back,
 * and done by a job that can be cancelled. What is done is what was seen: an award that has changed meanwhile is left.
 */
export const createChangeAwards = (needs: ChangeAwardsNeeds) => {
  const { database, clock, random, hashes, audit, startJob, wakeUps } = needs

  const views = async (
    stores: Stores,
    organisationId: OrganisationId,
    changes: readonly AwardChange[],
  ): Promise<readonly AwardChangeView[]> => {
    const all = await stores.awardChanges.counts(changes.map(({ id }) => id))
    const { secondPersonRevokesMany } = await stores.settings.find(organisationId)
    return changes.map((change) => {
      const counts = all.get(change.id) ?? NOTHING
      return {
        change,
        counts,
        isOver: change.expiresAt <= clock.now(),
        needsSecondPerson: secondPersonRevokesMany && counts.actions.revoke > 0,
      }
    })
  }
  const view = async (stores: Stores, change: AwardChange): Promise<AwardChangeView> => {
    const [shown] = await views(stores, change.organisationId, [change])
    if (shown === undefined) throw errors.notFound({ what: 'award change', id: change.id })
    return shown
  }

  const insert = async (
    stores: Stores,
    principal: Principal,
    organisationId: OrganisationId,
    wanted: Why & {
      readonly kind: AwardChange['kind']
      readonly selection: JsonObject
      readonly awards: readonly Award[]
      readonly actionOf: (award: Award) => ChangeAction
    },
  ): Promise<AwardChangeView> => {
    const { kind, selection, awards, actionOf, reason, note } = wanted
    if (awards.length === 0 || awards.length > MOST_AWARDS)
      throw errors.awardSelection({ found: awards.length, most: MOST_AWARDS })
    await requireAwarding(stores, principal, organisationId, awards)
    const items = awards.map((award): AwardChangeItem => {
      const { id: awardId, revision, subjectId } = award
      return { awardId, revision, subjectId, action: actionOf(award) }
    })
    const at = clock.now()
    const change: AwardChange = {
      organisationId,
      id: random.rowId() as AwardChangeId,
      kind,
      selection,
      reason,
      ...(note === undefined ? {} : { note }),
      digest: changeDigest(items, hashes.sha256),
      state: 'prepared',
      preparedBy: actorOf(principal),
      createdAt: at,
      expiresAt: asInstant(at + CHANGE_MS),
    }
    await stores.awardChanges.insert(change, items)
    await told(stores, principal, change, 'prepared')
    return view(stores, change)
  }

  const told = (stores: Stores, principal: Principal, change: AwardChange, what: string): Promise<void> =>
    audit(stores, {
      organisationId: change.organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action: `award_change.${what}`,
      targetType: 'award_change',
      targetId: change.id,
      detail: {
        kind: change.kind,
        reason: change.reason,
        ...(change.note === undefined ? {} : { note: change.note }),
      },
    })

  /** Whether its awards are still what was seen, and a revocation still means the same ones. */
  const isAsSeen = async (stores: Stores, change: AwardChange): Promise<boolean> => {
    const items = await stores.awardChanges.allItems(change.id)
    const { awardIds } = change.selection
    const isByFilter = change.kind === 'revocation' && awardIds === undefined
    const awards = isByFilter
      ? await revocable(stores, change.organisationId, change.selection as AwardSelection)
      : await stores.awards.select(
          change.organisationId,
          { awardIds: items.map(({ awardId }) => awardId) },
          MOST_AWARDS + 1,
        )
    const actions = new Map(items.map(({ awardId, action }) => [awardId, action]))
    const now = changeDigest(
      awards.map(({ id, revision }) => ({
        awardId: id,
        revision,
        action: actions.get(id) ?? 'revoke',
      })),
      hashes.sha256,
    )
    return toHex(now) === toHex(change.digest)
  }

  const decidable = async (stores: Stores, principal: Principal, id: AwardChangeId): Promise<AwardChange> => {
    const change = await stores.awardChanges.lock(id)
    if (change === undefined) throw errors.notFound({ what: 'award change', id })
    const items = await stores.awardChanges.allItems(id)
    await requireAwarding(
      stores,
      principal,
      change.organisationId,
      await stores.awards.select(
        change.organisationId,
        { awardIds: items.map(({ awardId }) => awardId) },
        MOST_AWARDS + 1,
      ),
    )
    const isLate = change.state === 'prepared' && change.expiresAt <= clock.now()
    if (isLate || change.state !== 'prepared')
      throw errors.awardChangeOver({ state: isLate ? 'expired' : change.state, possible: ['prepare'] })
    return change
  }

  return {
    /** Throws `award-selection` where it is nobody or too many, and `not-found` for an award that is named and not there. */
    prepareRevocation: (
      principal: Principal,
      organisationId: OrganisationId,
      selection: AwardSelection,
      why: Why,
    ): Promise<AwardChangeView> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireThere(stores, organisationId, selection.awardIds ?? [])
        const awards = await revocable(stores, organisationId, selection)
        return insert(stores, principal, organisationId, {
          ...why,
          kind: 'revocation',
          selection: { ...selection } as JsonObject,
          awards,
          actionOf: () => 'revoke',
        })
      }),

    /** As somebody decided of each award that was looked at. Throws `award-selection`, `award-state`, `not-found`. */
    prepareRepair: (
      principal: Principal,
      organisationId: OrganisationId,
      {
        actions,
        about,
        ...why
      }: Why & {
        readonly actions: ReadonlyMap<AwardId, ChangeAction>
        /** What they were looked at for. */
        readonly about: JsonObject
      },
    ): Promise<AwardChangeView> =>
      database.inOrganisation(organisationId, async (stores) => {
        const awardIds = [...actions.keys()]
        await requireThere(stores, organisationId, awardIds)
        const awards = await stores.awards.select(organisationId, { awardIds }, MOST_AWARDS + 1)
        for (const award of awards) {
          const action = actions.get(award.id) ?? 'revoke'
          const possible = possibleSteps(lifeAsListed(award))
          if (!possible.includes(action))
            throw errors.awardState({ state: award.state, isSigning: false, possible })
        }
        return insert(stores, principal, organisationId, {
          ...why,
          kind: 'repair',
          selection: about,
          awards,
          actionOf: ({ id }) => actions.get(id) ?? 'revoke',
        })
      }),

    list: (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
      filter: { readonly state?: AwardChange['state'] },
    ): Promise<Page<AwardChangeView>> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        const { items, next } = await stores.awardChanges.list(organisationId, page, filter)
        const shown = await views(stores, organisationId, items)
        return next === undefined ? { items: shown } : { items: shown, next }
      }),

    find: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AwardChangeId,
    ): Promise<AwardChangeView> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        return view(stores, await known(stores, id))
      }),

    items: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AwardChangeId,
      page: PageRequest,
    ): Promise<Page<AwardChangeItem>> =>
      database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'read', organisationId)
        await known(stores, id)
        return stores.awardChanges.items(id, page)
      }),

    /**
     * Lets it be done. Throws `award-change-over`, `award-change-moved` where the digest or what it names is not what is
     * there, and `second-person-needed` where the organisation wants two and one of them acts twice.
     */
    confirm: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: AwardChangeId,
      digest: Uint8Array,
    ): Promise<AwardChangeView> => {
      const confirmed = await database.inOrganisation(organisationId, async (stores) => {
        const change = await decidable(stores, principal, id)
        const { needsSecondPerson } = await view(stores, change)
        if (needsSecondPerson)
          await requireOtherPerson(stores, principal, organisationId, {
            by: change.preparedBy,
            right: 'award',
          })
        if (toHex(digest) !== toHex(change.digest) || !(await isAsSeen(stores, change)))
          throw errors.awardChangeMoved({})
        const job = await startJob(stores, {
          organisationId,
          kind: 'award_change',
          input: { changeId: id },
          createdBy: actorOf(principal),
          total: await stores.awardChanges.countSubjects(id),
        })
        await stores.awardChanges.decide(id, {
          state: 'confirmed',
          by: actorOf(principal),
          at: clock.now(),
          jobId: job.id,
        })
        await told(stores, principal, change, 'confirmed')
        return view(stores, await known(stores, id))
      })
      await wakeUps.wake('jobs')
      return confirmed
    },

    withdraw: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AwardChangeId,
    ): Promise<AwardChangeView> =>
      database.inOrganisation(organisationId, async (stores) => {
        const change = await decidable(stores, principal, id)
        await stores.awardChanges.decide(id, {
          state: 'withdrawn',
          by: actorOf(principal),
          at: clock.now(),
        })
        await told(stores, principal, change, 'withdrawn')
        return view(stores, await known(stores, id))
      }),
  }
}

/** One more than may be chosen: what cannot be revoked takes the place of none that can. */
const revocable = (stores: Stores, organisationId: OrganisationId, selection: AwardSelection) =>
  stores.awards.select(organisationId, { ...selection, states: REVOCABLE_STATES }, MOST_AWARDS + 1)

/** The right to award, on each achievement. */
async function requireAwarding(
  stores: Stores,
  principal: Principal,
  organisationId: OrganisationId,
  awards: readonly Award[],
): Promise<void> {
  for (const id of new Set<AchievementId>(awards.map(({ achievementId }) => achievementId)))
    await requireRightOnAchievement(stores, principal, 'award', organisationId, id)
}

async function requireThere(
  stores: Stores,
  organisationId: OrganisationId,
  awardIds: readonly AwardId[],
): Promise<void> {
  if (awardIds.length === 0) return
  const there = await stores.awards.select(organisationId, { awardIds }, MOST_AWARDS + 1)
  const ids = new Set(there.map(({ id }) => id))
  const missing = awardIds.find((id) => !ids.has(id))
  if (missing !== undefined) throw errors.notFound({ what: 'award', id: missing })
}

async function known(stores: Stores, id: AwardChangeId): Promise<AwardChange> {
  const change = await stores.awardChanges.find(id)
  if (change === undefined) throw errors.notFound({ what: 'award change', id })
  return change
}
