import { elementAt, optionalElementAt } from './access.ts'
import { type ArithmeticName, calculate, negate } from './arithmetic.ts'
import { CelMap } from './cel-map.ts'
import { compileMacro } from './compile-macro.ts'
import { onceSteps, stepLimitOf, TEXT_ALLOWANCE } from './cost.ts'
import { areEqual } from './equal.ts'
import type { Binding, Frame, Run } from './frame.ts'
import { type CelFunction, countOf, FUNCTIONS, isIn } from './functions.ts'
import { EXHAUSTED, type Meter } from './meter.ts'
import { compareValues } from './order.ts'
import { STANDARD_OVERLOADS } from './overloads.ts'
import { matchText, readPattern } from './pattern.ts'
import { contains, endsWith, startsWith } from './text-functions.ts'
import { childrenOf, type TypedNode } from './typed-node.ts'
import type { CelResult, CelValue } from './value.ts'
import { CelFailure, CelOptional, CelTypeValue, CelUint, isMap, MISFIT, NO_VALUE } from './value.ts'

/**
 * Turns a typed tree into closures; no code is generated. Compiled once, run for every input; holds no state.
 * A value is what it is, or a failure with a reason: nothing is thrown. Gives up after `stepLimitOf(node)` steps.
 */
export function compileExpression<Input>(
  node: TypedNode,
  binding: Binding<Input>,
): (input: Input) => CelResult {
  const { run, left, locals } = prepare(node, binding)
  return (input) => run({ input, left, locals: locals() })
}

/** As `compileExpression`, and says how many steps it took. */
export function compileCounted<Input>(
  node: TypedNode,
  binding: Binding<Input>,
): (input: Input) => { readonly result: CelResult; readonly steps: number } {
  const { run, left, locals } = prepare(node, binding)
  return (input) => {
    const frame = { input, left, locals: locals() }
    const result = run(frame)
    return { result, steps: stepLimitOf(node) - frame.left }
  }
}

function prepare<Input>(node: TypedNode, binding: Binding<Input>) {
  const run = new Compiler(binding).compile(node, [])
  // What is evaluated once is paid for at the start; macros pay for every turn, functions for what they look at.
  const left = stepLimitOf(node) - onceSteps(node)
  return { run, left, locals: bringsLocals(node) ? (): CelResult[] => [] : () => NO_LOCALS }
}

const NO_LOCALS: CelResult[] = []

const bringsLocals = (node: TypedNode): boolean =>
  node.kind === 'macro' || node.kind === 'bind' || childrenOf(node).some(bringsLocals)

type Scope = readonly string[]
type Of<Kind extends TypedNode['kind']> = Extract<TypedNode, { kind: Kind }>
type Member = Extract<TypedNode, { field: string }>

class Compiler<Input> {
  readonly #binding: Binding<Input>

  constructor(binding: Binding<Input>) {
    this.#binding = binding
  }

  compile(node: TypedNode, scope: Scope): Run<Input> {
    switch (node.kind) {
      case 'literal': {
        const value = valueOfLiteral(node)
        return () => value
      }
      case 'variable':
        return this.#variable(node.name)
      case 'local': {
        const slot = scope.lastIndexOf(node.name)
        return (frame) => frame.locals[slot] ?? null
      }
      case 'type-name': {
        const value = new CelTypeValue(node.name)
        return () => value
      }
      case 'select':
        return this.#select(node, scope)
      case 'has':
        return this.#has(node, scope)
      case 'list':
        return this.#list(node, scope)
      case 'map':
        return this.#map(node, scope)
      case 'macro':
        return compileMacro(node, scope, (child, inner) => this.compile(child, inner))
      case 'bind': {
        const slot = scope.length
        const value = this.compile(node.value, scope)
        const body = this.compile(node.body, [...scope, node.variable])
        return (frame) => {
          frame.locals[slot] = value(frame)
          return body(frame)
        }
      }
      case 'call':
        return this.#call(node, scope)
    }
  }

  #variable(name: string): Run<Input> {
    const absent = new CelFailure(`${name} is missing`)
    const read = this.#binding.variable(name)
    return read === undefined ? () => absent : orElse(read, absent)
  }

  /** Reads a field of a record, which is no value that one could hold. */
  #reader(of: TypedNode, field: string): ((input: Input) => CelResult | undefined) | undefined {
    return of.kind === 'variable' ? this.#binding.field?.(of.name, field) : undefined
  }

  #select({ of, field }: Member, scope: Scope): Run<Input> {
    const absent = new CelFailure(`${pathTo(of)}${field} is missing`)
    const read = this.#reader(of, field)
    if (read !== undefined) return orElse(read, absent)
    const target = this.compile(of, scope)
    return (frame) => {
      const value = target(frame)
      if (value instanceof CelFailure) return value
      if (value instanceof CelOptional)
        return value.value === undefined ? NO_VALUE : optionalElementAt(value.value, field)
      const found = fieldOf(value, field)
      return found === undefined ? absent : found
    }
  }

  #has({ of, field }: Member, scope: Scope): Run<Input> {
    const read = this.#reader(of, field)
    if (read !== undefined) return (frame) => read(frame.input) !== undefined
    const target = this.compile(of, scope)
    return (frame) => {
      const value = target(frame)
      if (value instanceof CelFailure) return value
      const held = value instanceof CelOptional ? value.value : value
      return held !== undefined && fieldOf(held, field) !== undefined
    }
  }

  #list(node: Of<'list'>, scope: Scope): Run<Input> {
    const items = node.items.map((item) => this.compile(item, scope))
    if (node.items.every(isConstant) && node.optional.length === 0) return folded(collect(items))
    return node.optional.length === 0 ? collect(items) : collectOptional(items, new Set(node.optional))
  }

  #map(node: Of<'map'>, scope: Scope): Run<Input> {
    const bad = new CelFailure('a key of a map occurs twice, or is none')
    const entries = node.entries.map(({ key, value, optional }) => ({
      key: this.compile(key, scope),
      value: this.compile(value, scope),
      optional,
    }))
    return (frame) => {
      const made: (readonly [CelValue, CelValue])[] = []
      for (const entry of entries) {
        const key = entry.key(frame)
        if (key instanceof CelFailure) return key
        const value = entry.value(frame)
        if (value instanceof CelFailure) return value
        if (!entry.optional) made.push([key, value])
        else if (!(value instanceof CelOptional)) return MISFIT
        else if (value.value !== undefined) made.push([key, value.value])
      }
      return CelMap.of(made) ?? bad
    }
  }

  #call(node: Of<'call'>, scope: Scope): Run<Input> {
    const { name } = node
    const counted = this.#comparedSize(node, scope)
    if (counted !== undefined) return counted
    const args = node.args.map((arg) => this.compile(arg, scope))
    const [first, second, third] = args
    if (first !== undefined && second !== undefined) {
      const built = this.#operator(node, first, second, third)
      if (built !== undefined) return built
    }
    if (name === '!_' && first !== undefined)
      return unary(first, (value) => (typeof value === 'boolean' ? !value : MISFIT))
    if (name === '-_' && first !== undefined) return unary(first, negate)
    const operate = FUNCTIONS.get(name)
    if (operate !== undefined && !takes(name, args.length)) return () => MISFIT
    if (operate === undefined) {
      const unknown = new CelFailure(`there is no function ${name}`)
      return () => unknown
    }
    const applied = apply(operate, args)
    return node.args.length > 0 && node.args.every(isConstant) ? folded(applied) : applied
  }

  #operator(
    node: Of<'call'>,
    first: Run<Input>,
    second: Run<Input>,
    third: Run<Input> | undefined,
  ): Run<Input> | undefined {
    const [left, right] = node.args
    if (left === undefined || right === undefined) return undefined
    switch (node.name) {
      case '_&&_':
        return junction(first, second, false)
      case '_||_':
        return junction(first, second, true)
      case '_?_:_':
        return third === undefined ? undefined : choice(first, second, third)
      case '_==_':
      case '_!=_': {
        const whenEqual = node.name === '_==_'
        if (right.kind === 'literal') return equalToConstant(first, valueOfLiteral(right), whenEqual)
        if (left.kind === 'literal') return equalToConstant(second, valueOfLiteral(left), whenEqual)
        return binary(first, second, (a, b, meter) => {
          const equal = areEqual(a, b, meter)
          return typeof equal === 'boolean' ? equal === whenEqual : equal
        })
      }
      case '_<_':
      case '_<=_':
      case '_>_':
      case '_>=_':
        return order(node.name, first, second)
      case '_+_':
      case '_-_':
      case '_*_':
      case '_/_':
      case '_%_': {
        return arithmetic(node.name, first, second)
      }
      case '@in':
        return right.kind === 'list' && right.items.every(isText)
          ? inTexts(first, new Set(right.items.map(textOf)))
          : binary(first, second, isIn)
      case '_[_]':
        return binary(first, second, elementAt)
      case '_[?_]':
        return binary(first, second, optionalElementAt)
      case '_?._':
        return this.#optionalField(left, right, first)
      case 'contains':
        return binary(first, second, contains)
      case 'startsWith':
        return binary(first, second, startsWith)
      case 'endsWith':
        return binary(first, second, endsWith)
      case 'matches':
        return right.kind === 'literal' && right.literal.type === 'string'
          ? matching(first, right.literal.value)
          : undefined
      case 'or':
      case 'orValue':
        return orOther(first, second, node.name === 'orValue')
      default:
        return undefined
    }
  }

  /** `size(x) >= 3`, which needs no whole number of 64 bits. */
  #comparedSize({ name, args }: Of<'call'>, scope: Scope): Run<Input> | undefined {
    const [size, literal] = args
    const decide = isComparison(name) ? COMPARED[name] : undefined
    if (size?.kind !== 'call' || size.name !== 'size' || decide === undefined) return undefined
    const [of] = size.args
    if (of === undefined || size.args.length !== 1) return undefined
    if (literal?.kind !== 'literal' || literal.literal.type !== 'int') return undefined
    const wanted = Number(literal.literal.value)
    const run = this.compile(of, scope)
    return (frame) => {
      const value = run(frame)
      if (value instanceof CelFailure) return value
      const count = countOf(value, frame)
      return typeof count === 'number' ? decide(count, wanted) : count
    }
  }

  #optionalField(of: TypedNode, name: TypedNode, target: Run<Input>): Run<Input> {
    const field = textOf(name)
    const read = this.#reader(of, field)
    if (read === undefined) return unary(target, (value) => optionalElementAt(value, field))
    return ({ input }) => {
      const value = read(input)
      if (value === undefined) return NO_VALUE
      return value instanceof CelFailure ? value : new CelOptional(value)
    }
  }
}

/** Whether a function is ever called with so many arguments. The checker has seen to it, where it was asked. */
const takes = (name: string, count: number): boolean =>
  STANDARD_OVERLOADS.get(name)?.some(({ args }) => args.length === count) ?? true

const valueOfLiteral = ({ literal }: Of<'literal'>): CelValue =>
  literal.type === 'uint' ? new CelUint(literal.value) : literal.value

const isConstant = (node: TypedNode): boolean => node.kind === 'literal'

const isText = (node: TypedNode): boolean => node.kind === 'literal' && node.literal.type === 'string'

const textOf = (node: TypedNode): string =>
  node.kind === 'literal' && node.literal.type === 'string' ? node.literal.value : ''

/** `event.data.` of `event.data`: for the sentence that something is missing there. */
function pathTo(node: TypedNode): string {
  if (node.kind === 'variable' || node.kind === 'local') return `${node.name}.`
  return node.kind === 'select' ? `${pathTo(node.of)}${node.field}.` : ''
}

function fieldOf(value: CelValue, field: string): CelValue | undefined {
  if (value instanceof CelMap) return value.find(field)
  return isMap(value) && Object.hasOwn(value, field) ? value[field] : undefined
}

function orElse<Input>(read: (input: Input) => CelResult | undefined, absent: CelFailure): Run<Input> {
  return (frame) => {
    const value = read(frame.input)
    return value === undefined ? absent : value
  }
}

/** Evaluates once what has no variables in it. */
function folded<Input>(run: Run<Input>): Run<Input> {
  const constant = run({ input: undefined as Input, locals: [], left: TEXT_ALLOWANCE })
  return constant === EXHAUSTED ? run : () => constant
}

function collect<Input>(items: readonly Run<Input>[]): Run<Input> {
  return (frame) => {
    const values: CelValue[] = []
    for (const item of items) {
      const value = item(frame)
      if (value instanceof CelFailure) return value
      values.push(value)
    }
    return values
  }
}

function collectOptional<Input>(items: readonly Run<Input>[], optional: ReadonlySet<number>): Run<Input> {
  return (frame) => {
    const values: CelValue[] = []
    for (const [index, item] of items.entries()) {
      const value = item(frame)
      if (value instanceof CelFailure) return value
      if (!optional.has(index)) values.push(value)
      else if (!(value instanceof CelOptional)) return MISFIT
      else if (value.value !== undefined) values.push(value.value)
    }
    return values
  }
}

function apply<Input>(operate: CelFunction, args: readonly Run<Input>[]): Run<Input> {
  const collected = collect(args)
  return (frame) => {
    const values = collected(frame)
    return values instanceof CelFailure ? values : operate(values as readonly CelValue[], frame)
  }
}

function unary<Input>(run: Run<Input>, operate: (value: CelValue) => CelResult): Run<Input> {
  return (frame) => {
    const value = run(frame)
    return value instanceof CelFailure ? value : operate(value)
  }
}

function binary<Input>(
  left: Run<Input>,
  right: Run<Input>,
  operate: (a: CelValue, b: CelValue, meter: Meter) => CelResult,
): Run<Input> {
  return (frame) => {
    const a = left(frame)
    if (a instanceof CelFailure) return a
    const b = right(frame)
    return b instanceof CelFailure ? b : operate(a, b, frame)
  }
}

/** `&&` and `||` need only one side to know: the other may fail. CEL's logic is symmetric in this. */
function junction<Input>(left: Run<Input>, right: Run<Input>, decisive: boolean): Run<Input> {
  return (frame) => {
    const a = left(frame)
    if (a === decisive) return decisive
    const b = right(frame)
    if (b === decisive) return decisive
    if (a instanceof CelFailure) return a
    if (b instanceof CelFailure) return b
    return typeof a === 'boolean' && typeof b === 'boolean' ? !decisive : MISFIT
  }
}

const NO_TRUTH = new CelFailure('the condition of "? :" gives neither true nor false')

/** Doubles are what JSON has: each operator knows them by heart. */
function arithmetic<Input>(name: ArithmeticName, left: Run<Input>, right: Run<Input>): Run<Input> {
  const onDoubles = DOUBLES[name]
  return (frame) => {
    const a = left(frame)
    if (a instanceof CelFailure) return a
    const b = right(frame)
    if (b instanceof CelFailure) return b
    if (onDoubles !== undefined && typeof a === 'number' && typeof b === 'number') return onDoubles(a, b)
    return calculate(name, a, b, frame)
  }
}

const DOUBLES: Readonly<Partial<Record<ArithmeticName, (a: number, b: number) => number>>> = {
  '_+_': (a, b) => a + b,
  '_-_': (a, b) => a - b,
  '_*_': (a, b) => a * b,
  '_/_': (a, b) => a / b,
}

function choice<Input>(test: Run<Input>, yes: Run<Input>, no: Run<Input>): Run<Input> {
  return (frame) => {
    const truth = test(frame)
    if (truth === true) return yes(frame)
    if (truth === false) return no(frame)
    return truth instanceof CelFailure ? truth : NO_TRUTH
  }
}

function equalToConstant<Input>(run: Run<Input>, constant: CelValue, whenEqual: boolean): Run<Input> {
  if (typeof constant === 'string' || typeof constant === 'boolean')
    return (frame) => {
      const value = run(frame)
      return value instanceof CelFailure ? value : (value === constant) === whenEqual
    }
  return (frame) => {
    const value = run(frame)
    if (value instanceof CelFailure) return value
    if (typeof value === typeof constant && typeof value !== 'object')
      return (value === constant) === whenEqual
    const equal = areEqual(value, constant, frame)
    return typeof equal === 'boolean' ? equal === whenEqual : equal
  }
}

type OrderName = '_<_' | '_<=_' | '_>_' | '_>=_'
type ComparisonName = OrderName | '_==_' | '_!=_'

function order<Input>(name: OrderName, left: Run<Input>, right: Run<Input>): Run<Input> {
  const onDoubles = COMPARED[name]
  return (frame) => {
    const a = left(frame)
    if (a instanceof CelFailure) return a
    const b = right(frame)
    if (b instanceof CelFailure) return b
    if (typeof a === 'number' && typeof b === 'number') return onDoubles(a, b)
    const sign = compareValues(a, b, frame)
    return typeof sign === 'number' ? onDoubles(sign, 0) : sign
  }
}

const COMPARED: Readonly<Record<ComparisonName, (a: number, b: number) => boolean>> = {
  '_==_': (a, b) => a === b,
  '_!=_': (a, b) => a !== b,
  '_<_': (a, b) => a < b,
  '_<=_': (a, b) => a <= b,
  '_>_': (a, b) => a > b,
  '_>=_': (a, b) => a >= b,
}

const isComparison = (name: string): name is ComparisonName => Object.hasOwn(COMPARED, name)

function inTexts<Input>(run: Run<Input>, texts: ReadonlySet<CelValue>): Run<Input> {
  return unary(run, (value) => texts.has(value))
}

function matching<Input>(run: Run<Input>, source: string): Run<Input> {
  const pattern = readPattern(source)
  if (pattern instanceof CelFailure) return () => pattern
  return (frame) => {
    const text = run(frame)
    return text instanceof CelFailure ? text : matchText(text, pattern, frame)
  }
}

/** `or` and `orValue` evaluate their second part only where the first has no value. */
function orOther<Input>(run: Run<Input>, other: Run<Input>, unwraps: boolean): Run<Input> {
  return (frame: Frame<Input>) => {
    const value = run(frame)
    if (value instanceof CelFailure) return value
    if (!(value instanceof CelOptional)) return MISFIT
    if (value.value === undefined) return other(frame)
    return unwraps ? value.value : value
  }
}
