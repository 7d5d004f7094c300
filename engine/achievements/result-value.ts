import type { ResultDefinition } from './achievement-definition.ts'
import { levelReached } from './rubric-level.ts'

/** A fault of a description of results: the member at fault, and why. */
export interface ResultDefinitionFault {
  readonly member: 'valueMin' | 'valueMax' | 'requiredValue' | `allowedValues${'' | `/${number}`}`
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
 * Whether a badge can say this value of a result: one of its levels or of its allowed values, where it has some; a number
 * within its bounds, where it is one (of a `Percent` 0 and 100, where it says no others); else any text. To be less than
 * `requiredValue` is sayable.
 */
export function fitsResult(definition: ResultDefinition, value: string): boolean {
  if (definition.levels !== undefined) return levelReached(definition.levels, value) !== undefined
  const { allowedValues } = definition
  if (allowedValues !== undefined && !allowedValues.some((each) => isSame(definition, each, value)))
    return false
  return isWithinBounds(definition, value)
}

/** `8.50` is the allowed `8.5` where values are numbers; words are what they are. */
function isSame(definition: ResultDefinition, one: string, other: string): boolean {
  if (one === other) return true
  const [number, second] = isNumeric(definition) ? [numberIn(one), numberIn(other)] : []
  return number !== undefined && number === second
}

function isWithinBounds(definition: ResultDefinition, value: string): boolean {
  if (!isNumeric(definition)) return true
  const number = numberIn(value)
  const { min, max } = boundsOf(definition)
  return number !== undefined && number >= min && number <= max
}

/**
 * What is wrong with a description by itself: bounds that are no numbers where values are, or that nothing is between;
 * allowed values that no badge could say, or that stand there twice; a required one that is none of what it can be.
 */
export function resultDefinitionFaults(definition: ResultDefinition): readonly ResultDefinitionFault[] {
  const { levels, requiredValue, allowedValues } = definition
  if (levels !== undefined)
    return [
      ...(allowedValues === undefined
        ? []
        : [{ member: 'allowedValues', reason: 'stands beside levels, which are what it can be' } as const]),
      ...(requiredValue === undefined || levelReached(levels, requiredValue) !== undefined
        ? []
        : [{ member: 'requiredValue', reason: 'is none of its levels' } as const]),
    ]
  const faults = boundFaults(definition)
  return faults.length > 0 || allowedValues === undefined ? faults : allowedFaults(definition, allowedValues)
}

function allowedFaults(
  definition: ResultDefinition,
  allowed: readonly string[],
): readonly ResultDefinitionFault[] {
  const { requiredValue } = definition
  const faults = allowed.flatMap((value, at): ResultDefinitionFault[] => {
    const refuse = (reason: string) => [{ member: `allowedValues/${at}` as const, reason }]
    if (!isWithinBounds(definition, value)) return refuse('is no value that it can have')
    return allowed.slice(0, at).some((each) => isSame(definition, each, value))
      ? refuse('stands there twice')
      : []
  })
  return faults.length > 0 || requiredValue === undefined || fitsResult(definition, requiredValue)
    ? faults
    : [{ member: 'requiredValue', reason: 'is none of its allowed values' }]
}

function boundFaults(definition: ResultDefinition): readonly ResultDefinitionFault[] {
  if (!isNumeric(definition)) return []
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
