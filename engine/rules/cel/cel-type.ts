/** The types of the JSON subset. `dyn` is a JSON value of which only the event will tell. */
export type CelType =
  | { readonly kind: CelScalar | 'dyn' | 'map' | 'event' }
  | { readonly kind: 'list'; readonly of: CelType }

type CelScalar = 'bool' | 'int' | 'double' | 'string' | 'null' | 'timestamp' | 'duration'

export const BOOL: CelType = { kind: 'bool' }
export const INT: CelType = { kind: 'int' }
export const DOUBLE: CelType = { kind: 'double' }
export const STRING: CelType = { kind: 'string' }
export const NULL: CelType = { kind: 'null' }
export const TIMESTAMP: CelType = { kind: 'timestamp' }
export const DURATION: CelType = { kind: 'duration' }
export const DYN: CelType = { kind: 'dyn' }
export const MAP: CelType = { kind: 'map' }
export const EVENT: CelType = { kind: 'event' }

export const listOf = (of: CelType): CelType => ({ kind: 'list', of })

export const typeName = (type: CelType): string =>
  type.kind === 'list' ? `list(${typeName(type.of)})` : type.kind

export function sameType(a: CelType, b: CelType): boolean {
  if (a.kind === 'list' && b.kind === 'list') return sameType(a.of, b.of)
  return a.kind === b.kind
}

const isMoment = (type: CelType): boolean => type.kind === 'timestamp' || type.kind === 'duration'

/**
 * Whether two values may be compared for equality. A moment only with its own kind: it never comes out of JSON.
 * `int` (a `size()`) and `dyn` compare by value, as in CEL.
 */
export function areComparable(a: CelType, b: CelType): boolean {
  if (a.kind === 'event' || b.kind === 'event') return false
  if (isMoment(a) || isMoment(b)) return a.kind === b.kind
  if (a.kind === 'dyn' || b.kind === 'dyn') return true
  if (a.kind === 'list' && b.kind === 'list') return areComparable(a.of, b.of)
  return a.kind === b.kind
}

/**
 * The type of a place where either may stand. Undefined where a moment or a whole number (a `size()`) would be
 * taken for a number of JSON.
 */
export function joinTypes(a: CelType, b: CelType): CelType | undefined {
  if (sameType(a, b)) return a
  const never = (type: CelType) => isMoment(type) || type.kind === 'event' || type.kind === 'int'
  if (never(a) || never(b)) return undefined
  if (a.kind === 'list' && b.kind === 'list') {
    const of = joinTypes(a.of, b.of)
    return of === undefined ? undefined : listOf(of)
  }
  return DYN
}
