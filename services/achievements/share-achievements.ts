import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, AchievementShareId, OrganisationId } from '#engine/shared/ids.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Achievement, AchievementVersion, Listing } from '#services/ports/achievement-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Random } from '#services/ports/random.ts'
import type { AchievementShare } from '#services/ports/share-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { AchievementWithVersions } from './manage-achievements.ts'
import { achievementOf, versionOf } from './manage-achievements.ts'
import type { NamedVersion } from './review-achievements.ts'

export interface ShareAchievementsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
}

/** The side of whoever has an achievement to show; the other side is read-shared-achievements.ts. */
export const createShareAchievements = ({ database, clock, random, audit }: ShareAchievementsNeeds) => {
  const record = (
    stores: Stores,
    principal: Principal,
    { organisationId, id }: Achievement,
    action: string,
    detail: Record<string, string>,
  ) =>
    audit(stores, {
      organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action,
      targetType: 'achievement',
      targetId: id,
      detail,
    })

  return {
    /** Whether the catalogue shows it to everybody, and whether every organisation may copy it. */
    setListing: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AchievementId,
      listing: Listing,
    ): Promise<AchievementWithVersions> =>
      database.inOrganisation(organisationId, async (stores) => {
        const { achievement } = await achievementOf(stores, principal, 'update', id)
        await stores.achievements.setListing(id, listing)
        await record(stores, principal, achievement, `achievement.${listing}`, {})
        return {
          achievement: { ...achievement, listing },
          versions: await stores.achievements.versions(id),
        }
      }),

    /** Throws `not-found` for the organisation, `version-not-shareable`, `share-open`. */
    share: async (
      principal: Principal,
      organisationId: OrganisationId,
      named: NamedVersion,
      /** With whom, by id or slug. */
      wanted: { readonly organisation: string; readonly kind: AchievementShare['kind'] },
    ): Promise<AchievementShare> => {
      const receiver = await database.asWorker((stores) =>
        stores.shares.organisationNamed(wanted.organisation),
      )
      return database.inOrganisation(organisationId, async (stores) => {
        const { achievement } = await achievementOf(stores, principal, 'update', named.id)
        await stores.achievements.lock(named.id)
        const version = await versionOf(stores, named.id, named.version)
        if (receiver === undefined || receiver.id === organisationId)
          throw errors.notFound({ what: 'organisation', id: wanted.organisation })
        requireShareable(version)
        const open = (await stores.shares.ofAchievement(organisationId, named.id)).find(
          ({ versionId, withOrganisation, withdrawnAt }) =>
            versionId === version.id && withOrganisation === receiver.id && withdrawnAt === undefined,
        )
        if (open !== undefined) throw errors.shareOpen({ shareId: open.id })
        const share: AchievementShare = {
          organisationId,
          id: random.rowId() as AchievementShareId,
          achievementId: named.id,
          versionId: version.id,
          withOrganisation: receiver.id,
          kind: wanted.kind,
          sharedBy: actorOf(principal),
          sharedAt: clock.now(),
        }
        await stores.shares.insert(share)
        await record(stores, principal, achievement, 'achievement.shared', {
          share: share.id,
          with: receiver.id,
          kind: share.kind,
        })
        return share
      })
    },

    shares: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AchievementId,
    ): Promise<readonly AchievementShare[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        await achievementOf(stores, principal, 'read', id)
        return stores.shares.ofAchievement(organisationId, id)
      }),

    /** Copies that were made stay. Throws `share-withdrawn`. */
    withdraw: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AchievementId,
      shareId: AchievementShareId,
    ): Promise<AchievementShare> =>
      database.inOrganisation(organisationId, async (stores) => {
        const { achievement } = await achievementOf(stores, principal, 'delete', id)
        const share = await stores.shares.find(shareId)
        if (share === undefined || share.achievementId !== id)
          throw errors.notFound({ what: 'share', id: shareId })
        const at = clock.now()
        if (!(await stores.shares.withdraw(share, actorOf(principal), at)))
          throw errors.shareWithdrawn({ state: 'withdrawn', possible: ['share it again'] })
        await record(stores, principal, achievement, 'achievement.share_withdrawn', { share: share.id })
        return { ...share, withdrawnAt: at }
      }),
  }
}

/** What others are shown is final, and its organisation stands behind it. Throws `version-not-shareable`. */
export function requireShareable({ version, state }: AchievementVersion): void {
  if (state !== 'published' && state !== 'retired')
    throw errors.versionNotShareable({ version, state, possible: state === 'withdrawn' ? [] : ['publish'] })
}
