import type * as z from 'zod'
import type {
  Achievement,
  AchievementAbout,
  AchievementCheck,
  AchievementDefinition,
  AchievementEnd,
  AchievementName,
  AchievementStep,
  AchievementVersion,
} from '#api/schemas/achievements.ts'
import { unitOfAchievement } from '#engine/access/achievement-unit.ts'
import type {
  AchievementStory,
  AchievementDefinition as Definition,
  ResultDefinition,
} from '#engine/achievements/achievement-definition.ts'
import type { SmartFinding } from '#engine/achievements/smart-check.ts'
import { phraseSmart } from '#engine/achievements/smart-phrases.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { AchievementWithVersions } from '#services/achievements/manage-achievements.ts'
import type { AchievementStep as StoredStep } from '#services/ports/achievement-step.ts'
import type {
  AchievementName as NamedAchievement,
  PublishedVersion,
  AchievementVersion as StoredVersion,
} from '#services/ports/achievement-store.ts'
import { readTexts } from './read-texts.ts'
import { given, hex, timeOrNull } from './shown.ts'

export function readDefinition(body: z.output<typeof AchievementDefinition>): Definition {
  const { resultDescriptions, criteriaItems, educredential, ...definition } = readTexts(body)
  return {
    ...given(definition),
    ...(resultDescriptions === undefined ? {} : { resultDescriptions: resultDescriptions.map(readResult) }),
    ...(criteriaItems === undefined ? {} : { criteriaItems: criteriaItems.map((item) => given(item)) }),
    ...(educredential === undefined ? {} : { educredential: given(educredential) }),
    alignments: definition.alignments.map((alignment) => given(alignment)),
  }
}

const readResult = ({
  levels,
  alignments: own,
  ...described
}: NonNullable<z.output<typeof AchievementDefinition>['resultDescriptions']>[number]): ResultDefinition => ({
  ...given(described),
  ...(own === undefined ? {} : { alignments: own.map((each) => given(each)) }),
  ...(levels === undefined
    ? {}
    : {
        levels: levels.map(({ alignments, ...level }) => ({
          ...given(level),
          ...(alignments === undefined
            ? {}
            : { alignments: alignments.map((alignment) => given(alignment)) }),
        })),
      }),
})

const showResult = ({ levels, allowedValues, alignments: own, ...described }: ResultDefinition) => ({
  ...described,
  ...(allowedValues === undefined ? {} : { allowedValues: [...allowedValues] }),
  ...(own === undefined ? {} : { alignments: own.map((each) => ({ ...each })) }),
  ...(levels === undefined
    ? {}
    : {
        levels: levels.map(({ alignments, ...level }) => ({
          ...level,
          ...(alignments === undefined ? {} : { alignments: alignments.map((each) => ({ ...each })) }),
        })),
      }),
})

export const showDefinition = (definition: Definition): z.input<typeof AchievementDefinition> => {
  const {
    resultDescriptions,
    criteriaItems: _items,
    recognises: _recognises,
    learningOutcomes: _outcomes,
    workload: _workload,
    otherIdentifiers,
    imageLevels,
    otherLanguages,
    ...rest
  } = definition
  return {
    ...rest,
    ...(otherLanguages === undefined ? {} : { otherLanguages: [...otherLanguages] }),
    tags: [...definition.tags],
    alignments: definition.alignments.map((alignment) => ({ ...alignment })),
    ...(resultDescriptions === undefined ? {} : { resultDescriptions: resultDescriptions.map(showResult) }),
    ...(otherIdentifiers === undefined
      ? {}
      : { otherIdentifiers: otherIdentifiers.map((identifier) => ({ ...identifier })) }),
    ...(imageLevels === undefined ? {} : { imageLevels: imageLevels.map((each) => ({ ...each })) }),
    ...showAbout(definition),
  }
}

/** What its page tells beside the document. */
export const showAbout = (definition: Definition): z.input<typeof AchievementAbout> => {
  const { criteriaItems, workload, recognises, learningOutcomes } = definition
  return {
    ...storyOf(definition),
    ...(recognises === undefined ? {} : { recognises: [...recognises] }),
    ...(learningOutcomes === undefined ? {} : { learningOutcomes: [...learningOutcomes] }),
    ...(criteriaItems === undefined ? {} : { criteriaItems: criteriaItems.map((item) => ({ ...item })) }),
    ...(workload === undefined ? {} : { workload: { ...workload } }),
  }
}

const storyOf = ({
  badgeType,
  purpose,
  audience,
  recognisedThrough,
  place,
  use,
  participation,
  assessment,
  qualityAssurance,
}: AchievementStory) =>
  given({
    badgeType,
    purpose,
    audience,
    recognisedThrough,
    place,
    use,
    participation,
    assessment,
    qualityAssurance,
  })

export const showAdvice = (finding: SmartFinding): z.input<typeof AchievementCheck>['advice'][number] => ({
  ...finding,
  text: { en: phraseSmart(finding, 'en'), nl: phraseSmart(finding, 'nl') },
})

export const showEnd = ({ end }: PublishedVersion): z.input<typeof AchievementEnd> | null =>
  end === undefined ? null : { at: formatInstant(end.at), reason: end.reason ?? null }

export const showStep = ({
  organisationId: _,
  versionId: __,
  ...step
}: StoredStep): z.input<typeof AchievementStep> => ({
  ...step,
  text: step.text ?? null,
  at: formatInstant(step.at),
})

export const showVersion = (version: StoredVersion): z.input<typeof AchievementVersion> => {
  const isPublished = 'document' in version
  return {
    id: version.id,
    version: version.version,
    state: version.state,
    definition: showDefinition(version.definition),
    revision: version.revision,
    digest: isPublished ? hex(version.digest) : null,
    publishedAt: isPublished ? formatInstant(version.publishedAt) : null,
    frozenAt: isPublished ? timeOrNull(version.frozenAt) : null,
    end: isPublished ? showEnd(version) : null,
  }
}

export const showName = (achievement: NamedAchievement): z.input<typeof AchievementName> => ({
  id: achievement.id,
  issuerId: achievement.issuerId,
  slug: achievement.slug,
  name: { ...achievement.name },
  language: achievement.language,
  published: achievement.published === undefined ? null : { ...achievement.published },
})

export const showAchievement = (
  { achievement, versions }: AchievementWithVersions,
  publicUrl: string,
): z.input<typeof Achievement> => ({
  id: achievement.id,
  issuerId: achievement.issuerId,
  unitId: unitOfAchievement(achievement.id),
  slug: achievement.slug,
  page: `${publicUrl}/achievements/${achievement.id}`,
  createdAt: formatInstant(achievement.createdAt),
  listing: achievement.listing,
  copiedFrom: achievement.copiedFrom === undefined ? null : { ...achievement.copiedFrom },
  versions: versions.map(showVersion),
})
