import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { toHex } from '#engine/shared/bytes.ts'
import type {
  AchievementId,
  AchievementShareId,
  AchievementVersionId,
  IssuerId,
  OrganisationId,
} from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Achievement, AchievementVersion } from '#services/ports/achievement-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Random } from '#services/ports/random.ts'
import type { AchievementWithVersions } from './manage-achievements.ts'
import type { ReadSharedAchievements } from './read-shared-achievements.ts'

export interface CopyAchievementsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
  readonly sharedAchievements: ReadSharedAchievements
}

/**
 * Makes a draft of one's own of what another organisation shares or lists, with where it comes from. It follows no later
 * change of the original. Its picture is the same one: pictures are named by what is in them, belong to nobody, and stay.
 * Throws `not-found`, `copy-not-allowed`, `version-not-shareable`, `achievement-slug-taken`.
 */
export const createCopyAchievements =
  ({ database, clock, random, audit, sharedAchievements }: CopyAchievementsNeeds) =>
  async (
    principal: Principal,
    organisationId: OrganisationId,
    wanted: {
      readonly issuerId: IssuerId
      readonly slug: string
      readonly from: { readonly shareId: AchievementShareId } | { readonly achievementId: AchievementId }
    },
  ): Promise<AchievementWithVersions> => {
    // 1. Load. Nothing is looked up for somebody who may not create here.
    await database.inOrganisation(organisationId, async (stores) => {
      const issuer = await stores.issuers.find(wanted.issuerId)
      if (issuer === undefined) throw errors.notFound({ what: 'issuer', id: wanted.issuerId })
      await requireRight(stores, principal, 'create', organisationId, issuer.unitId)
    })
    const { organisation, version } = await sharedAchievements.toCopy(organisationId, wanted.from)

    // 2. Save.
    return database.inOrganisation(organisationId, async (stores) => {
      const now = clock.now()
      const achievement: Achievement = {
        organisationId,
        id: random.uuid() as AchievementId,
        issuerId: wanted.issuerId,
        slug: wanted.slug,
        createdAt: now,
        listing: 'unlisted',
        copiedFrom: {
          organisationId: organisation.id,
          organisationName: organisation.name,
          achievementId: version.achievementId,
          version: version.version,
          digest: toHex(version.digest).slice(2),
        },
      }
      if (!(await stores.achievements.insert(achievement)))
        throw errors.achievementSlugTaken({ slug: wanted.slug })
      const actor = actorOf(principal)
      const draft: AchievementVersion = {
        organisationId,
        id: random.rowId() as AchievementVersionId,
        achievementId: achievement.id,
        version: 1,
        state: 'draft',
        definition: version.definition,
        revision: 1,
        authors: [actor],
      }
      await stores.achievements.insertVersion(draft)
      await audit(stores, {
        organisationId,
        at: now,
        actor,
        action: 'achievement.copied',
        targetType: 'achievement',
        targetId: achievement.id,
        detail: { from: version.achievementId, version: version.version },
      })
      return { achievement, versions: [draft] }
    })
  }
