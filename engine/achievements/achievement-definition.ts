import type { Alignment } from '#engine/credentials/achievement-document.ts'
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
  /** How long a credential is valid, as an ISO 8601 duration; for ever when absent. */
  readonly validFor?: string
}
