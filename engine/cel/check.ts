import { type CelEnvironment, candidatesOf } from './environment.ts'
import { jsonOperands, withCommonNumbers } from './json-numbers.ts'
import { type Overload, STANDARD_OVERLOADS } from './overloads.ts'
import { refuseExpression } from './refusal.ts'
import { Substitution } from './substitution.ts'
import type { CelLiteral, MacroSyntax, SyntaxNode } from './syntax.ts'
import type { CelType } from './type.ts'
import {
  BOOL,
  BYTES,
  DOUBLE,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  STRING,
  TYPE_NAMES,
  typeName,
  typeOf,
  UINT,
  withParts,
} from './type.ts'
import { mapChildren, type TypedNode } from './typed-node.ts'

/**
 * Gives every part its type, as the official checker does. Linear in the size of the tree, but for the depth of types.
 * Throws `ExpressionRefusal`: unknown-name, unknown-field, mismatch, unsupported.
 */
export function checkExpression(node: SyntaxNode, environment: CelEnvironment): TypedNode {
  return new Checker(environment, true).checkWhole(node)
}

/** Resolves names only: what does not fit turns into an error when it is evaluated. For trees that nobody checks. */
export function resolveExpression(node: SyntaxNode, environment: CelEnvironment): TypedNode {
  return new Checker(environment, false).checkWhole(node)
}

type Scope = ReadonlyMap<string, CelType>
type Of<Kind extends SyntaxNode['kind']> = Extract<SyntaxNode, { kind: Kind }>

class Checker {
  readonly #environment: CelEnvironment
  readonly #isStrict: boolean
  readonly #types = new Substitution()

  constructor(environment: CelEnvironment, isStrict: boolean) {
    this.#environment = environment
    this.#isStrict = isStrict
  }

  checkWhole(node: SyntaxNode): TypedNode {
    return this.#settle(this.#check(node, new Map()))
  }

  /** What nothing has settled is `dyn` in the end. */
  #settle(node: TypedNode): TypedNode {
    return {
      ...mapChildren(node, (child) => this.#settle(child)),
      type: this.#types.resolve(node.type, true),
    }
  }

  #check(node: SyntaxNode, scope: Scope): TypedNode {
    const checked = this.#checkPart(node, scope)
    const { type } = checked
    if (type.kind === 'record') this.#mismatch(node.at, `"${type.name}" is no value: name one of its fields.`)
    return checked
  }

  #checkPart(node: SyntaxNode, scope: Scope): TypedNode {
    switch (node.kind) {
      case 'literal':
        return { kind: 'literal', type: typeOfLiteral(node.literal), literal: node.literal }
      case 'name':
        return this.#name(node.name, node.at, scope)
      case 'select':
      case 'has':
        return this.#select(node, scope)
      case 'list':
        return this.#list(node, scope)
      case 'map':
        return this.#map(node, scope)
      case 'call':
        return this.#call(node, scope)
      case 'macro':
        return this.#macro(node, scope)
      case 'bind': {
        const value = this.#check(node.value, scope)
        const body = this.#check(node.body, new Map(scope).set(node.variable, value.type))
        return { kind: 'bind', type: body.type, variable: node.variable, value, body }
      }
    }
  }

  #name(name: string, at: number, scope: Scope): TypedNode {
    const local = scope.get(name)
    if (local !== undefined) return { kind: 'local', type: local, name }
    const found = this.#declared(name)
    if (found !== undefined) return found
    if (!this.#isStrict) return { kind: 'variable', type: DYN, name }
    return refuseExpression('unknown-name', at, `There is no "${name.slice(0, 40)}" here.`)
  }

  #declared(name: string): TypedNode | undefined {
    for (const candidate of candidatesOf(name, this.#environment.container)) {
      const declared = this.#environment.variables.get(candidate)
      if (declared !== undefined) return { kind: 'variable', type: declared, name: candidate }
      const type = TYPE_NAMES.get(candidate)
      if (type !== undefined) return { kind: 'type-name', type: typeOf(type), name: candidate }
    }
    return undefined
  }

  #select(node: Of<'select' | 'has'>, scope: Scope): TypedNode {
    const { kind, field, at } = node
    const path = kind === 'select' ? pathOf(node) : undefined
    const qualified =
      path !== undefined && !scope.has(path.split('.')[0] ?? '') ? this.#declared(path) : undefined
    if (qualified !== undefined) return qualified
    const of = this.#checkPart(node.of, scope)
    const type = this.#fieldOf(of.type, field, at)
    return { kind, type: kind === 'has' ? BOOL : type, of, field }
  }

  #fieldOf(type: CelType, field: string, at: number): CelType {
    const target = this.#types.resolve(type)
    const short = field.slice(0, 40)
    switch (target.kind) {
      case 'map':
        return target.value
      case 'dyn':
        return DYN
      case 'param':
        this.#types.fit(DYN, target)
        return DYN
      case 'optional': {
        const found = this.#fieldOf(target.of, field, at)
        return this.#types.resolve(found).kind === 'optional' ? found : optionalOf(found)
      }
      case 'record': {
        const found = target.fields.get(field)
        if (found !== undefined) return found
        return this.#isStrict
          ? refuseExpression('unknown-field', at, `"${target.name}" has no field "${short}".`)
          : DYN
      }
      default:
        return this.#mismatch(at, `A ${typeName(target)} has no field "${short}".`)
    }
  }

  #list(node: Of<'list'>, scope: Scope): TypedNode {
    const optional = node.optional ?? []
    let items: readonly TypedNode[] = node.items.map((item) => this.#check(item, scope))
    if (this.#environment.jsonNumbers) items = withCommonNumbers(this.#resolved(items))
    const types = items.map(({ type }, index) =>
      optional.includes(index) ? this.#valueOf(type, node.at) : type,
    )
    return { kind: 'list', type: listOf(this.#common(types)), items, optional }
  }

  #map(node: Of<'map'>, scope: Scope): TypedNode {
    const entries = node.entries.map(({ key, value, optional }) => ({
      key: this.#check(key, scope),
      value: this.#check(value, scope),
      optional,
    }))
    for (const [index, { key }] of entries.entries())
      if (this.#environment.jsonNumbers && !KEYS.has(this.#types.resolve(key.type).kind))
        this.#mismatch(node.entries[index]?.key.at ?? node.at, `A ${typeName(key.type)} is no key of a map.`)
    const keys = this.#common(entries.map(({ key }) => key.type))
    const values = this.#common(
      entries.map(({ value, optional }) => (optional ? this.#valueOf(value.type, node.at) : value.type)),
    )
    return { kind: 'map', type: mapOf(keys, values), entries }
  }

  /** The type of what goes with a `?`: the value of the optional. */
  #valueOf(type: CelType, at: number): CelType {
    const value = this.#types.fresh()
    if (!this.#types.fit(type, optionalOf(value)))
      return this.#mismatch(at, `After "?" stands an optional, not a ${typeName(type)}.`)
    return this.#types.resolve(type).kind === 'dyn' ? DYN : value
  }

  /** The type of the elements of a list: if they do not go together, `dyn`. */
  #common(types: readonly CelType[]): CelType {
    let common: CelType | undefined
    for (const type of types) {
      const next: CelType | undefined = common === undefined ? type : this.#types.join(common, type)
      if (next === undefined) return DYN
      common = next
    }
    return common ?? this.#types.fresh()
  }

  #call(node: Of<'call'>, scope: Scope): TypedNode {
    const { name, at } = node
    const overloads = this.#overloadsOf(name)
    if (overloads === undefined && this.#isStrict)
      return refuseExpression('unsupported', at, `There is no function "${name.slice(0, 40)}" here.`)
    let args: readonly TypedNode[] = node.args.map((arg, index) =>
      name === '_?._' && index === 0 ? this.#checkPart(arg, scope) : this.#check(arg, scope),
    )
    if (this.#environment.jsonNumbers) args = jsonOperands(name, this.#resolved(args), at)
    const member = node.member === true
    const type =
      name === '_?._'
        ? this.#optionalField(args, at)
        : this.#resultOf(name, overloads ?? [], member, args, at)
    return { kind: 'call', type, name, args, member }
  }

  #overloadsOf(name: string): readonly Overload[] | undefined {
    if (name === '_?._') return []
    for (const candidate of candidatesOf(name, this.#environment.container)) {
      const found = this.#environment.functions?.get(candidate) ?? STANDARD_OVERLOADS.get(candidate)
      if (found !== undefined) return found
    }
    return undefined
  }

  #optionalField([of, field]: readonly TypedNode[], at: number): CelType {
    if (of === undefined || field?.kind !== 'literal' || field.literal.type !== 'string') return DYN
    const type = this.#fieldOf(of.type, field.literal.value, at)
    return this.#types.resolve(of.type).kind === 'optional' ? type : optionalOf(type)
  }

  #resultOf(
    name: string,
    overloads: readonly Overload[],
    member: boolean,
    args: readonly TypedNode[],
    at: number,
  ): CelType {
    const given = args.map(({ type }) => type)
    let result: CelType | undefined
    for (const overload of overloads) {
      if (overload.member !== member || overload.args.length !== given.length) continue
      const fresh = this.#freshParameters()
      if (!this.#types.fitAll(given, overload.args.map(fresh))) continue
      const type = this.#types.resolve(fresh(overload.result))
      if (result === undefined) result = type
      else if (result.kind !== 'dyn' && typeName(result) !== typeName(type)) result = DYN
    }
    if (result !== undefined) return result
    const names = given.map((type) => typeName(this.#types.resolve(type, true))).join(', ')
    return this.#mismatch(at, `"${name.replaceAll(/[_@]/g, '')}" does not take (${names}).`)
  }

  /** Names the parameters of an overload anew, so that every call has its own. */
  #freshParameters(): (type: CelType) => CelType {
    const named: Record<string, CelType> = {}
    const rename = (type: CelType): CelType => {
      if (type.kind !== 'param') return withParts(type, rename)
      named[type.id] ??= this.#types.fresh()
      return named[type.id] ?? DYN
    }
    return rename
  }

  #macro(node: MacroSyntax, scope: Scope): TypedNode {
    const { macro, variable, second } = node
    const over = this.#check(node.over, scope)
    const inner = this.#innerScope(node, over, scope)
    const test = node.test && this.#check(node.test, inner)
    if (test !== undefined) this.#wantTruth(test, node.at)
    const body = this.#check(node.body, inner)
    const type = this.#typeOfMacro(node, over, inner, body)
    return { kind: 'macro', type, macro, over, variable, second, test, body }
  }

  #innerScope(node: MacroSyntax, over: TypedNode, scope: Scope): Scope {
    const inner = new Map(scope)
    const { macro, variable, second, at } = node
    if (macro === 'optMap' || macro === 'optFlatMap') return inner.set(variable, this.#valueOf(over.type, at))
    const range = this.#types.resolve(over.type)
    if (range.kind === 'param') this.#types.fit(DYN, range)
    const [key, value] =
      range.kind === 'map'
        ? [range.key, range.value]
        : range.kind === 'list'
          ? [INT, range.of]
          : range.kind === 'dyn' || range.kind === 'param'
            ? [DYN, DYN]
            : [DYN, this.#mismatch(at, `A ${typeName(range)} has no elements.`)]
    if (second !== undefined) return inner.set(variable, key).set(second, value)
    return inner.set(variable, range.kind === 'map' ? key : value)
  }

  #typeOfMacro(
    { macro, variable, at }: MacroSyntax,
    over: TypedNode,
    inner: Scope,
    body: TypedNode,
  ): CelType {
    switch (macro) {
      case 'all':
      case 'exists':
      case 'exists_one':
        this.#wantTruth(body, at)
        return BOOL
      case 'filter':
        this.#wantTruth(body, at)
        return listOf(inner.get(variable) ?? DYN)
      case 'map':
      case 'transformList':
        return listOf(body.type)
      case 'transformMap': {
        const range = this.#types.resolve(over.type)
        return mapOf(range.kind === 'map' ? range.key : range.kind === 'list' ? INT : DYN, body.type)
      }
      case 'transformMapEntry': {
        const entry = this.#types.resolve(body.type)
        if (entry.kind === 'map' || entry.kind === 'dyn') return entry
        return this.#mismatch(at, 'Each element becomes a map of one entry.')
      }
      case 'optMap':
        return optionalOf(body.type)
      case 'optFlatMap':
        this.#valueOf(body.type, at)
        return body.type
    }
  }

  #wantTruth({ type }: TypedNode, at: number): void {
    if (!this.#types.fit(type, BOOL))
      this.#mismatch(at, `True or false is wanted here, not a ${typeName(this.#types.resolve(type))}.`)
  }

  #resolved(nodes: readonly TypedNode[]): readonly TypedNode[] {
    return nodes.map((node) => ({ ...node, type: this.#types.resolve(node.type) }))
  }

  #mismatch(at: number, message: string): CelType {
    return this.#isStrict ? refuseExpression('mismatch', at, message) : DYN
  }
}

const KEYS: ReadonlySet<string> = new Set(['bool', 'int', 'uint', 'string', 'dyn', 'param'])

/** `a.b.c`, where all of it are names. */
function pathOf(node: SyntaxNode): string | undefined {
  if (node.kind === 'name') return node.name
  if (node.kind !== 'select') return undefined
  const path = pathOf(node.of)
  return path === undefined ? undefined : `${path}.${node.field}`
}

function typeOfLiteral({ type }: CelLiteral): CelType {
  return { bool: BOOL, int: INT, uint: UINT, double: DOUBLE, string: STRING, bytes: BYTES, null: NULL }[type]
}
