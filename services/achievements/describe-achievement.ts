import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import { criteriaNarrative } from '#engine/achievements/criterion-item.ts'
import { resultDescriptionUri } from '#engine/awards/award-results.ts'
import type { AchievementDescription } from '#engine/credentials/achievement-document.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'

/** A version in the one language in which it is issued, as it stands in documents. */
export function describeAchievement(
  issuer: Issuer,
  achievementId: string,
  version: number,
  definition: AchievementDefinition,
): AchievementDescription {
  const { language, image, resultDescriptions = [], criteriaItems = [], workload } = definition
  const id = `${issuer.origin}/achievements/${achievementId}`
  return {
    id,
    version: String(version),
    name: textIn(definition.name, language, language),
    description: textIn(definition.description, language, language),
    criteriaNarrative: criteriaNarrative(definition.criteria, criteriaItems, language),
    achievementType: definition.achievementType,
    inLanguage: language,
    tags: definition.tags,
    alignments: definition.alignments,
    // Study hours and hours are no credits: how many they would be differs by country and by sector.
    ...(workload?.unit === 'ects' ? { creditsAvailable: workload.amount } : {}),
    ...codesOf(definition),
    ...(resultDescriptions.length === 0
      ? {}
      : {
          resultDescriptions: resultDescriptions.map(({ id: slug, name, type, ...values }) => ({
            id: resultDescriptionUri(id, slug),
            name: textIn(name, language, language),
            resultType: type,
            ...values,
          })),
        }),
    creator: { did: issuer.did, name: issuer.name, url: issuer.url },
    ...(image === undefined
      ? {}
      : {
          image: {
            id: `${issuer.origin}/images/${image}.png`,
            caption: textIn(definition.imageAlt ?? definition.name, language, language),
          },
        }),
  }
}

/** What the standard has a member for, and the definition a value. */
const codesOf = ({
  humanCode,
  fieldOfStudy,
  specialization,
  otherIdentifiers,
}: AchievementDefinition): Partial<AchievementDescription> => ({
  ...(humanCode === undefined ? {} : { humanCode }),
  ...(fieldOfStudy === undefined ? {} : { fieldOfStudy }),
  ...(specialization === undefined ? {} : { specialization }),
  ...(otherIdentifiers === undefined ? {} : { otherIdentifiers }),
})
