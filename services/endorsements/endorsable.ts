import { unitOfAchievement } from '#engine/access/achievement-unit.ts'
import { issuerProfileDocument } from '#engine/credentials/issuer-profile.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type {
  AchievementId,
  AchievementVersionId,
  CredentialId,
  IssuerId,
  UnitId,
} from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { profileOf } from '#services/issuers/profile-of-issuer.ts'
import type { EndorsementTarget } from '#services/ports/endorsement-store.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/** Something that can be endorsed, as immutable bytes. */
export interface Endorsable {
  readonly issuer: Issuer
  readonly id: string
  readonly name: string
  readonly document: JsonObject
}

/** Throws `not-found`. A credential can be endorsed as soon as it is prepared: its digest is that of the unproofed document. */
export async function findEndorsable(
  stores: Stores,
  target: EndorsementTarget,
  targetId: string,
): Promise<Endorsable> {
  if (target === 'issuer') {
    const issuer = await stores.issuers.find(targetId as IssuerId)
    if (issuer === undefined) throw errors.notFound({ what: 'issuer', id: targetId })
    const profile = profileOf(issuer)
    return { issuer, id: profile.did, name: profile.name, document: issuerProfileDocument(profile) }
  }
  if (target === 'achievement_version') {
    const version = await stores.achievements.version(targetId as never)
    const achievement =
      version === undefined ? undefined : await stores.achievements.find(version.achievementId)
    const issuer = achievement === undefined ? undefined : await stores.issuers.find(achievement.issuerId)
    if (version === undefined || issuer === undefined || !('document' in version))
      throw errors.notFound({ what: 'published achievement version', id: targetId })
    const { definition } = version
    return {
      issuer,
      id: `${issuer.origin}/achievements/${version.achievementId}`,
      name: textIn(definition.name, definition.language, definition.language),
      document: JSON.parse(new TextDecoder().decode(version.document)) as JsonObject,
    }
  }
  const credential = await stores.credentials.find(targetId as never)
  const edition =
    credential === undefined ? undefined : (await stores.credentials.editions(credential.id)).at(-1)
  const issuer = credential === undefined ? undefined : await stores.issuers.find(credential.issuerId)
  if (edition === undefined || issuer === undefined)
    throw errors.notFound({ what: 'credential', id: targetId })
  const document = JSON.parse(new TextDecoder().decode(edition.prepared)) as JsonObject
  return { issuer, id: `urn:uuid:${targetId}`, name: String(document['name']), document }
}

/** Where a right on it counts: on its achievement, by a version or a badge of it, or on the unit of the issuer itself. */
export async function endorsedUnit(
  stores: Stores,
  target: EndorsementTarget,
  targetId: string,
  issuer: Issuer,
): Promise<UnitId> {
  if (target === 'issuer') return issuer.unitId
  const achievementId = await endorsedAchievement(stores, target, targetId)
  if (achievementId === undefined) throw errors.notFound({ what: target, id: targetId })
  return unitOfAchievement(achievementId)
}

async function endorsedAchievement(
  stores: Stores,
  target: 'achievement_version' | 'credential',
  targetId: string,
): Promise<AchievementId | undefined> {
  if (target === 'achievement_version')
    return (await stores.achievements.version(targetId as AchievementVersionId))?.achievementId
  const credential = await stores.credentials.find(targetId as CredentialId)
  return credential === undefined ? undefined : (await stores.awards.find(credential.awardId))?.achievementId
}
