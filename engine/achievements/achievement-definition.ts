import type { Alignment } from '#engine/credentials/achievement-document.ts'
import { addTerm } from '#engine/shared/calendar-term.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'

/** A badge class as its author defines it: in several languages, before it becomes one document. */
export interface AchievementDefinition {
  /** The language in which credentials are issued, BCP 47. */
  readonly language: string
  readonly name: LocalisedText
  readonly description: LocalisedText
  /** Markdown. */
  readonly criteria: LocalisedText
  /** Of the Open Badges vocabulary (`Badge`, `MicroCredential`, …) or `ext:…`. */
  readonly achievementType: string
  readonly tags: readonly string[]
  readonly alignments: readonly Alignment[]
  /** SHA-256 of a stored PNG, in hexadecimal. */
  readonly image?: string
  readonly imageAlt?: LocalisedText
  /** How long a credential is valid, as an ISO 8601 duration by the calendar of UTC; for ever when absent. */
  readonly validFor?: string
  /** What a badge can say of how well it was earned. */
  readonly resultDescriptions?: readonly ResultDefinition[]
}

export interface ResultDefinition {
  /** A slug, unique in the achievement: rules name it. */
  readonly id: string
  readonly name: LocalisedText
  /** Of the Open Badges vocabulary (`RawScore`, `Percent`, `LetterGrade`, …) or `ext:…`. */
  readonly type: string
  readonly valueMin?: string
  readonly valueMax?: string
  readonly requiredValue?: string
}

/** When a badge that was earned then is over; undefined: never. */
export const validUntil = ({ validFor }: AchievementDefinition, awardedAt: Instant): Instant | undefined =>
  validFor === undefined ? undefined : addTerm(awardedAt, validFor)
