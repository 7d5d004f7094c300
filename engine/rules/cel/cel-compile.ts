import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { Json, JsonArray, JsonObject } from '#engine/shared/json.ts'
import { isJsonArray, isJsonObject } from '#engine/shared/json.ts'
import type { CelOperator, TypedNode } from './cel-check.ts'
import { CEL_BOUNDS } from './cel-cost.ts'
import { isDeeplyEqual } from './cel-equal.ts'
import { compareValues } from './cel-order.ts'
import { isEventField, readEventField } from './event-fields.ts'

/** Why an expression has no value for an event: a field is missing, or holds something else than was thought. */
export class Absence {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

type CelValue = Json | Absence

/** What an expression may read, beside the event. */
export type Variables = Readonly<Record<string, Json>>

/** Compiled once, run for every event; holds no state. */
export type Predicate = (event: LearningEvent, variables?: Variables) => true | Absence | false

/**
 * Turns a checked predicate into closures; no code is generated.
 * The predicate is `true`, `false`, or an `Absence` that says why it could not be told, which counts as false.
 */
export function compilePredicate(node: TypedNode): Predicate {
  const run = compileExpression(node)
  const noTruth = new Absence('the expression gives neither true nor false')
  return (event, variables) => {
    const value = run(event, variables)
    return typeof value === 'boolean' || value instanceof Absence ? value : noTruth
  }
}

/** Compiles an expression of any type. */
export function compileExpression(
  node: TypedNode,
): (event: LearningEvent, variables?: Variables) => CelValue {
  const run = compile(node, VARIABLES)
  return (event, variables) =>
    run(event, variables === undefined ? [] : VARIABLES.map((name) => variables[name] ?? null))
}

/** Compiles an expression that gives a text; undefined where it gives something else. */
export function compileText(
  node: TypedNode,
): (event: LearningEvent, variables?: Variables) => string | undefined {
  const run = compileExpression(node)
  return (event, variables) => {
    const value = run(event, variables)
    return typeof value === 'string' ? value : undefined
  }
}

/** Their slots come before those of macros. */
const VARIABLES = ['join', 'value']

type Run = (event: LearningEvent, locals: Json[]) => CelValue

function compile(node: TypedNode, scope: readonly string[]): Run {
  switch (node.kind) {
    case 'literal': {
      const { value } = node.literal
      return () => value
    }
    case 'moment': {
      const { value } = node
      return () => value
    }
    case 'event':
      return () => new Absence('an event is no value')
    case 'variable': {
      const slot = scope.lastIndexOf(node.name)
      return (_event, locals) => locals[slot] ?? null
    }
    case 'select':
      return compileSelect(node.of, node.field, scope)
    case 'has':
      return compileHas(node.of, node.field, scope)
    case 'list': {
      const items = node.items.map((item) => compile(item, scope))
      return (event, locals) => {
        const values: Json[] = []
        for (const item of items) {
          const value = item(event, locals)
          if (value instanceof Absence) return value
          values.push(value)
        }
        return values
      }
    }
    case 'macro':
      return compileMacro(node, scope)
    case 'call':
      return compileCall(node.name, node.args, scope)
  }
}

function compileSelect(of: TypedNode, field: string, scope: readonly string[]): Run {
  const absent = new Absence(`${fieldPath(of)}${field} is missing`)
  if (of.kind === 'event' && isEventField(field)) return (event) => readEventField(event, field) ?? absent
  const target = compile(of, scope)
  return (event, locals) => {
    const value = target(event, locals)
    if (value instanceof Absence) return value
    const found = isJsonObject(value) ? member(value, field) : undefined
    return found === undefined ? absent : found
  }
}

function compileHas(of: TypedNode, field: string, scope: readonly string[]): Run {
  if (of.kind === 'event' && isEventField(field)) return (event) => readEventField(event, field) !== undefined
  const target = compile(of, scope)
  return (event, locals) => {
    const value = target(event, locals)
    return value instanceof Absence ? value : isJsonObject(value) && Object.hasOwn(value, field)
  }
}

const member = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined

function fieldPath(node: TypedNode): string {
  if (node.kind === 'event') return 'event.'
  if (node.kind === 'select') return `${fieldPath(node.of)}${node.field}.`
  return ''
}

function compileMacro(node: Extract<TypedNode, { kind: 'macro' }>, scope: readonly string[]): Run {
  const over = compile(node.over, scope)
  const slot = scope.length
  const body = compile(node.body, [...scope, node.variable])
  const noElements = new Absence('what is looked through is neither a list nor a map')
  const tooMany = new Absence(`a list has more than ${CEL_BOUNDS.elements} elements`)
  const noTruth = new Absence('a condition on elements gives neither true nor false')
  const { macro } = node
  const decisive = macro === 'exists'
  return (event, locals) => {
    const value = over(event, locals)
    if (value instanceof Absence) return value
    const elements = isJsonArray(value) ? value : isJsonObject(value) ? Object.keys(value) : undefined
    if (elements === undefined) return noElements
    if (elements.length > CEL_BOUNDS.elements) return tooMany
    let absence: Absence | undefined
    let hits = 0
    for (const element of elements) {
      locals[slot] = element
      const truth = body(event, locals)
      if (typeof truth !== 'boolean') absence ??= truth instanceof Absence ? truth : noTruth
      else if (macro === 'exists_one') hits += truth ? 1 : 0
      else if (truth === decisive) return decisive
    }
    return absence ?? (macro === 'exists_one' ? hits === 1 : !decisive)
  }
}

function compileCall(name: CelOperator, args: readonly TypedNode[], scope: readonly string[]): Run {
  const [first, second, third] = args.map((arg) => compile(arg, scope))
  if (first === undefined) return () => new Absence('nothing to work on')
  if (name === '!_') return unary(first, (a) => (typeof a === 'boolean' ? !a : undefined))
  if (name === '-_') return unary(first, (a) => (typeof a === 'number' ? -a : undefined))
  if (name === 'size') return unary(first, sizeOf)
  if (second === undefined) return () => new Absence('nothing to work with')
  switch (name) {
    case '_&&_':
      return junction(first, second, false)
    case '_||_':
      return junction(first, second, true)
    case '_?_:_': {
      const noTruth = new Absence('the condition of "? :" gives neither true nor false')
      return (event, locals) => {
        const truth = first(event, locals)
        if (truth === true) return second(event, locals)
        if (truth === false && third !== undefined) return third(event, locals)
        return truth instanceof Absence ? truth : noTruth
      }
    }
    case '_==_':
      return equality(first, second, true)
    case '_!=_':
      return equality(first, second, false)
    case '_<_':
      return order(first, second, (sign) => sign < 0)
    case '_<=_':
      return order(first, second, (sign) => sign <= 0)
    case '_>_':
      return order(first, second, (sign) => sign > 0)
    case '_>=_':
      return order(first, second, (sign) => sign >= 0)
    case '@in':
      return binary(first, second, contains)
    case '_[_]':
      return binary(first, second, elementAt)
    case 'startsWith':
      return binary(
        first,
        second,
        text((a, b) => a.startsWith(b)),
      )
    case 'endsWith':
      return binary(
        first,
        second,
        text((a, b) => a.endsWith(b)),
      )
    case 'contains':
      return binary(
        first,
        second,
        text((a, b) => a.includes(b)),
      )
    default:
      return binary(first, second, arithmetic(name, args[0]?.type.kind === 'int'))
  }
}

type Two = (a: Json, b: Json) => Json | undefined

const MISFIT = new Absence('a value is of another type than the rule expects')

function unary(run: Run, operate: (a: Json) => Json | undefined): Run {
  return (event, locals) => {
    const a = run(event, locals)
    return a instanceof Absence ? a : (operate(a) ?? MISFIT)
  }
}

function binary(left: Run, right: Run, operate: Two): Run {
  return (event, locals) => {
    const a = left(event, locals)
    if (a instanceof Absence) return a
    const b = right(event, locals)
    if (b instanceof Absence) return b
    const value = operate(a, b)
    return value === undefined ? MISFIT : value
  }
}

/** `&&` and `||` need only one side to know: the other may be absent. CEL's logic is symmetric in this. */
function junction(left: Run, right: Run, decisive: boolean): Run {
  return (event, locals) => {
    const a = left(event, locals)
    if (a === decisive) return decisive
    const b = right(event, locals)
    if (b === decisive) return decisive
    if (a instanceof Absence) return a
    if (b instanceof Absence) return b
    return typeof a === 'boolean' && typeof b === 'boolean' ? !decisive : MISFIT
  }
}

function equality(left: Run, right: Run, whenEqual: boolean): Run {
  return binary(left, right, (a, b) => {
    const equal = isDeeplyEqual(a, b)
    return equal === undefined ? undefined : equal === whenEqual
  })
}

function order(left: Run, right: Run, decide: (sign: number) => boolean): Run {
  return binary(left, right, (a, b) => {
    const sign = compareValues(a, b)
    return sign === undefined ? undefined : decide(sign)
  })
}

const text =
  (operate: (a: string, b: string) => boolean): Two =>
  (a, b) =>
    typeof a === 'string' && typeof b === 'string' ? operate(a, b) : undefined

function contains(item: Json, list: Json): boolean | undefined {
  if (isJsonObject(list))
    return isKey(item) ? typeof item === 'string' && Object.hasOwn(list, item) : undefined
  if (!isJsonArray(list) || list.length > CEL_BOUNDS.elements) return undefined
  return list.some((other) => isDeeplyEqual(item, other) === true)
}

/** What CEL would look for among the keys of a map, where JSON has texts only. */
const isKey = (value: Json): boolean => typeof value !== 'object'

function elementAt(of: Json, index: Json): Json | undefined {
  if (isJsonArray(of)) return typeof index === 'number' && Number.isInteger(index) ? of[index] : undefined
  return isJsonObject(of) && typeof index === 'string' ? member(of, index) : undefined
}

const joinLists = (a: JsonArray, b: JsonArray): JsonArray | undefined =>
  a.length + b.length > CEL_BOUNDS.elements ? undefined : [...a, ...b]

/** Counts code points, as CEL does. */
function sizeOf(value: Json): number | undefined {
  if (typeof value === 'string') {
    let points = 0
    for (const _ of value) points++
    return points
  }
  if (isJsonArray(value)) return value.length
  return isJsonObject(value) ? Object.keys(value).length : undefined
}

/** Whole numbers stay within 2^53: beyond, and on division by zero, there is no value. */
function arithmetic(name: CelOperator, isWhole: boolean): Two {
  return (a, b) => {
    if (name === '_+_' && typeof a === 'string' && typeof b === 'string') return a + b
    if (name === '_+_' && isJsonArray(a) && isJsonArray(b)) return joinLists(a, b)
    if (typeof a !== 'number' || typeof b !== 'number') return undefined
    const value = calculate(name, a, b)
    if (!isWhole) return value
    const whole = Math.trunc(value)
    return Number.isSafeInteger(whole) ? whole + 0 : undefined
  }
}

function calculate(name: CelOperator, a: number, b: number): number {
  switch (name) {
    case '_+_':
      return a + b
    case '_-_':
      return a - b
    case '_*_':
      return a * b
    case '_/_':
      return a / b
    default:
      return a % b
  }
}
