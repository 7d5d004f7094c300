import type { Result } from '#engine/credentials/badge-credential.ts'
import type { MappedResult } from '#engine/rules/evaluate/results.ts'

/** A result as an award keeps it and a credential says it: Open Badges writes every value as text. */
export interface AwardResult {
  readonly resultDescription: string
  readonly value: string
}

export const awardResult = ({ resultDescription, value }: MappedResult): AwardResult => ({
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
