import { elementAt, optionalElementAt } from './access.ts'
import { negate } from './arithmetic.ts'
import { CelMap } from './cel-map.ts'
import { apply, collect, collectOptional } from './collect.ts'
import { compileMacro } from './compile-macro.ts'
import { onceSteps, stepLimitOf, TEXT_ALLOWANCE } from './cost.ts'
import { areEqual } from './equal.ts'
import type { Binding, Run } from './frame.ts'
import { countOf, FUNCTIONS, isIn } from './functions.ts'
import { EXHAUSTED } from './meter.ts'
import {
  arithmetic,
  binary,
  COMPARED,
  choice,
  equalToConstant,
  inTexts,
  isComparison,
  junction,
  matching,
  order,
  orOther,
  unary,
} from './operators.ts'
import { STANDARD_OVERLOADS } from './overloads.ts'
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
  const { run, left, hasLocals } = prepare(node, binding)
  return (input) => run({ input, left, locals: hasLocals ? [] : NO_LOCALS })
}

/** As `compileExpression`, and says how many steps it took. */
export function compileCounted<Input>(
  node: TypedNode,
  binding: Binding<Input>,
): (input: Input) => { readonly result: CelResult; readonly steps: number } {
  const { run, left } = prepare(node, binding)
  return (input) => {
    const frame = { input, left, locals: [] }
    const result = run(frame)
    return { result, steps: stepLimitOf(node) - frame.left }
  }
}

function prepare<Input>(node: TypedNode, binding: Binding<Input>) {
  const run = new Compiler(binding).compile(node, [])
  // What is evaluated once is paid for at the start; macros pay for every turn, functions for what they look at.
  const left = stepLimitOf(node) - onceSteps(node)
  return { run, left, hasLocals: bringsLocals(node) }
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
