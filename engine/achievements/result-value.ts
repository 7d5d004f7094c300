import type { ResultDefinition } from './achievement-definition.ts'
import { levelReached } from './rubric-level.ts'

/** A fault of a description of results: the member at fault, and why. */
export interface ResultDefinitionFault {
  readonly member: 'valueMin' | 'valueMax' | 'requiredValue'
  readonly reason: string
}

/** Of these a value is a number, as Open Badges 3.0 means them. Of others it is where their bounds are numbers. */
const NUMERIC: ReadonlySet<string> = new Set(['GradePointAverage', 'Percent', 'RawScore', 'ScaledScore'])

/** Digits with a point, as JSON writes numbers: no `93%`, no `8,5`, no `0x10`, no `NaN`. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i

/** Undefined: it is no number. */
function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || !NUMBER.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

/**
 * Whether a badge can say this value of a result: one of its levels, where it has some; a number within its bounds, where
 * it is one (of a `Percent` 0 and 100, where it says no others); else any text. To be less than `requiredValue` is sayable.
 */
export function fitsResult(definition: ResultDefinition, value: string): boolean {
  if (definition.levels !== undefined) return levelReached(definition.levels, value) !== undefined
  if (!isNumeric(definition)) return true
  const number = numberIn(value)
  const { min, max } = boundsOf(definition)
  return number !== undefined && number >= min && number <= max
}

/** What is wrong with a description by itself: bounds that are no numbers where values are, or that nothing is between. */
export function resultDefinitionFaults(definition: ResultDefinition): readonly ResultDefinitionFault[] {
  if (definition.levels !== undefined || !isNumeric(definition)) return []
  const faults = (['valueMin', 'valueMax', 'requiredValue'] as const).flatMap(
    (member): ResultDefinitionFault[] =>
      definition[member] === undefined || numberIn(definition[member]) !== undefined
        ? []
        : [{ member, reason: 'is no number' }],
  )
  if (faults.length > 0) return faults
  const { min, max } = boundsOf(definition)
  if (min > max) return [{ member: 'valueMax', reason: `is less than ${min}, the least that there can be` }]
  const required = numberIn(definition.requiredValue)
  return required === undefined || (required >= min && required <= max)
    ? []
    : [{ member: 'requiredValue', reason: `is not between ${min} and ${max}` }]
}

function isNumeric({ type, valueMin, valueMax }: ResultDefinition): boolean {
  const bounds = [valueMin, valueMax].filter((bound) => bound !== undefined)
  return NUMERIC.has(type) || (bounds.length > 0 && bounds.every((bound) => numberIn(bound) !== undefined))
}

/** A version that was published before bounds were looked at may have some that are no numbers: these bound nothing. */
function boundsOf({ type, valueMin, valueMax }: ResultDefinition): { min: number; max: number } {
  const isPercent = type === 'Percent'
  return {
    min: numberIn(valueMin) ?? (isPercent ? 0 : Number.NEGATIVE_INFINITY),
    max: numberIn(valueMax) ?? (isPercent ? 100 : Number.POSITIVE_INFINITY),
  }
}
