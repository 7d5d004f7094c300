import { ZONE_STEPS } from './calendar.ts'
import { CHARACTERS_PER_STEP, MAX_ELEMENTS } from './meter.ts'
import { READING_STEPS, readPattern } from './pattern.ts'
import type { CelType } from './type.ts'
import { childrenOf, type TypedMacro, type TypedNode } from './typed-node.ts'
import { CelFailure } from './value.ts'

/**
 * Steps beyond its cost that one evaluation may take. The cost reckons with texts of a thousand characters in every
 * place where one is looked at; all the texts of an event together are a few at most that are longer.
 */
export const TEXT_ALLOWANCE = 4096

/** The steps after which an evaluation gives up, whatever it is given: the bound of an expression. */
export const stepLimitOf = (node: TypedNode): number => costOf(node) + TEXT_ALLOWANCE

/** Steps for looking at a text, a pattern's text, or at lists that are compared: what the cost reckons with. */
const TEXT_STEPS = 1024 / CHARACTERS_PER_STEP
const PATTERN_CHARACTERS = 16
const COMPARED_VALUES = 50

/**
 * An upper bound of the steps of an evaluation, known before it is run; a step is about 20 ns. What repeats is
 * multiplied: a list of unknown size has `MAX_ELEMENTS`. O(size of the tree). The evaluation counts its steps, too, so
 * that the bound holds for all values.
 */
export function costOf(node: TypedNode): number {
  if (node.kind !== 'macro') return ownSteps(node) + sum(childrenOf(node))
  const each = turnSteps(node) + (node.test === undefined ? 0 : costOf(node.test)) + costOf(node.body)
  return 1 + costOf(node.over) + mostElements(node) * each
}

/** The steps of the parts that are evaluated once whenever this one is: all but the bodies of macros. */
export function onceSteps(node: TypedNode): number {
  if (node.kind === 'macro') return 1 + onceSteps(node.over)
  return fixedSteps(node) + childrenOf(node).reduce((total, child) => total + onceSteps(child), 0)
}

/** What a part takes besides its children, however large its values are. */
function fixedSteps(node: TypedNode): number {
  if (node.kind === 'map') return 1 + 3 * node.entries.length
  return node.kind === 'call' ? 1 + (SLOW[node.name] ?? 0) : 1
}

/** Each turn of a macro takes one, and more where it puts an entry into a map. */
export const turnSteps = ({ macro }: TypedMacro): number =>
  macro === 'transformMap' || macro === 'transformMapEntry' ? 6 : 1

/** Functions that read or write a text that has a form, or make a value anew. */
const SLOW: Readonly<Record<string, number | undefined>> = Object.assign(Object.create(null), {
  timestamp: 30,
  duration: 30,
  string: 20,
  int: 5,
  uint: 5,
  double: 5,
  bytes: 10,
  getFullYear: 30,
  getMonth: 30,
  getDate: 30,
  getDayOfMonth: 30,
  getDayOfYear: 60,
})

const sum = (nodes: readonly TypedNode[]): number => nodes.reduce((total, node) => total + costOf(node), 0)

function mostElements({ macro, over }: TypedMacro): number {
  return macro === 'optMap' || macro === 'optFlatMap' ? 1 : elementsOf(over)
}

function elementsOf(node: TypedNode): number {
  switch (node.kind) {
    case 'list':
      return node.items.length
    case 'map':
      return node.entries.length
    case 'bind':
      return elementsOf(node.body)
    case 'macro':
      return node.type.kind === 'list' || node.macro === 'transformMap' ? elementsOf(node.over) : MAX_ELEMENTS
    default:
      return MAX_ELEMENTS
  }
}

/** What a part takes besides its children. */
const ownSteps = (node: TypedNode): number =>
  fixedSteps(node) + (node.kind === 'call' ? callSteps(node.name, node.args) : 0)

function callSteps(name: string, args: readonly TypedNode[]): number {
  const [first, second] = args
  if (first === undefined) return 0
  switch (name) {
    case '_==_':
    case '_!=_':
      return second === undefined ? 0 : comparison(first, second)
    case '_<_':
    case '_<=_':
    case '_>_':
    case '_>=_':
      return args.some(isShort) ? 0 : TEXT_STEPS
    case '@in':
      return second === undefined ? 0 : membership(first, second)
    case '_+_':
      return addition(first.type, second?.type)
    case 'startsWith':
    case 'endsWith':
      return second !== undefined && isShort(second) ? 0 : TEXT_STEPS
    case 'matches':
      return second === undefined ? 0 : matching(second)
    case 'split':
    case 'join':
    case 'replace':
      return TEXT_STEPS + 2 * Math.ceil(MAX_ELEMENTS / 8)
    case 'format':
      return TEXT_STEPS + 10 * COMPARED_VALUES
    case 'reverse':
    case 'strings.quote':
    case 'base64.encode':
    case 'base64.decode':
      return 256 + TEXT_STEPS
    case 'math.greatest':
    case 'math.least':
      return first.type.kind === 'list' ? elementsOf(first) : args.length
    default:
      if (name.startsWith('get') && args.length > 1) return ZONE_STEPS
      return LOOKS_AT_TEXT.has(name) ? TEXT_STEPS : 0
  }
}

const LOOKS_AT_TEXT: ReadonlySet<string> = new Set([
  ...['size', 'contains', 'charAt', 'indexOf', 'lastIndexOf', 'substring', 'trim'],
  ...['lowerAscii', 'upperAscii', 'string', 'bytes'],
])

function membership(item: TypedNode, list: TypedNode): number {
  if (list.type.kind === 'map') return 0
  if (list.kind === 'list') return list.items.reduce((total, other) => total + 1 + comparison(item, other), 0)
  return elementsOf(list) * (1 + (isSimple(item) ? 1 : COMPARED_VALUES))
}

/** A value without parts on either side ends a comparison at once. */
const comparison = (a: TypedNode, b: TypedNode): number => (isSimple(a) || isSimple(b) ? 1 : COMPARED_VALUES)

const isSimple = ({ type: { kind } }: TypedNode): boolean =>
  kind !== 'dyn' && kind !== 'list' && kind !== 'map' && kind !== 'optional' && kind !== 'abstract'

/** Whether a part is no text, or one that is looked at in a step. */
const isShort = (node: TypedNode): boolean =>
  node.kind === 'literal'
    ? node.literal.type !== 'string' || node.literal.value.length < CHARACTERS_PER_STEP
    : !['dyn', 'string', 'bytes'].includes(node.type.kind)

/** Of two values of which nothing is known it may be two lists that are joined. */
function addition(a: CelType, b: CelType | undefined): number {
  const kinds = [a.kind, b?.kind]
  if (kinds.some((kind) => kind === 'string' || kind === 'bytes')) return TEXT_STEPS
  return kinds.every((kind) => kind === 'dyn' || kind === 'list') ? MAX_ELEMENTS : 0
}

function matching(pattern: TypedNode): number {
  const read =
    pattern.kind === 'literal' && pattern.literal.type === 'string'
      ? readPattern(pattern.literal.value)
      : undefined
  if (read === undefined) return READING_STEPS + PATTERN_CHARACTERS * 250
  return read instanceof CelFailure ? 1 : PATTERN_CHARACTERS * read.steps
}
