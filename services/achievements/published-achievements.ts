import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import { mandateState } from '#engine/achievements/assessor-mandate.ts'
import { domainOf } from '#engine/credentials/did-web.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId } from '#engine/shared/ids.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import type { PublishedVersion } from '#services/ports/achievement-store.ts'
import type { AssessorMandate } from '#services/ports/assessor-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Endorsement } from '#services/ports/endorsement-store.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'

export interface PictureOfLevel {
  readonly result: string
  readonly level: string
  /** What the level is called. */
  readonly name: LocalisedText
  readonly url: string
  readonly altText: LocalisedText
}

export interface PublishedAchievement {
  readonly version: PublishedVersion
  readonly issuer: Issuer
  readonly issuerDomain: string
  readonly test: boolean
  readonly image?: string
  readonly imageLevels: readonly PictureOfLevel[]
  readonly endorsements: readonly Endorsement[]
  /** Those who may assess today. Whom they are is told only with their consent. */
  readonly assessors: readonly AssessorMandate[]
}

/** An achievement as everybody may see it: a published version, the newest unless one is asked for. */
export const createPublishedAchievements =
  ({ database, clock }: { readonly database: Database; readonly clock: Clock }) =>
  (id: AchievementId, number?: number): Promise<PublishedAchievement> =>
    database.asWorker(async (stores) => {
      const achievement = await stores.achievements.find(id)
      const versions = (await stores.achievements.versions(id)).filter(
        (each): each is PublishedVersion => 'document' in each,
      )
      const version =
        number === undefined ? versions.at(-1) : versions.find((each) => each.version === number)
      const issuer = achievement === undefined ? undefined : await stores.issuers.find(achievement.issuerId)
      if (version === undefined || issuer === undefined) throw errors.notFound({ what: 'achievement', id })
      const { image } = version.definition
      return {
        version,
        issuer,
        issuerDomain: domainOf(issuer.did) ?? new URL(issuer.origin).hostname,
        test: isTestIssuer(issuer, await stores.organisations.find(issuer.organisationId)),
        ...(image === undefined ? {} : { image: `${issuer.origin}/images/${image}.png` }),
        imageLevels: picturesOf(version.definition, issuer),
        endorsements: await stores.endorsements.published([version.id, issuer.id]),
        assessors: (await stores.assessors.ofAchievement(issuer.organisationId, id)).filter(
          (mandate) => mandateState(mandate, clock.now()) === 'active',
        ),
      }
    })

/** In the order of the levels, lowest first. */
const picturesOf = (
  { imageLevels = [], resultDescriptions = [] }: AchievementDefinition,
  issuer: Issuer,
): readonly PictureOfLevel[] =>
  resultDescriptions.flatMap(({ id: result, levels = [] }) =>
    levels.flatMap(({ id: level, name }) =>
      imageLevels
        .filter((each) => each.result === result && each.level === level)
        .map(({ image, altText }) => ({
          result,
          level,
          name,
          url: `${issuer.origin}/images/${image}.png`,
          altText,
        })),
    ),
  )
