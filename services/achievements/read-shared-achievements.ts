import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { byId } from '#engine/shared/by-id.ts'
import type { AchievementId, AchievementShareId, OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { PublishedVersion } from '#services/ports/achievement-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Organisation } from '#services/ports/organisation-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { AchievementShare } from '#services/ports/share-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { requireShareable } from './share-achievements.ts'

/** A version of another organisation that this one may see. */
export interface SharedAchievement {
  readonly share?: AchievementShare
  readonly organisation: Organisation
  readonly issuer: Issuer
  readonly version: PublishedVersion
  readonly mayCopy: boolean
}

/**
 * The one place where an organisation reads what is another's: a worker looks it up, by a share that names the reader and
 * is open, or because it is listed. Row-level security lets no tenant do it. A share with somebody else is "not found".
 */
export const createReadSharedAchievements = ({ database }: { readonly database: Database }) => {
  const may = (principal: Principal, organisationId: OrganisationId, right: 'read' | 'create') =>
    database.inOrganisation(organisationId, (stores) =>
      requireRight(stores, principal, right, organisationId),
    )
  const find = (organisationId: OrganisationId, id: AchievementShareId): Promise<SharedAchievement> =>
    database.asWorker(async (stores) => {
      const share = await stores.shares.find(id)
      const isOurs = share?.withOrganisation === organisationId && share.withdrawnAt === undefined
      const [shared] = share !== undefined && isOurs ? await sharedBy(stores, [share]) : []
      if (shared === undefined) throw errors.notFound({ what: 'share', id })
      return shared
    })

  return {
    /** What others share with this organisation, newest first. */
    list: async (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
    ): Promise<Page<SharedAchievement>> => {
      await may(principal, organisationId, 'read')
      return database.asWorker(async (stores) => {
        const { items, ...rest } = await stores.shares.withOrganisation(organisationId, page)
        return { ...rest, items: await sharedBy(stores, items) }
      })
    },

    find: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: AchievementShareId,
    ): Promise<SharedAchievement> => {
      await may(principal, organisationId, 'read')
      return find(organisationId, id)
    },

    /** What is to be copied: what a share shows, or the newest published version of what the catalogue lists. */
    toCopy: async (
      organisationId: OrganisationId,
      from: { readonly shareId: AchievementShareId } | { readonly achievementId: AchievementId },
    ): Promise<SharedAchievement> => {
      const shared =
        'shareId' in from
          ? await find(organisationId, from.shareId)
          : await listed(database, from.achievementId)
      requireShareable(shared.version)
      if (!shared.mayCopy) throw errors.copyNotAllowed({})
      return shared
    },
  }
}
export type ReadSharedAchievements = ReturnType<typeof createReadSharedAchievements>

/** In their order, in four queries however many they are. */
async function sharedBy(
  stores: Stores,
  shares: readonly AchievementShare[],
): Promise<readonly SharedAchievement[]> {
  if (shares.length === 0) return []
  const achievements = byId(
    await stores.achievements.findMany(shares.map(({ achievementId }) => achievementId)),
  )
  const versions = byId(await stores.achievements.findVersions(shares.map(({ versionId }) => versionId)))
  const issuers = byId(
    await stores.issuers.findMany([...achievements.values()].map(({ issuerId }) => issuerId)),
  )
  const organisations = byId(
    await stores.organisations.findMany(shares.map(({ organisationId }) => organisationId)),
  )
  return shares.flatMap((share) => {
    const organisation = organisations.get(share.organisationId)
    const version = versions.get(share.versionId)
    const achievement = achievements.get(share.achievementId)
    const issuer = achievement === undefined ? undefined : issuers.get(achievement.issuerId)
    if (
      organisation === undefined ||
      issuer === undefined ||
      version === undefined ||
      !('document' in version)
    )
      return []
    return [{ share, organisation, issuer, version, mayCopy: share.kind === 'copy' }]
  })
}

const listed = (database: Database, id: AchievementId): Promise<SharedAchievement> =>
  database.asWorker(async (stores) => {
    const achievement = await stores.achievements.find(id)
    const [version] = achievement === undefined ? [] : await stores.achievements.published([id])
    const issuer = achievement === undefined ? undefined : await stores.issuers.find(achievement.issuerId)
    const organisation =
      achievement === undefined ? undefined : await stores.organisations.find(achievement.organisationId)
    const isListed = achievement !== undefined && achievement.listing !== 'unlisted'
    if (!isListed || version === undefined || issuer === undefined || organisation === undefined)
      throw errors.notFound({ what: 'achievement', id })
    return { organisation, issuer, version, mayCopy: achievement.listing === 'copyable' }
  })
