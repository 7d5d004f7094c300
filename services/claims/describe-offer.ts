import { domainOf } from '#engine/credentials/did-web.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { describeAchievement } from '#services/achievements/describe-achievement.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import type { AchievementVersion } from '#services/ports/achievement-store.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/** What is on offer, whichever way it came to be: what the page of a claim says of the badge and who gives it. */
export interface DescribedOffer {
  readonly achievementName: string
  readonly achievementDescription: string
  readonly issuerName: string
  readonly issuerDomain: string
  readonly image?: string
  readonly test: boolean
}

/** Throws `claim-invalid`. */
export async function describeOffer(
  stores: Stores,
  of: Pick<Award, 'organisationId' | 'issuerId' | 'achievementId' | 'achievementVersionId'>,
): Promise<{
  readonly described: DescribedOffer
  readonly issuer: Issuer
  readonly version: AchievementVersion
}> {
  const issuer = await stores.issuers.find(of.issuerId)
  const version = await stores.achievements.version(of.achievementVersionId)
  if (issuer === undefined || version === undefined) throw errors.claimInvalid({})
  const { definition } = version
  const { description, image } = describeAchievement(issuer, of.achievementId, version.version, definition)
  return {
    issuer,
    version,
    described: {
      achievementName: textIn(definition.name, definition.language, definition.language),
      achievementDescription: description,
      issuerName: issuer.name,
      issuerDomain: domainOf(issuer.did) ?? new URL(issuer.origin).hostname,
      test: isTestIssuer(issuer, await stores.organisations.find(of.organisationId)),
      ...(image === undefined ? {} : { image: image.id }),
    },
  }
}
