import type { AchievementDefinition, ResultDefinition } from '#engine/achievements/achievement-definition.ts'
import { criteriaNarrative } from '#engine/achievements/criterion-item.ts'
import type { Workload } from '#engine/achievements/workload.ts'
import { levelUri, resultDescriptionUri } from '#engine/awards/award-results.ts'
import type {
  AchievementDescription,
  ResultDescription,
  TranslatedAchievement,
} from '#engine/credentials/achievement-document.ts'
import type { Educredential } from '#engine/credentials/educredential.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'

/** A version in the one language in which it is issued, as it stands in documents. */
export function describeAchievement(
  issuer: Issuer,
  achievementId: string,
  version: number,
  definition: AchievementDefinition,
): AchievementDescription {
  const { language, image, resultDescriptions = [], criteriaItems = [], workload, educredential } = definition
  const id = `${issuer.origin}/achievements/${achievementId}`
  const otherLanguages = (definition.otherLanguages ?? []).filter((other) => other !== language)
  const translated = (other: string, fallback: string): TranslatedAchievement => ({
    id: addressIn(id, other),
    inLanguage: other,
    name: textIn(definition.name, other, fallback),
    description: textIn(definition.description, other, fallback),
    narrative: criteriaNarrative(definition.criteria, criteriaItems, other),
  })
  return {
    id,
    version: String(version),
    name: textIn(definition.name, language, language),
    description: textIn(definition.description, language, language),
    criteriaNarrative: criteriaNarrative(definition.criteria, criteriaItems, language),
    ...(definition.criteriaUrl === undefined ? {} : { criteriaUrl: definition.criteriaUrl }),
    achievementType: definition.achievementType,
    inLanguage: language,
    ...(otherLanguages.length === 0
      ? {}
      : { inOtherLanguages: otherLanguages.map((other) => translated(other, language)) }),
    tags: definition.tags,
    alignments: definition.alignments,
    // Study hours and hours are no credits: how many they would be differs by country and by sector.
    ...(workload?.unit === 'ects' ? { creditsAvailable: workload.amount } : {}),
    ...(educredential === undefined ? {} : { educredential: { ...educredential, ...workloadOf(workload) } }),
    ...codesOf(definition),
    ...(resultDescriptions.length === 0
      ? {}
      : {
          resultDescriptions: resultDescriptions.map((result) => describeResult(id, result, language)),
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

/**
 * A version in one of its other languages, as it is served at the address that badges name for it. Undefined for a language
 * that it is not told in.
 */
export function describeInLanguage(
  issuer: Issuer,
  achievementId: string,
  version: number,
  { definition, language }: { readonly definition: AchievementDefinition; readonly language: string },
): AchievementDescription | undefined {
  const { language: main, otherLanguages = [] } = definition
  if (!otherLanguages.includes(language)) return undefined
  const described = describeAchievement(issuer, achievementId, version, {
    ...definition,
    language,
    otherLanguages: [main, ...otherLanguages],
  })
  const { id, inOtherLanguages = [] } = described
  return {
    ...described,
    id: addressIn(id, language),
    inOtherLanguages: inOtherLanguages.map((each) => (each.inLanguage === main ? { ...each, id } : each)),
  }
}

const addressIn = (id: string, language: string): string => `${id}?language=${language}`

/** The educredential profile has a member for each unit. */
function workloadOf(workload: Workload | undefined): Educredential {
  if (workload === undefined) return {}
  const { unit, amount } = workload
  if (unit === 'ects') return { ects: amount }
  return unit === 'sbu' ? { sbu: amount } : { timeInvestment: amount }
}

function describeResult(
  achievementUri: string,
  { id: slug, name, type, levels, requiredLevel, allowedValues, ...values }: ResultDefinition,
  language: string,
): ResultDescription {
  return {
    id: resultDescriptionUri(achievementUri, slug),
    name: textIn(name, language, language),
    resultType: type,
    ...values,
    ...(allowedValues === undefined ? {} : { allowedValue: allowedValues }),
    ...(requiredLevel === undefined ? {} : { requiredLevel: levelUri(achievementUri, slug, requiredLevel) }),
    ...(levels === undefined
      ? {}
      : {
          rubricCriterionLevels: levels.map(({ id, name: title, description, ...rest }) => ({
            ...rest,
            id: levelUri(achievementUri, slug, id),
            name: textIn(title, language, language),
            ...(description === undefined ? {} : { description: textIn(description, language, language) }),
          })),
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
