/** The types of CEL, as its checker sees them. `dyn` is a value of which only the evaluation will tell. */
export type CelType =
  | { readonly kind: ScalarKind | 'dyn' }
  | { readonly kind: 'list' | 'optional' | 'type'; readonly of: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  /** A closed record: its fields are known, and there are no others. It is no value itself. */
  | { readonly kind: 'record'; readonly name: string; readonly fields: ReadonlyMap<string, CelType> }
  /** A type that another part of the expression, or nothing, will settle. */
  | { readonly kind: 'param'; readonly id: string }
  | { readonly kind: 'abstract'; readonly name: string; readonly parts: readonly CelType[] }

type ScalarKind = (typeof SCALARS)[number]

const SCALARS = [
  ...(['bool', 'int', 'uint', 'double', 'string', 'bytes'] as const),
  ...(['null', 'timestamp', 'duration'] as const),
] as const

export const BOOL: CelType = { kind: 'bool' }
export const INT: CelType = { kind: 'int' }
export const UINT: CelType = { kind: 'uint' }
export const DOUBLE: CelType = { kind: 'double' }
export const STRING: CelType = { kind: 'string' }
export const BYTES: CelType = { kind: 'bytes' }
export const NULL: CelType = { kind: 'null' }
export const TIMESTAMP: CelType = { kind: 'timestamp' }
export const DURATION: CelType = { kind: 'duration' }
export const DYN: CelType = { kind: 'dyn' }

export const listOf = (of: CelType): CelType => ({ kind: 'list', of })
export const optionalOf = (of: CelType): CelType => ({ kind: 'optional', of })
export const typeOf = (of: CelType): CelType => ({ kind: 'type', of })
export const mapOf = (key: CelType, value: CelType): CelType => ({ kind: 'map', key, value })

/** Names of types that stand in expressions as values: `type(x) == int`. */
export const TYPE_NAMES: ReadonlyMap<string, CelType> = new Map<string, CelType>([
  ...SCALARS.map((kind): [string, CelType] => [kind === 'null' ? 'null_type' : kind, { kind }]),
  ['list', listOf(DYN)],
  ['map', mapOf(DYN, DYN)],
  ['type', { kind: 'abstract', name: 'type', parts: [] }],
  ['optional_type', optionalOf(DYN)],
  ['google.protobuf.Timestamp', TIMESTAMP],
  ['google.protobuf.Duration', DURATION],
])

/** As the official checker writes it: `map(string, list(int))`. */
export function typeName(type: CelType): string {
  switch (type.kind) {
    case 'list':
    case 'type':
      return `${type.kind}(${typeName(type.of)})`
    case 'optional':
      return `optional_type(${typeName(type.of)})`
    case 'map':
      return `map(${typeName(type.key)}, ${typeName(type.value)})`
    case 'record':
      return type.name
    case 'param':
      return type.id
    case 'abstract':
      return type.parts.length === 0 ? type.name : `${type.name}(${type.parts.map(typeName).join(', ')})`
    default:
      return type.kind
  }
}

/** The types that a type is made of. */
export function partsOf(type: CelType): readonly CelType[] {
  switch (type.kind) {
    case 'list':
    case 'type':
    case 'optional':
      return [type.of]
    case 'map':
      return [type.key, type.value]
    case 'abstract':
      return type.parts
    default:
      return []
  }
}

export function withParts(type: CelType, change: (part: CelType) => CelType): CelType {
  switch (type.kind) {
    case 'list':
    case 'type':
    case 'optional':
      return { kind: type.kind, of: change(type.of) }
    case 'map':
      return mapOf(change(type.key), change(type.value))
    case 'abstract':
      return { ...type, parts: type.parts.map(change) }
    default:
      return type
  }
}

export const sameType = (a: CelType, b: CelType): boolean => a === b || typeName(a) === typeName(b)
