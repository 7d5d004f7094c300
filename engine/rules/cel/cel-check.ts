import { parseInstant } from '#engine/shared/instant.ts'
import type { CelLiteral, CelMacro, CelNode } from './cel-syntax.ts'
import { refuse } from './cel-syntax.ts'
import type { CelType } from './cel-type.ts'
import {
  areComparable,
  BOOL,
  DOUBLE,
  DURATION,
  DYN,
  EVENT,
  INT,
  joinTypes,
  listOf,
  NULL,
  STRING,
  sameType,
  TIMESTAMP,
  typeName,
} from './cel-type.ts'
import { EVENT_FIELDS, isEventField, isPrototypeName } from './event-fields.ts'
import { parseGoDuration } from './go-duration.ts'

/** A syntax tree whose every part has a type. Whole numbers that stand where a double is wanted *are* doubles here. */
export type TypedNode =
  | { readonly kind: 'literal'; readonly type: CelType; readonly literal: CelLiteral }
  | { readonly kind: 'moment'; readonly type: CelType; readonly text: string; readonly value: number }
  | { readonly kind: 'event'; readonly type: CelType }
  | { readonly kind: 'variable'; readonly type: CelType; readonly name: string }
  | {
      readonly kind: 'select' | 'has'
      readonly type: CelType
      readonly of: TypedNode
      readonly field: string
    }
  | { readonly kind: 'list'; readonly type: CelType; readonly items: readonly TypedNode[] }
  | {
      readonly kind: 'call'
      readonly type: CelType
      readonly name: CelOperator
      readonly args: readonly TypedNode[]
    }
  | {
      readonly kind: 'macro'
      readonly type: CelType
      readonly macro: CelMacro
      readonly over: TypedNode
      readonly variable: string
      readonly body: TypedNode
    }

export type CelOperator = (typeof OPERATORS)[number]
const OPERATORS = [
  ...(['_&&_', '_||_', '!_', '_?_:_', '_==_', '_!=_', '_<_', '_<=_', '_>_', '_>=_', '@in', '_[_]'] as const),
  ...(['_+_', '_-_', '_*_', '_/_', '_%_', '-_', 'size', 'startsWith', 'endsWith', 'contains'] as const),
] as const

const isOperator = (name: string): name is CelOperator => (OPERATORS as readonly string[]).includes(name)

/** Which event types there are. A rule that was checked before is compiled with `ANY_EVENT_TYPE`. */
export interface EventTypes {
  has(type: string): boolean
}

export const ANY_EVENT_TYPE: EventTypes = { has: () => true }

type Scope = ReadonlyMap<string, CelType>

/** What a predicate may read, beside `event`. */
export interface PredicateScope {
  readonly eventTypes: EventTypes
  readonly variables?: ReadonlyMap<string, CelType>
}

const NO_VARIABLES: Scope = new Map()

/**
 * Gives every part its type. Throws `CelRefusal`: `rule-field-unknown`, `rule-type-mismatch`,
 * `rule-event-type-unknown`, `rule-not-boolean`, `rule-cel-unsupported`. Linear in the size of the tree.
 */
export function checkPredicate(node: CelNode, scope: PredicateScope): TypedNode {
  const typed = checkExpression(node, scope)
  if (typed.type.kind === 'bool' || typed.type.kind === 'dyn') return typed
  return refuse(
    'rule-not-boolean',
    node.at,
    `A predicate is true or false; this is a ${typeName(typed.type)}.`,
  )
}

/** The same for an expression of any type. */
export const checkExpression = (
  node: CelNode,
  { eventTypes, variables = NO_VARIABLES }: PredicateScope,
): TypedNode => check(node, variables, eventTypes)

function check(node: CelNode, scope: Scope, eventTypes: EventTypes): TypedNode {
  const down = (child: CelNode) => check(child, scope, eventTypes)
  switch (node.kind) {
    case 'literal':
      return { kind: 'literal', type: typeOfLiteral(node.literal), literal: node.literal }
    case 'name':
      return checkName(node.name, node.at, scope)
    case 'select':
    case 'has':
      return checkSelect(node, down(node.of))
    case 'list': {
      const items = withCommonNumbers(node.items.map(down))
      return { kind: 'list', type: listOf(elementType(items, node.at)), items }
    }
    case 'call':
      return checkCall(node, down, eventTypes)
    case 'macro': {
      const over = down(node.over)
      const inner = new Map(scope).set(node.variable, elementsOf(over, node.at))
      const body = check(node.body, inner, eventTypes)
      wantTruth(body, node.body.at)
      if (node.variable === 'event') mismatch(node.at, 'A variable cannot be called "event".')
      return { kind: 'macro', type: BOOL, macro: node.macro, over, variable: node.variable, body }
    }
  }
}

function checkName(name: string, at: number, scope: Scope): TypedNode {
  const local = scope.get(name)
  if (local !== undefined) return { kind: 'variable', type: local, name }
  if (name === 'event') return { kind: 'event', type: EVENT }
  return refuse('rule-field-unknown', at, `There is no "${name.slice(0, 40)}": a predicate reads "event".`)
}

function checkSelect(node: Extract<CelNode, { kind: 'select' | 'has' }>, of: TypedNode): TypedNode {
  const { kind, field, at } = node
  const short = field.slice(0, 40)
  if (isPrototypeName(field)) refuse('rule-field-unknown', at, `No event has a field "${short}".`)
  if (of.type.kind === 'event') {
    if (!isEventField(field)) return refuse('rule-field-unknown', at, `An event has no field "${short}".`)
    return { kind, type: kind === 'has' ? BOOL : EVENT_FIELDS[field], of, field }
  }
  if (of.type.kind !== 'map' && of.type.kind !== 'dyn')
    mismatch(at, `A ${typeName(of.type)} has no field "${short}".`)
  return { kind, type: kind === 'has' ? BOOL : DYN, of, field }
}

function checkCall(
  node: Extract<CelNode, { kind: 'call' }>,
  down: (child: CelNode) => TypedNode,
  eventTypes: EventTypes,
): TypedNode {
  const { name, at } = node
  if (name === 'timestamp' || name === 'duration') return checkMoment(name, node.args, at)
  if (!isOperator(name))
    return refuse('rule-cel-unsupported', at, `There is no function "${name.slice(0, 40)}" here.`)
  const args = node.args.map(down)
  const made = (type: CelType, typedArgs: readonly TypedNode[] = args): TypedNode => ({
    kind: 'call',
    type,
    name,
    args: typedArgs,
  })
  const [first, second, third] = args
  if (first === undefined || args.length !== arity(name))
    return mismatch(at, `"${name}" takes ${arity(name)} arguments.`)
  if (name === '!_') {
    wantTruth(first, at)
    return made(BOOL)
  }
  if (name === '-_') {
    if (!['int', 'double', 'dyn'].includes(first.type.kind))
      mismatch(at, `A ${typeName(first.type)} has no sign.`)
    return made(first.type.kind === 'int' ? INT : DOUBLE)
  }
  if (name === 'size') {
    if (!['string', 'list', 'map', 'dyn'].includes(first.type.kind))
      mismatch(at, `A ${typeName(first.type)} has no size.`)
    return made(INT)
  }
  if (second === undefined) return mismatch(at, `"${name}" takes two arguments.`)
  switch (name) {
    case '_&&_':
    case '_||_':
      wantTruth(first, at)
      wantTruth(second, at)
      return made(BOOL)
    case '_?_:_': {
      wantTruth(first, at)
      const [yes, no] = withCommonNumbers([second, third ?? second])
      const type = yes && no ? joinTypes(yes.type, no.type) : undefined
      if (yes === undefined || no === undefined || type === undefined)
        return mismatch(at, 'Both branches of "? :" have the same type.')
      return made(type, [first, yes, no])
    }
    case '_==_':
    case '_!=_': {
      const pair = withCommonNumbers([first, second])
      wantComparable(pair, at)
      wantKnownTypes(pair, eventTypes, at)
      return made(BOOL, pair)
    }
    case '_<_':
    case '_<=_':
    case '_>_':
    case '_>=_': {
      const pair = withCommonNumbers([first, second])
      wantComparable(pair, at)
      for (const { type } of pair)
        if (['list', 'map', 'null'].includes(type.kind)) mismatch(at, `A ${typeName(type)} has no order.`)
      return made(BOOL, pair)
    }
    case '@in':
      return checkIn(first, second, at, eventTypes, made)
    case '_[_]':
      return made(indexType(first.type, second.type, at))
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      for (const { type } of args)
        if (type.kind !== 'string' && type.kind !== 'dyn')
          mismatch(at, `"${name}" wants text, not ${typeName(type)}.`)
      return made(BOOL)
    default: {
      const pair = withCommonNumbers([first, second])
      return made(arithmeticType(name, pair, at), pair)
    }
  }
}

const arity = (name: CelOperator): number =>
  name === '_?_:_' ? 3 : name === '!_' || name === '-_' || name === 'size' ? 1 : 2

function checkMoment(name: 'timestamp' | 'duration', args: readonly CelNode[], at: number): TypedNode {
  const [arg] = args
  if (args.length !== 1 || arg?.kind !== 'literal' || arg.literal.type !== 'string')
    return refuse('rule-cel-unsupported', at, `${name}() takes a text that stands in the rule.`)
  const text = arg.literal.value
  const value = name === 'timestamp' ? parseInstant(text) : parseGoDuration(text)
  if (value === undefined) return mismatch(at, `"${text.slice(0, 40)}" is no ${name}.`)
  return { kind: 'moment', type: name === 'timestamp' ? TIMESTAMP : DURATION, text, value }
}

function checkIn(
  item: TypedNode,
  list: TypedNode,
  at: number,
  eventTypes: EventTypes,
  made: (type: CelType, args: readonly TypedNode[]) => TypedNode,
): TypedNode {
  if (list.type.kind === 'map') {
    if (item.type.kind !== 'string' && item.type.kind !== 'dyn') mismatch(at, 'A map is asked for a text.')
    return made(BOOL, [item, list])
  }
  if (list.type.kind === 'dyn') {
    if (!areComparable(item.type, DYN)) mismatch(at, `A ${typeName(item.type)} is in no list of an event.`)
    return made(BOOL, [asDouble(item), list])
  }
  if (list.type.kind !== 'list') return mismatch(at, `"in" wants a list, not a ${typeName(list.type)}.`)
  if (list.kind !== 'list') return made(BOOL, [item, list])
  const items = list.items.map((other) => (wantsDouble(item) ? asDouble(other) : other))
  const left = items.some((other) => other.type.kind === 'double') ? asDouble(item) : item
  for (const other of items) wantComparable([left, other], at)
  for (const other of items) wantKnownTypes([left, other], eventTypes, at)
  return made(BOOL, [left, { kind: 'list', type: listOf(elementType(items, at)), items }])
}

function indexType(of: CelType, index: CelType, at: number): CelType {
  if (of.kind === 'map' && (index.kind === 'string' || index.kind === 'dyn')) return DYN
  if (of.kind === 'list' && (index.kind === 'int' || index.kind === 'dyn')) return of.of
  if (of.kind === 'dyn' && ['string', 'int', 'dyn'].includes(index.kind)) return DYN
  return mismatch(at, `A ${typeName(of)} cannot be indexed by a ${typeName(index)}.`)
}

function arithmeticType(name: CelOperator, pair: readonly TypedNode[], at: number): CelType {
  const [a, b] = pair.map(({ type }) => type.kind)
  if (a === 'int' && b === 'int') return INT
  if (name !== '_%_' && isNumber(a) && isNumber(b) && a !== 'int' && b !== 'int') {
    // A text and a number can both hide behind `dyn`: only "+" of two of them leaves it open.
    return name === '_+_' && a === 'dyn' && b === 'dyn' ? DYN : DOUBLE
  }
  if (name === '_+_' && (a === 'string' || a === 'dyn') && (b === 'string' || b === 'dyn')) return STRING
  if (name === '_-_' && a === 'timestamp' && b === 'timestamp') return DURATION
  if ((name === '_+_' || name === '_-_') && a === 'timestamp' && b === 'duration') return TIMESTAMP
  if (name === '_+_' && a === 'duration' && b === 'timestamp') return TIMESTAMP
  if ((name === '_+_' || name === '_-_') && a === 'duration' && b === 'duration') return DURATION
  return mismatch(at, `"${name.replaceAll('_', '')}" does not take ${a} and ${b}.`)
}

const isNumber = (kind: string | undefined): boolean => kind === 'double' || kind === 'dyn' || kind === 'int'

function typeOfLiteral({ type }: CelLiteral): CelType {
  return { bool: BOOL, int: INT, double: DOUBLE, string: STRING, null: NULL }[type]
}

function elementsOf({ type }: TypedNode, at: number): CelType {
  if (type.kind === 'list') return type.of
  if (type.kind === 'map') return STRING
  if (type.kind === 'dyn') return DYN
  return mismatch(at, `A ${typeName(type)} has no elements.`)
}

function elementType(items: readonly TypedNode[], at: number): CelType {
  let type: CelType | undefined
  for (const item of items) {
    const joined: CelType | undefined = type === undefined ? item.type : joinTypes(type, item.type)
    if (joined === undefined || joined.kind === 'event')
      return mismatch(at, 'The elements of this list do not go together.')
    type = joined
  }
  return type ?? DYN
}

const wantsDouble = ({ type }: TypedNode): boolean =>
  type.kind === 'double' ||
  type.kind === 'dyn' ||
  (type.kind === 'list' && (type.of.kind === 'double' || type.of.kind === 'dyn'))

/**
 * JSON numbers are doubles, so `1` beside one of them, or where either a text or a number may stand, means `1.0`.
 * Only literals turn: a `size()` stays whole.
 */
function withCommonNumbers(nodes: readonly TypedNode[]): readonly TypedNode[] {
  const [first] = nodes
  const areAlike = nodes.every(({ type }) => first !== undefined && sameType(type, first.type))
  return areAlike && !nodes.some(wantsDouble) ? nodes : nodes.map(asDouble)
}

function asDouble(node: TypedNode): TypedNode {
  if (node.kind === 'literal' && node.literal.type === 'int')
    return { kind: 'literal', type: DOUBLE, literal: { type: 'double', value: node.literal.value } }
  if (node.kind === 'call' && node.name === '-_' && node.args[0] !== undefined) {
    const turned = asDouble(node.args[0])
    return turned.type.kind === 'double' ? { ...node, type: DOUBLE, args: [turned] } : node
  }
  if (node.kind === 'list' && node.type.kind === 'list' && node.type.of.kind === 'int') {
    const items = node.items.map(asDouble)
    return items.every(({ type }) => type.kind === 'double') ? { ...node, type: listOf(DOUBLE), items } : node
  }
  return node
}

function wantTruth({ type }: TypedNode, at: number): void {
  if (type.kind !== 'bool' && type.kind !== 'dyn')
    mismatch(at, `True or false is wanted here, not a ${typeName(type)}.`)
}

function wantComparable([a, b]: readonly TypedNode[], at: number): void {
  if (a !== undefined && b !== undefined && !areComparable(a.type, b.type))
    mismatch(at, `A ${typeName(a.type)} cannot be compared with a ${typeName(b.type)}.`)
}

/** `event.type == 'complted'` is a slip that would otherwise wait for ever. */
function wantKnownTypes(pair: readonly TypedNode[], eventTypes: EventTypes, at: number): void {
  const isType = (node: TypedNode) =>
    node.kind === 'select' && node.of.kind === 'event' && node.field === 'type'
  if (!pair.some(isType)) return
  for (const node of pair)
    if (node.kind === 'literal' && node.literal.type === 'string' && !eventTypes.has(node.literal.value))
      refuse(
        'rule-event-type-unknown',
        at,
        `No source sends events of the type "${node.literal.value.slice(0, 40)}".`,
      )
}

const mismatch = (at: number, message: string): never => refuse('rule-type-mismatch', at, message)
