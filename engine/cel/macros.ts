import type { parse } from '@bufbuild/cel'
import { refuseExpression } from './refusal.ts'
import type { CelMacro, MacroSyntax, SyntaxNode } from './syntax.ts'

export type Expr = ReturnType<typeof parse>['expr']

type Down = (child: Expr | undefined) => SyntaxNode
type Comprehension = Extract<Expr['exprKind'], { case: 'comprehensionExpr' }>['value']

/**
 * The library's parser has expanded the macros of one variable into loops: the first value and the step of the
 * loop say which one it was.
 */
export function macroOf(loop: Comprehension, at: number, down: Down): SyntaxNode {
  const { accuInit, loopStep, iterRange, iterVar } = loop
  const step = loopStep?.exprKind.case === 'callExpr' ? loopStep.exprKind.value : undefined
  const made = (macro: CelMacro, body: Expr | undefined, test?: Expr): MacroSyntax => {
    const variable = checkedVariable(iterVar, at)
    const parts = { over: down(iterRange), ...(test && { test: down(test) }), body: down(body) }
    return { kind: 'macro', at, macro, variable, ...parts }
  }
  const start = accuInit?.exprKind
  if (start?.case === 'constExpr') {
    const { constantKind } = start.value
    if (constantKind.case === 'boolValue') return made(constantKind.value ? 'all' : 'exists', step?.args[1])
    if (constantKind.case === 'int64Value') return made('exists_one', step?.args[0])
  }
  // The step of map() is `result + [body]`; with a test it is `test ? result + [body] : result`.
  if (step?.function === '_+_') return made('map', addedItem(step.args[1]))
  if (step?.function === '_?_:_') {
    const [test, added] = step.args
    const body = added?.exprKind.case === 'callExpr' ? addedItem(added.exprKind.value.args[1]) : undefined
    // filter() adds the variable itself, and so does `map(x, test, x)`, which is the same.
    const isFilter = body?.exprKind.case === 'identExpr' && body.exprKind.value.name === iterVar
    return isFilter ? made('filter', test) : made('map', body, test)
  }
  return refuseExpression('unsupported', at, 'This macro is not known here.')
}

const addedItem = (list: Expr | undefined): Expr | undefined =>
  list?.exprKind.case === 'listExpr' ? list.exprKind.value.elements[0] : undefined

/** Macros that the library's parser leaves alone: those of two variables, and of optionals. */
export function memberMacro(
  name: string,
  target: Expr,
  args: readonly Expr[],
  at: number,
  down: Down,
): SyntaxNode | undefined {
  const [first, second, third, fourth] = args
  if (isName(target, 'cel')) return celMacro(name, args, at, down)
  if (name === 'optMap' || name === 'optFlatMap') {
    if (args.length !== 2) return undefined
    return {
      kind: 'macro',
      at,
      macro: name,
      over: down(target),
      variable: variableOf(first, at),
      body: down(second),
    }
  }
  const one = ONE_VARIABLE[name]
  if (one !== undefined && (args.length === 2 || (args.length === 3 && name === 'map'))) {
    const parts = args.length === 3 ? { test: down(second), body: down(third) } : { body: down(second) }
    return { kind: 'macro', at, macro: one, over: down(target), variable: variableOf(first, at), ...parts }
  }
  const macro = TWO_VARIABLES[name]
  if (macro === undefined || args.length < 3) return undefined
  const hasTest = args.length === 4
  if (args.length > 4 || (hasTest && !macro.startsWith('transform'))) return undefined
  const [variable, other] = [variableOf(first, at), variableOf(second, at)]
  if (variable === other) return refuseExpression('syntax', at, 'The two variables have two names.')
  return {
    kind: 'macro',
    at,
    macro,
    over: down(target),
    variable,
    second: other,
    ...(hasTest && { test: down(third) }),
    body: down(hasTest ? fourth : third),
  }
}

/** The library has expanded these, unless their variable is made by `cel.iterVar`. */
const ONE_VARIABLE: Readonly<Record<string, CelMacro | undefined>> = Object.assign(Object.create(null), {
  all: 'all',
  exists: 'exists',
  existsOne: 'exists_one',
  exists_one: 'exists_one',
  map: 'map',
  filter: 'filter',
})

const TWO_VARIABLES: Readonly<Record<string, CelMacro | undefined>> = Object.assign(Object.create(null), {
  all: 'all',
  exists: 'exists',
  existsOne: 'exists_one',
  exists_one: 'exists_one',
  transformList: 'transformList',
  transformMap: 'transformMap',
  transformMapEntry: 'transformMapEntry',
})

/**
 * `cel.bind(x, value, body)`, and what optimisers of CEL write: `cel.block([values], body)`, in which `cel.index(n)`
 * is the n-th value, and `cel.iterVar(n, m)` for the variable of a macro.
 */
function celMacro(name: string, args: readonly Expr[], at: number, down: Down): SyntaxNode | undefined {
  const [first, second, third] = args
  if (name === 'bind' && args.length === 3)
    return { kind: 'bind', at, variable: variableOf(first, at), value: down(second), body: down(third) }
  if (name === 'block' && args.length === 2 && first?.exprKind.case === 'listExpr') {
    const values = first.exprKind.value.elements
    return values.reduceRight((body: SyntaxNode, value, index): SyntaxNode => {
      const bound: SyntaxNode = { kind: 'call', at, name: 'dyn', args: [down(value)] }
      return { kind: 'bind', at, variable: `cel_index_${index}`, value: bound, body }
    }, down(second))
  }
  const made = generatedName(name, args)
  return made === undefined ? undefined : { kind: 'name', at, name: made }
}

function generatedName(name: string, args: readonly Expr[]): string | undefined {
  const numbers = args.map(({ exprKind }) => {
    const constant = exprKind.case === 'constExpr' ? exprKind.value.constantKind : undefined
    return constant?.case === 'int64Value' ? constant.value : undefined
  })
  if (numbers.includes(undefined)) return undefined
  if (name === 'index' && args.length === 1) return `cel_index_${numbers[0]}`
  return name === 'iterVar' && args.length === 2 ? `cel_iter_${numbers.join('_')}` : undefined
}

function variableOf(expr: Expr | undefined, at: number): string {
  if (expr?.exprKind.case === 'identExpr') return checkedVariable(expr.exprKind.value.name, at)
  const call = expr?.exprKind.case === 'callExpr' ? expr.exprKind.value : undefined
  const made =
    call?.target !== undefined && isName(call.target, 'cel')
      ? generatedName(call.function, call.args)
      : undefined
  return made ?? refuseExpression('syntax', at, 'A macro gives its elements a name.')
}

const checkedVariable = (name: string, at: number): string =>
  name.startsWith('cel_mark__') ? refuseExpression('syntax', at, 'A macro gives its elements a name.') : name

const NAMESPACES: ReadonlySet<string> = new Set(['optional', 'math', 'strings', 'base64'])

/** `optional.of(x)` is no member call: functions of the extensions have two names. */
export function qualifiedName(target: Expr, name: string): string | undefined {
  if (target.exprKind.case !== 'identExpr') return undefined
  const namespace = target.exprKind.value.name
  return NAMESPACES.has(namespace) ? `${namespace}.${name}` : undefined
}

const isName = (expr: Expr, name: string): boolean =>
  expr.exprKind.case === 'identExpr' && expr.exprKind.value.name === name
