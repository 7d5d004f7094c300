import type { JsonObject } from '#engine/shared/json.ts'
import { type AlignmentBasis, basisInWords } from './alignment-basis.ts'
import { EDUCREDENTIAL_TYPE, type Educredential, educredentialMembers } from './educredential.ts'
import { endorsableBytes } from './endorsable-bytes.ts'
import { type OtherIdentifier, otherIdentifierMember } from './identifier-entry.ts'

/** One version of a badge class, in the one language in which it is issued. */
export interface AchievementDescription {
  /** `ORIGIN/achievements/UUID`. */
  readonly id: string
  readonly version: string
  readonly name: string
  readonly description: string
  /** Markdown. */
  readonly criteriaNarrative: string
  /** Where they are to be read too. */
  readonly criteriaUrl?: string
  /** Of the Open Badges vocabulary (`MicroCredential`, `Badge`, …) or `ext:…`. */
  readonly achievementType: string
  readonly image?: { readonly id: string; readonly caption?: string }
  readonly alignments?: readonly Alignment[]
  readonly tags?: readonly string[]
  /** BCP 47, as `nl-NL`. */
  readonly inLanguage?: string
  /** The same in other languages, each an achievement with an address of its own. */
  readonly inOtherLanguages?: readonly TranslatedAchievement[]
  readonly creator?: { readonly did: string; readonly name: string; readonly url?: string }
  readonly creditsAvailable?: number
  readonly humanCode?: string
  readonly fieldOfStudy?: string
  readonly specialization?: string
  readonly otherIdentifiers?: readonly OtherIdentifier[]
  readonly resultDescriptions?: readonly ResultDescription[]
  /** Makes it an achievement of the Dutch educredential profile. */
  readonly educredential?: Educredential
}

/** What a version says in another language. Its words stand in the badge too, so that they are signed along. */
export interface TranslatedAchievement {
  readonly id: string
  readonly inLanguage: string
  readonly name: string
  readonly description: string
  /** Markdown: the criteria. */
  readonly narrative: string
}

export interface Alignment {
  readonly targetName: string
  readonly targetUrl: string
  /** `CFItem`, `ceterms:Credential`, … or `ext:…` (`ext:EQF`, `ext:NLQF`, `ext:ESCO`). */
  readonly targetType?: string
  readonly targetFramework?: string
  readonly targetCode?: string
  readonly targetDescription?: string
  /** What the claim of a level rests on. */
  readonly basis?: AlignmentBasis
}

export interface ResultDescription {
  readonly id: string
  readonly name: string
  /** `RawScore`, `Percent`, `RubricCriterionLevel`, … or `ext:…`. */
  readonly resultType: string
  readonly valueMin?: string
  readonly valueMax?: string
  /** All that it can be, lowest first. */
  readonly allowedValue?: readonly string[]
  readonly requiredValue?: string
  readonly alignments?: readonly Alignment[]
  readonly rubricCriterionLevels?: readonly RubricCriterionLevel[]
  /** Id of one of them. */
  readonly requiredLevel?: string
}

export interface RubricCriterionLevel {
  readonly id: string
  readonly name: string
  readonly level?: string
  readonly points?: string
  readonly description?: string
  readonly alignments?: readonly Alignment[]
}

/** What a name of a sample or local issuer begins with, so that nobody takes its badges for real ones. */
export const TEST_MARK = 'TEST '

/** The name as people see it: marked where the issuer is a sample or runs on localhost. */
export const markedName = (name: string, test: boolean): string =>
  test && !name.startsWith(TEST_MARK) ? `${TEST_MARK}${name}` : name

/** The `Achievement` as it stands inside a credential. `test` marks the name. */
export function achievementDocument(achievement: AchievementDescription, test: boolean): JsonObject {
  const {
    image,
    alignments = [],
    tags = [],
    inLanguage,
    inOtherLanguages = [],
    creator,
    creditsAvailable,
    humanCode,
    fieldOfStudy,
    specialization,
    otherIdentifiers,
    resultDescriptions = [],
    educredential,
  } = achievement
  return {
    id: achievement.id,
    type: educredential === undefined ? ['Achievement'] : ['Achievement', EDUCREDENTIAL_TYPE],
    version: achievement.version,
    achievementType: achievement.achievementType,
    ...(inLanguage === undefined ? {} : { inLanguage }),
    name: markedName(achievement.name, test),
    description: achievement.description,
    criteria: {
      ...(achievement.criteriaUrl === undefined ? {} : { id: achievement.criteriaUrl }),
      narrative: achievement.criteriaNarrative,
    },
    ...(inOtherLanguages.length === 0
      ? {}
      : {
          related: inOtherLanguages.map(({ id, name, ...rest }) => ({
            id,
            type: ['Related'],
            version: achievement.version,
            name: markedName(name, test),
            ...rest,
          })),
        }),
    ...(image === undefined
      ? {}
      : {
          image: {
            id: image.id,
            type: 'Image',
            ...(image.caption === undefined ? {} : { caption: image.caption }),
          },
        }),
    ...(creator === undefined
      ? {}
      : {
          creator: {
            id: creator.did,
            type: ['Profile'],
            name: creator.name,
            ...(creator.url === undefined ? {} : { url: creator.url }),
          },
        }),
    ...(educredential === undefined ? {} : educredentialMembers(educredential)),
    ...defined({ creditsAvailable, humanCode, fieldOfStudy, specialization }),
    ...otherIdentifierMember(otherIdentifiers),
    ...(tags.length === 0 ? {} : { tag: tags }),
    ...alignmentMember(alignments, inLanguage),
    ...(resultDescriptions.length === 0
      ? {}
      : { resultDescription: resultDescriptions.map((result) => resultEntry(result, inLanguage)) }),
  }
}

/**
 * The `Achievement` as it is served at its own URL, with contexts.
 * These bytes (JCS) are what an endorser signs over, so one version gives the same bytes for ever.
 */
export function achievementBytes(achievement: AchievementDescription, test: boolean): Uint8Array {
  return endorsableBytes(achievementDocument(achievement, test))
}

function resultEntry(
  { rubricCriterionLevels: levels = [], alignments = [], ...result }: ResultDescription,
  inLanguage: string | undefined,
): JsonObject {
  return {
    ...defined(result),
    type: ['ResultDescription'],
    ...alignmentMember(alignments, inLanguage),
    ...(levels.length === 0
      ? {}
      : { rubricCriterionLevel: levels.map((level) => levelEntry(level, inLanguage)) }),
  }
}

function levelEntry(
  { alignments = [], ...level }: RubricCriterionLevel,
  inLanguage: string | undefined,
): JsonObject {
  return {
    type: ['RubricCriterionLevel'],
    ...defined(level),
    ...alignmentMember(alignments, inLanguage),
  }
}

const alignmentMember = (alignments: readonly Alignment[], inLanguage: string | undefined): JsonObject =>
  alignments.length === 0
    ? {}
    : { alignment: alignments.map((alignment) => alignmentEntry(alignment, inLanguage)) }

/** An alignment as it stands in documents: its basis goes into the words of its description. */
function alignmentEntry({ basis, ...alignment }: Alignment, inLanguage: string | undefined): JsonObject {
  const entry = { type: ['Alignment'], ...defined(alignment) }
  if (basis === undefined) return entry
  const words = [alignment.targetDescription, basisInWords(basis, inLanguage)]
  return { ...entry, targetDescription: words.filter((part) => part !== undefined).join(' ') }
}

/** Copies the members that have a value: JSON has no undefined. */
function defined(record: object): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}
