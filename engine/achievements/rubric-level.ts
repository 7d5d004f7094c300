import type { Alignment } from '#engine/credentials/achievement-document.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'

/** How well something can be done: one of the levels of a result (Open Badges 3.0, `RubricCriterionLevel`). */
export interface RubricLevel {
  /** A slug, unique in its result. */
  readonly id: string
  readonly name: LocalisedText
  /** In the issuer's own scale, as `Mastered` or `3`. */
  readonly level?: string
  readonly points?: string
  readonly description?: LocalisedText
  readonly alignments?: readonly Alignment[]
}

/**
 * The level that a value of an award means: by its id, else by what it is called in the scale, else by its points.
 * Undefined: it is none of them.
 */
export const levelReached = (levels: readonly RubricLevel[], value: string): RubricLevel | undefined =>
  levels.find(({ id }) => id === value) ??
  levels.find(({ level }) => level === value) ??
  levels.find(({ points }) => points !== undefined && samePoints(points, value))

const samePoints = (points: string, value: string): boolean =>
  points === value || (value.trim() !== '' && Number(points) === Number(value))
