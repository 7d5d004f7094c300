import { actorOf, type Principal, type Right } from '#engine/access/rights.ts'
import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import { type MissingMember, missingMembers } from '#engine/achievements/required-members.ts'
import { checkSmart, type SmartFinding } from '#engine/achievements/smart-check.ts'
import { achievementBytes } from '#engine/credentials/achievement-document.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { toHex } from '#engine/shared/bytes.ts'
import type {
  AchievementId,
  AchievementVersionId,
  IssuerId,
  LeafId,
  OrganisationId,
} from '#engine/shared/ids.ts'
import { requireSeen } from '#engine/shared/require-seen.ts'
import { achievementsWith } from '#services/access/achievements-with.ts'
import { requireRight, requireRightOnAchievement, requireRightSomewhere } from '#services/access/authorise.ts'
import type { AddLeaf } from '#services/anchoring/add-leaf.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { DisclosingKey } from '#services/issuers/disclosing-key.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import { specimen } from '#services/issuers/specimen.ts'
import type {
  Achievement,
  AchievementName,
  AchievementVersion,
  PublishedVersion,
} from '#services/ports/achievement-store.ts'
import type { BadgeImages } from '#services/ports/badge-images.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { checkDefinition, requireResultsFit } from './check-definition.ts'
import { describeAchievement } from './describe-achievement.ts'
import { requireExpertReviews } from './expert-review-standing.ts'
import { actsOn, requireDraft, requireReviewed, stepOf } from './review-steps.ts'

export interface ManageAchievementsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly addLeaf: AddLeaf
  readonly images: BadgeImages
  readonly suite: CredentialSuite
  readonly disclosingKey: DisclosingKey
  readonly wakeUps: WakeUps
}

export interface AchievementWithVersions {
  readonly achievement: Achievement
  readonly versions: readonly AchievementVersion[]
}

export const createManageAchievements = (needs: ManageAchievementsNeeds) => {
  const { database, clock, random, hashes, audit, addLeaf, images, suite, disclosingKey, wakeUps } = needs

  const record = (stores: Stores, principal: Principal, achievement: Achievement, action: string) =>
    audit(stores, {
      organisationId: achievement.organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action,
      targetType: 'achievement',
      targetId: achievement.id,
    })

  const draft = (
    achievement: Achievement,
    version: number,
    definition: AchievementDefinition,
    principal: Principal,
  ): AchievementVersion => ({
    organisationId: achievement.organisationId,
    id: random.rowId() as AchievementVersionId,
    achievementId: achievement.id,
    version,
    state: 'draft',
    definition,
    revision: 1,
    authors: [actorOf(principal)],
  })

  /** An achievement without a picture of its own gets a drawn one, the same for the same achievement. */
  const withImage = async (
    stores: Stores,
    id: AchievementId,
    definition: AchievementDefinition,
  ): Promise<AchievementDefinition> => {
    if (definition.image !== undefined) return definition
    const bytes = await images.draw(id)
    const sha256 = hashes.sha256(bytes)
    await stores.files.put({ sha256, bytes, mediaType: 'image/png' })
    return { ...definition, image: toHex(sha256).slice(2) }
  }

  return {
    /** What stands in the way of publishing a definition, and what its criteria lack. Saves nothing. */
    check: (
      principal: Principal,
      organisationId: OrganisationId,
      definition: AchievementDefinition,
    ): Promise<{ readonly missing: readonly MissingMember[]; readonly advice: readonly SmartFinding[] }> =>
      database.inOrganisation(organisationId, async (stores) => {
        requireRightSomewhere(principal, 'read', organisationId)
        await checkDefinition(stores, definition)
        const { criteriaItems = [], language } = definition
        return { missing: missingMembers(definition), advice: checkSmart(criteriaItems, language) }
      }),

    /** Makes an achievement with its first version, a draft. */
    create: (
      principal: Principal,
      organisationId: OrganisationId,
      wanted: {
        readonly issuerId: IssuerId
        readonly slug: string
        readonly definition: AchievementDefinition
      },
    ): Promise<AchievementWithVersions> =>
      database.inOrganisation(organisationId, async (stores) => {
        const issuer = await issuerOf(stores, wanted.issuerId)
        await requireRight(stores, principal, 'create', organisationId, issuer.unitId)
        await checkDefinition(stores, wanted.definition)
        const achievement: Achievement = {
          organisationId,
          id: random.uuid() as AchievementId,
          issuerId: issuer.id,
          slug: wanted.slug,
          createdAt: clock.now(),
          listing: 'unlisted',
        }
        if (!(await stores.achievements.insert(achievement)))
          throw errors.achievementSlugTaken({ slug: wanted.slug })
        const defined = await withImage(stores, achievement.id, wanted.definition)
        const version = draft(achievement, 1, defined, principal)
        await stores.achievements.insertVersion(version)
        await record(stores, principal, achievement, 'achievement.created')
        return { achievement, versions: [version] }
      }),

    /** Those that the caller may read, with all their versions, the oldest first. Throws `forbidden` where that is none anywhere. */
    list: (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
    ): Promise<Page<AchievementWithVersions>> =>
      database.readingInOrganisation(organisationId, async (stores) => {
        const among = await achievementsWith(stores, principal, 'read', organisationId)
        const { items, ...rest } = await stores.achievements.page(organisationId, page, { among })
        const versions = Map.groupBy(
          await stores.achievements.versionsOfAll(items.map(({ id }) => id)),
          ({ achievementId }) => achievementId,
        )
        return {
          ...rest,
          items: items.map((achievement) => ({ achievement, versions: versions.get(achievement.id) ?? [] })),
        }
      }),

    /** What those are called that the caller may read: for lists that hold ids, and to choose one. */
    names: (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
    ): Promise<Page<AchievementName>> =>
      database.readingInOrganisation(organisationId, async (stores) => {
        const among = await achievementsWith(stores, principal, 'read', organisationId)
        return stores.achievements.names(organisationId, page, { among })
      }),

    find: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AchievementId,
    ): Promise<AchievementWithVersions> =>
      database.inOrganisation(organisationId, async (stores) => {
        const { achievement } = await achievementOf(stores, principal, 'read', id)
        return { achievement, versions: await stores.achievements.versions(id) }
      }),

    /** Starts the next version as a draft. Throws `draft-exists`. */
    createVersion: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AchievementId,
      definition: AchievementDefinition,
    ): Promise<AchievementVersion> =>
      database.inOrganisation(organisationId, async (stores) => {
        const { achievement } = await achievementOf(stores, principal, 'update', id)
        await checkDefinition(stores, definition)
        await stores.achievements.lock(id)
        const versions = await stores.achievements.versions(id)
        const open = versions.find((version) => !('document' in version))
        if (open !== undefined) {
          const { version, state } = open
          throw errors.draftExists({ version, state, possible: await actsOn(stores, open) })
        }
        const next = (versions.at(-1)?.version ?? 0) + 1
        const version = draft(achievement, next, await withImage(stores, id, definition), principal)
        await stores.achievements.insertVersion(version)
        await record(stores, principal, achievement, 'achievement.version_created')
        return version
      }),

    /** Replaces a draft that nobody changed since `revision`. Throws `precondition-failed`, `version-state-wrong`. */
    replaceDraft: (
      principal: Principal,
      organisationId: OrganisationId,
      id: AchievementId,
      change: {
        readonly version: number
        readonly revision: number
        readonly definition: AchievementDefinition
      },
    ): Promise<AchievementVersion> =>
      database.inOrganisation(organisationId, async (stores) => {
        const { achievement } = await achievementOf(stores, principal, 'update', id)
        const version = await versionOf(stores, id, change.version)
        await requireDraft(stores, version)
        await checkDefinition(stores, change.definition)
        if (
          !(await stores.achievements.replaceDraft(
            version.id,
            change.revision,
            await withImage(stores, id, change.definition),
            actorOf(principal),
          ))
        )
          throw errors.preconditionFailed({ current: version.revision })
        await record(stores, principal, achievement, 'achievement.draft_changed')
        return versionOf(stores, id, change.version)
      }),

    /**
     * Fixes the Achievement document of a draft, byte for byte, and retires the version published before it.
     * Throws `precondition-failed` where it was edited after the caller `seen` it.
     */
    publish: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: AchievementId,
      number: number,
      seen?: number,
    ): Promise<PublishedVersion> => {
      const published = await database.inOrganisation(organisationId, async (stores) => {
        const { achievement, issuer } = await achievementOf(stores, principal, 'update', id)
        await stores.achievements.lock(id)
        const version = await versionOf(stores, id, number)
        requireSeen(version, seen)
        await requireReviewed(stores, version)
        // `requireReviewed` let drafts and approved ones through.
        const state = version.state as 'draft' | 'approved'
        await requireExpertReviews(stores, version, hashes.sha256, clock.now())
        const missing = missingMembers(version.definition)
        if (missing.length > 0) throw errors.achievementIncomplete({ missing })
        requireResultsFit(version.definition)
        const organisation = await stores.organisations.find(organisationId)
        const description = describeAchievement(issuer, id, number, version.definition)
        const test = isTestIssuer(issuer, organisation)
        const document = achievementBytes(description, test)
        const now = clock.now()
        // What is published can be issued: better to be refused here than once somebody has earned it.
        const faults = await suite.lint(specimen(issuer, description, { id: version.id, now, test }))
        if (faults.length > 0) throw errors.credentialUnfit({ faults })
        const digest = hashes.sha256(document)
        if (!(await stores.achievements.publish(version.id, state, { document, digest, at: now })))
          throw errors.conflict({
            what: 'achievement version',
            reason: 'somebody else was faster to publish it',
          })
        await stores.achievements.addStep(
          stepOf(principal, version, { id: random.rowId(), kind: 'published', at: now }),
        )
        await addLeaf(stores, {
          issuer,
          kind: 'achievement-version',
          id: random.rowId() as LeafId,
          targetId: version.id,
          digest,
          at: now,
        })
        // Long before it signs, so that whoever keeps the DID document of the issuer for a while has it.
        if (version.definition.selectiveDisclosure === true) await disclosingKey(stores, issuer)
        await record(stores, principal, achievement, 'achievement.published')
        return (await versionOf(stores, id, number)) as PublishedVersion
      })
      if (published.definition.selectiveDisclosure === true) await wakeUps.wake('send')
      return published
    },
  }
}

/** The achievement and its issuer, for someone who holds the right on the achievement, its issuer or above. */
export async function achievementOf(
  stores: Stores,
  principal: Principal,
  right: Right,
  id: AchievementId,
): Promise<{ readonly achievement: Achievement; readonly issuer: Issuer }> {
  const achievement = await stores.achievements.find(id)
  if (achievement === undefined) throw errors.notFound({ what: 'achievement', id })
  const issuer = await issuerOf(stores, achievement.issuerId)
  await requireRightOnAchievement(stores, principal, right, achievement.organisationId, id)
  return { achievement, issuer }
}

async function issuerOf(stores: Stores, id: IssuerId): Promise<Issuer> {
  const issuer = await stores.issuers.find(id)
  if (issuer === undefined) throw errors.notFound({ what: 'issuer', id })
  return issuer
}

/** Throws `not-found`. */
export async function versionOf(
  stores: Stores,
  id: AchievementId,
  number: number,
): Promise<AchievementVersion> {
  const version = (await stores.achievements.versions(id)).find((each) => each.version === number)
  if (version === undefined) throw errors.notFound({ what: 'achievement version', id: String(number) })
  return version
}
