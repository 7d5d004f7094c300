import type { ResultDefinition } from '#engine/achievements/achievement-definition.ts'
import type { Result } from '#engine/credentials/badge-credential.ts'

/** A result as a rule works it out. */
export interface DecidedResult {
  /** The id of one of the achievement's result descriptions. */
  readonly resultDescription: string
  readonly value: string | number | boolean
}

/** A result as an award keeps it and a credential says it: Open Badges writes every value as text. */
export interface AwardResult {
  readonly resultDescription: string
  readonly value: string
}

export const awardResult = ({ resultDescription, value }: DecidedResult): AwardResult => ({
  resultDescription,
  // What comes after 12 digits was not measured: it is what adding binary fractions leaves behind.
  value: typeof value === 'number' ? String(Number(value.toPrecision(12))) : String(value),
})

/** What a result description is called in documents. */
export const resultDescriptionUri = (achievementUri: string, id: string): string =>
  `${achievementUri}#result-${id}`

/** As it stands in the credential (Open Badges 3.0, `Result`). */
export const resultEntry = (achievementUri: string, { resultDescription, value }: AwardResult): Result => ({
  resultDescription: resultDescriptionUri(achievementUri, resultDescription),
  value,
})

/** The result descriptions that a rule maps to and that the achievement does not have. */
export function unknownResults(
  mapped: readonly { readonly resultDescription: string }[] = [],
  described: readonly ResultDefinition[] = [],
): readonly string[] {
  const ids = new Set(described.map(({ id }) => id))
  return [...new Set(mapped.map(({ resultDescription }) => resultDescription))].filter((id) => !ids.has(id))
}
