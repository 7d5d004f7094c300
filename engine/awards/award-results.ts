import type { ResultDefinition } from '#engine/achievements/achievement-definition.ts'
import { fitsResult } from '#engine/achievements/result-value.ts'
import { levelReached } from '#engine/achievements/rubric-level.ts'
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

/** What a level of a result is called in documents. */
export const levelUri = (achievementUri: string, resultId: string, levelId: string): string =>
  `${resultDescriptionUri(achievementUri, resultId)}-level-${levelId}`

/**
 * As they stand in the credential (Open Badges 3.0, `Result`). Where a result has levels, its value is one of them: what is
 * none of them is said of nobody.
 */
export const resultEntries = (
  achievementUri: string,
  described: readonly ResultDefinition[],
  results: readonly AwardResult[],
): readonly Result[] =>
  results.flatMap(({ resultDescription: id, value }): Result[] => {
    const resultDescription = resultDescriptionUri(achievementUri, id)
    const levels = described.find((each) => each.id === id)?.levels
    if (levels === undefined) return [{ resultDescription, value }]
    const level = levelReached(levels, value)
    return level === undefined
      ? []
      : [{ resultDescription, achievedLevel: levelUri(achievementUri, id, level.id), value }]
  })

/** Which results a badge cannot say, by their place: of no result description, or of a value that it cannot have. */
export const unsayableResults = (
  described: readonly ResultDefinition[],
  results: readonly AwardResult[],
): readonly number[] =>
  results.flatMap(({ resultDescription: id, value }, at) => {
    const description = described.find((each) => each.id === id)
    return description !== undefined && fitsResult(description, value) ? [] : [at]
  })
