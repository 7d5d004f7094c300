import type { AwardResult } from '#engine/awards/award-results.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import type { AchievementDefinition } from './achievement-definition.ts'
import { levelReached } from './rubric-level.ts'

/** The picture of a badge whose earner reached one level. */
export interface ImageLevel {
  /** Id of a result with levels: the same in all of them. */
  readonly result: string
  /** Id of one of its levels. */
  readonly level: string
  /** SHA-256 of a stored PNG, in hexadecimal. */
  readonly image: string
  readonly altText: LocalisedText
}

/** The picture of the level that an award reached; undefined: that level has none, and the plain picture stands. */
export function imageReached(
  { imageLevels = [], resultDescriptions = [] }: AchievementDefinition,
  results: readonly AwardResult[],
): ImageLevel | undefined {
  for (const { resultDescription, value } of results) {
    const { levels = [] } = resultDescriptions.find(({ id }) => id === resultDescription) ?? {}
    const reached = levelReached(levels, value)
    const found = imageLevels.find(
      ({ result, level }) => result === resultDescription && level === reached?.id,
    )
    if (found !== undefined) return found
  }
  return undefined
}

/** The definition as the badge of such an award says it: with the picture of its level. */
export function withImageReached(
  definition: AchievementDefinition,
  results: readonly AwardResult[],
): AchievementDefinition {
  const reached = imageReached(definition, results)
  return reached === undefined
    ? definition
    : { ...definition, image: reached.image, imageAlt: reached.altText }
}
