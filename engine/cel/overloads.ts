import { type CelType, DYN, listOf, mapOf, optionalOf, TYPE_NAMES, typeOf } from './type.ts'

/** One way of calling a function. `member`: the first argument stands before the dot. */
export interface Overload {
  readonly member: boolean
  readonly args: readonly CelType[]
  readonly result: CelType
}

export type Overloads = ReadonlyMap<string, readonly Overload[]>

const NUMBERS = ['int', 'uint', 'double'] as const
const ORDERED = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration'] as const

const each = (types: readonly string[], signature: string): string =>
  types.map((type) => signature.replaceAll('T', type)).join('; ')

const order = [
  each(ORDERED, 'T, T -> bool'),
  ...NUMBERS.flatMap((a) => NUMBERS.flatMap((b) => (a === b ? [] : [`${a}, ${b} -> bool`]))),
].join('; ')

const field = '.timestamp -> int; .timestamp, string -> int'
const momentAndSpan = `${field}; .duration -> int`
const extreme = [
  each(NUMBERS, 'T -> T; T, T -> T; list(T) -> T'),
  ...NUMBERS.flatMap((a) => NUMBERS.flatMap((b) => (a === b ? [] : [`${a}, ${b} -> dyn`]))),
].join('; ')
const bits = 'int, int -> int; uint, uint -> uint'
const shift = 'int, int -> int; uint, int -> uint'

/**
 * The functions of CEL and of its extensions for strings, optionals and mathematics, as the official checker declares
 * them. `A`, `B` are type parameters; a dot before the first type makes it a receiver.
 */
const DECLARED: Readonly<Record<string, string>> = {
  '_&&_': 'bool, bool -> bool',
  '_||_': 'bool, bool -> bool',
  '!_': 'bool -> bool',
  '_?_:_': 'bool, A, A -> A',
  '_==_': 'A, A -> bool',
  '_!=_': 'A, A -> bool',
  '_<_': order,
  '_<=_': order,
  '_>_': order,
  '_>=_': order,
  '@in': 'A, list(A) -> bool; A, map(A, B) -> bool',
  '_[_]':
    'list(A), int -> A; map(A, B), A -> B; optional(list(A)), int -> optional(A); optional(map(A, B)), A -> optional(B)',
  '_[?_]':
    'list(A), int -> optional(A); map(A, B), A -> optional(B); optional(list(A)), int -> optional(A); optional(map(A, B)), A -> optional(B)',
  '_+_': `${each([...NUMBERS, 'string', 'bytes', 'duration'], 'T, T -> T')}; list(A), list(A) -> list(A); timestamp, duration -> timestamp; duration, timestamp -> timestamp`,
  '_-_': `${each([...NUMBERS, 'duration'], 'T, T -> T')}; timestamp, timestamp -> duration; timestamp, duration -> timestamp`,
  '_*_': each(NUMBERS, 'T, T -> T'),
  '_/_': each(NUMBERS, 'T, T -> T'),
  '_%_': 'int, int -> int; uint, uint -> uint',
  '-_': 'int -> int; double -> double',
  size: each(['string', 'bytes', 'list(A)', 'map(A, B)'], 'T -> int; .T -> int'),
  startsWith: '.string, string -> bool',
  endsWith: '.string, string -> bool',
  contains: '.string, string -> bool',
  matches: '.string, string -> bool; string, string -> bool',
  type: 'A -> type(A)',
  dyn: 'A -> dyn',
  int: 'int -> int; uint -> int; double -> int; string -> int; timestamp -> int; duration -> int',
  uint: 'uint -> uint; int -> uint; double -> uint; string -> uint',
  double: 'double -> double; int -> double; uint -> double; string -> double',
  string: each(['string', 'bool', ...NUMBERS, 'bytes', 'timestamp', 'duration'], 'T -> string'),
  bytes: 'bytes -> bytes; string -> bytes',
  bool: 'bool -> bool; string -> bool',
  timestamp: 'timestamp -> timestamp; string -> timestamp; int -> timestamp',
  duration: 'duration -> duration; string -> duration; int -> duration',
  getFullYear: field,
  getMonth: field,
  getDate: field,
  getDayOfMonth: field,
  getDayOfWeek: field,
  getDayOfYear: field,
  getHours: momentAndSpan,
  getMinutes: momentAndSpan,
  getSeconds: momentAndSpan,
  getMilliseconds: momentAndSpan,
  charAt: '.string, int -> string',
  indexOf: '.string, string -> int; .string, string, int -> int',
  lastIndexOf: '.string, string -> int; .string, string, int -> int',
  join: '.list(string) -> string; .list(string), string -> string',
  lowerAscii: '.string -> string',
  upperAscii: '.string -> string',
  replace: '.string, string, string -> string; .string, string, string, int -> string',
  reverse: '.string -> string',
  split: '.string, string -> list(string); .string, string, int -> list(string)',
  substring: '.string, int -> string; .string, int, int -> string',
  trim: '.string -> string',
  format: '.string, list(dyn) -> string',
  'strings.quote': 'string -> string',
  'base64.encode': 'bytes -> string',
  'base64.decode': 'string -> bytes',
  'optional.of': 'A -> optional(A)',
  'optional.ofNonZeroValue': 'A -> optional(A)',
  'optional.none': '-> optional(A)',
  value: '.optional(A) -> A',
  hasValue: '.optional(A) -> bool',
  or: '.optional(A), optional(A) -> optional(A)',
  orValue: '.optional(A), A -> A',
  'math.greatest': extreme,
  'math.least': extreme,
  'math.ceil': 'double -> double',
  'math.floor': 'double -> double',
  'math.round': 'double -> double',
  'math.trunc': 'double -> double',
  'math.abs': each(NUMBERS, 'T -> T'),
  'math.sign': each(NUMBERS, 'T -> T'),
  'math.isNaN': 'double -> bool',
  'math.isInf': 'double -> bool',
  'math.isFinite': 'double -> bool',
  'math.sqrt': each(NUMBERS, 'T -> double'),
  'math.bitAnd': bits,
  'math.bitOr': bits,
  'math.bitXor': bits,
  'math.bitNot': 'int -> int; uint -> uint',
  'math.bitShiftLeft': shift,
  'math.bitShiftRight': shift,
}

export const STANDARD_OVERLOADS: Overloads = new Map(
  Object.entries(DECLARED).map(([name, signatures]) => [name, signatures.split('; ').map(parseSignature)]),
)

function parseSignature(signature: string): Overload {
  const [before = '', after = ''] = signature.split('->')
  const member = before.startsWith('.')
  const args = partsBetweenCommas(member ? before.slice(1) : before)
  return { member, args: args.map(parseType), result: parseType(after.trim()) }
}

function parseType(text: string): CelType {
  const [, outer, inner] = /^(\w+)\((.*)\)$/.exec(text) ?? []
  if (outer === undefined || inner === undefined)
    return /^[A-Z]$/.test(text) ? { kind: 'param', id: text } : (TYPE_NAMES.get(text) ?? DYN)
  const [first = DYN, second = DYN] = partsBetweenCommas(inner).map(parseType)
  if (outer === 'map') return mapOf(first, second)
  return outer === 'list' ? listOf(first) : outer === 'type' ? typeOf(first) : optionalOf(first)
}

function partsBetweenCommas(text: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const char of text.trim()) {
    if (char === ',' && depth === 0) {
      parts.push(part.trim())
      part = ''
      continue
    }
    depth += char === '(' ? 1 : char === ')' ? -1 : 0
    part += char
  }
  return part.trim() === '' ? parts : [...parts, part.trim()]
}
