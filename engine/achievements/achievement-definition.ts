import type { Alignment } from '#engine/credentials/achievement-document.ts'
import type { Educredential } from '#engine/credentials/educredential.ts'
import type { OtherIdentifier } from '#engine/credentials/identifier-entry.ts'
import { addTerm } from '#engine/shared/calendar-term.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import type { CriterionItem } from './criterion-item.ts'
import type { ImageLevel } from './image-level.ts'
import type { RubricLevel } from './rubric-level.ts'
import type { Workload } from './workload.ts'

/** A badge class as its author defines it: in several languages, before it becomes one document. */
export interface AchievementDefinition extends AchievementStory {
  /** The language in which credentials are issued, BCP 47. */
  readonly language: string
  /** Further languages that badges tell it in; each has the name, the description and the criteria. */
  readonly otherLanguages?: readonly string[]
  readonly name: LocalisedText
  readonly description: LocalisedText
  /** Markdown. */
  readonly criteria: LocalisedText
  /** A page with the criteria, beside the text. */
  readonly criteriaUrl?: string
  /** Of the Open Badges vocabulary (`Badge`, `MicroCredential`, …) or `ext:…`. */
  readonly achievementType: string
  readonly tags: readonly string[]
  readonly alignments: readonly Alignment[]
  /** SHA-256 of a stored PNG, in hexadecimal. */
  readonly image?: string
  readonly imageAlt?: LocalisedText
  /** Of badges whose earner reached a level of one result. Others, and the document, have `image`. */
  readonly imageLevels?: readonly ImageLevel[]
  /** How long a credential is valid, as an ISO 8601 duration by the calendar of UTC; for ever when absent. */
  readonly validFor?: string
  /** What a badge can say of how well it was earned. */
  readonly resultDescriptions?: readonly ResultDefinition[]
  /** Stands in the criteria of the document, one after the other, below the text. */
  readonly criteriaItems?: readonly CriterionItem[]
  /** In ECTS it is what the document calls its credits. */
  readonly workload?: Workload
  /** A code that people know it by, as that of a course. */
  readonly humanCode?: string
  readonly fieldOfStudy?: string
  readonly specialization?: string
  readonly otherIdentifiers?: readonly OtherIdentifier[]
  /** Puts the published endorsements of the version and of its issuer into its badges, and not only beside them. */
  readonly embedEndorsements?: boolean
  /** Lets earners show parts of its badges, each of which can be verified without the rest (`ecdsa-sd-2023`). */
  readonly selectiveDisclosure?: boolean
  /** Issues it by the Dutch educredential profile; the workload goes into it too. */
  readonly educredential?: Omit<Educredential, 'ects' | 'sbu' | 'timeInvestment'>
}

/** What stands on the page of an achievement and in no document: Open Badges 3.0 has no place for it. */
export interface AchievementStory {
  /** Says which members must be there before it is published. */
  readonly badgeType?: BadgeType
  readonly purpose?: LocalisedText
  readonly audience?: LocalisedText
  readonly recognises?: readonly RecognisedKind[]
  /** What is looked at: how somebody went about it, what came of it, or both. */
  readonly recognisedThrough?: 'process' | 'result' | 'both'
  readonly learningOutcomes?: readonly LocalisedText[]
  /** Its place in the learning experience: what comes before and after. */
  readonly place?: LocalisedText
  /** What the learner can do with it. */
  readonly use?: LocalisedText
  readonly participation?: 'on-site' | 'online' | 'blended'
  /** How it is assessed, in words. */
  readonly assessment?: LocalisedText
  readonly qualityAssurance?: LocalisedText
}

export const BADGE_TYPES = ['micro-credential', 'regular', 'extracurricular'] as const
export type BadgeType = (typeof BADGE_TYPES)[number]

export const RECOGNISED_KINDS = [
  'skill',
  'participation',
  'membership',
  'onboarding',
  'fun',
  'milestone',
] as const
export type RecognisedKind = (typeof RECOGNISED_KINDS)[number]

export interface ResultDefinition {
  /** A slug, unique in the achievement: rules name it. */
  readonly id: string
  readonly name: LocalisedText
  /** Of the Open Badges vocabulary (`RawScore`, `Percent`, `LetterGrade`, …) or `ext:…`. */
  readonly type: string
  readonly valueMin?: string
  readonly valueMax?: string
  /** All that it can be, lowest first. One that has some has no levels and no bounds. */
  readonly allowedValues?: readonly string[]
  readonly requiredValue?: string
  readonly alignments?: readonly Alignment[]
  /** Lowest first. A result that has some is one of them. */
  readonly levels?: readonly RubricLevel[]
  /** Id of the level that is wanted at least. */
  readonly requiredLevel?: string
}

/** When a badge that was earned then is over; undefined: never. */
export const validUntil = ({ validFor }: AchievementDefinition, awardedAt: Instant): Instant | undefined =>
  validFor === undefined ? undefined : addTerm(awardedAt, validFor)
