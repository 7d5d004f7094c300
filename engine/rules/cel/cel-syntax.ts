import { parse } from '@bufbuild/cel'

/**
 * The syntax tree of the part of CEL that predicates may use, made from the CEL package's own parser.
 * Macros are told apart again here, so that cost and meaning are ours. `at` is the offset in the source text.
 */
export type CelNode =
  | { readonly kind: 'literal'; readonly at: number; readonly literal: CelLiteral }
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | { readonly kind: 'select'; readonly at: number; readonly of: CelNode; readonly field: string }
  | { readonly kind: 'has'; readonly at: number; readonly of: CelNode; readonly field: string }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly CelNode[] }
  | { readonly kind: 'call'; readonly at: number; readonly name: string; readonly args: readonly CelNode[] }
  | {
      readonly kind: 'macro'
      readonly at: number
      readonly macro: CelMacro
      readonly over: CelNode
      readonly variable: string
      readonly body: CelNode
    }

export type CelMacro = 'exists' | 'all' | 'exists_one'

export type CelLiteral =
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'null'; readonly value: null }

/** What is wrong with an expression: a code of the rule faults, where, and a sentence. */
export interface CelFault {
  readonly code:
    | 'rule-cel-syntax'
    | 'rule-cel-unsupported'
    | 'rule-too-deep'
    | 'rule-too-large'
    | 'rule-field-unknown'
    | 'rule-event-type-unknown'
    | 'rule-type-mismatch'
    | 'rule-not-boolean'
    | 'rule-cost-unbounded'
    | 'rule-join-mixed'
    | 'rule-regex-unsafe'
  readonly at: number
  readonly message: string
}

export const CEL_LIMITS = { characters: 16_384, tokens: 2000, depth: 24 } as const

export class CelRefusal extends Error {
  readonly fault: CelFault
  constructor(fault: CelFault) {
    super(fault.message)
    this.name = 'CelRefusal'
    this.fault = fault
  }
}

export const refuse = (code: CelFault['code'], at: number, message: string): never => {
  throw new CelRefusal({ code, at, message })
}

/**
 * Parses an expression. Size and depth are counted before the parser sees it. O(length).
 * Throws `CelRefusal` with `rule-cel-syntax`, `rule-cel-unsupported`, `rule-too-deep` or `rule-too-large`.
 */
export function parseCel(text: string): CelNode {
  const { tokens, depth } = measureCel(text)
  if (text.length > CEL_LIMITS.characters || tokens > CEL_LIMITS.tokens)
    refuse('rule-too-large', 0, `The expression has more than ${CEL_LIMITS.tokens} parts.`)
  if (depth > CEL_LIMITS.depth)
    refuse('rule-too-deep', 0, `The expression is nested deeper than ${CEL_LIMITS.depth} levels.`)
  const { expr, positions } = parseWithLibrary(text)
  return convert(expr, positions, 0)
}

const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[A-Za-z_]\w*|\d[\w.]*|&&|\|\||[=!<>]=|\S/gs

/** Counts tokens and the depth of brackets and of runs of unary and ternary operators, without parsing. O(length). */
export function measureCel(text: string): { tokens: number; depth: number } {
  let tokens = 0
  let open = 0
  let run = 0
  let depth = 0
  for (const [token] of text.slice(0, CEL_LIMITS.characters + 1).matchAll(TOKEN)) {
    tokens++
    if (token === '(' || token === '[' || token === '{') open++
    else if (token === ')' || token === ']' || token === '}') open--
    run = token === '!' || token === '-' || token === '?' || token === '.' ? run + 1 : run
    if (token === '&&' || token === '||' || token === ',') run = 0
    depth = Math.max(depth, open + run)
    if (tokens > CEL_LIMITS.tokens) break
  }
  return { tokens, depth }
}

type Expr = ReturnType<typeof parse>['expr']
type Positions = Readonly<Record<string, number>>

function parseWithLibrary(text: string): { expr: Expr; positions: Positions } {
  try {
    const { expr, sourceInfo } = parse(text)
    return { expr, positions: sourceInfo?.positions ?? {} }
  } catch (error) {
    const at = offsetOf(error)
    return refuse('rule-cel-syntax', at, `This is no CEL expression from character ${at + 1} on.`)
  }
}

function offsetOf(error: unknown): number {
  const location = (error as { location?: { start?: { offset?: unknown } } }).location?.start?.offset
  return typeof location === 'number' ? location : 0
}

const MAX_TREE_DEPTH = 200

function convert(expr: Expr, positions: Positions, depth: number): CelNode {
  const at = positions[String(expr.id)] ?? 0
  if (depth > MAX_TREE_DEPTH) refuse('rule-too-deep', at, 'The expression is a chain of too many operators.')
  const down = (child: Expr | undefined): CelNode =>
    child === undefined
      ? refuse('rule-cel-syntax', at, 'A part is missing.')
      : convert(child, positions, depth + 1)
  const { exprKind } = expr
  switch (exprKind.case) {
    case 'constExpr':
      return { kind: 'literal', at, literal: literalOf(exprKind.value.constantKind, at) }
    case 'identExpr':
      return { kind: 'name', at, name: exprKind.value.name }
    case 'selectExpr': {
      const { operand, field, testOnly } = exprKind.value
      return { kind: testOnly ? 'has' : 'select', at, of: down(operand), field }
    }
    case 'listExpr':
      return { kind: 'list', at, items: exprKind.value.elements.map(down) }
    case 'callExpr': {
      const { function: name, target, args } = exprKind.value
      return { kind: 'call', at, name, args: [...(target === undefined ? [] : [target]), ...args].map(down) }
    }
    case 'comprehensionExpr':
      return macroOf(exprKind.value, at, down)
    default:
      return refuse('rule-cel-unsupported', at, 'Maps and messages cannot be made in a predicate.')
  }
}

type Constant = Extract<Expr['exprKind'], { case: 'constExpr' }>['value']['constantKind']
type Comprehension = Extract<Expr['exprKind'], { case: 'comprehensionExpr' }>['value']

function literalOf(constant: Constant, at: number): CelLiteral {
  switch (constant.case) {
    case 'boolValue':
      return { type: 'bool', value: constant.value }
    case 'stringValue':
      return { type: 'string', value: constant.value }
    case 'nullValue':
      return { type: 'null', value: null }
    case 'doubleValue':
      return Number.isFinite(constant.value)
        ? { type: 'double', value: constant.value }
        : refuse('rule-cel-unsupported', at, 'This number is too large.')
    case 'int64Value': {
      const value = Number(constant.value)
      return Number.isSafeInteger(value)
        ? { type: 'int', value }
        : refuse('rule-cel-unsupported', at, 'Whole numbers reach from -(2^53 - 1) to 2^53 - 1.')
    }
    default:
      return refuse('rule-cel-unsupported', at, 'Bytes and unsigned numbers do not occur in JSON.')
  }
}

/** The parser has expanded the macro: the loop's first value and its step say which one it was. */
function macroOf(loop: Comprehension, at: number, down: (child: Expr | undefined) => CelNode): CelNode {
  const { accuInit, loopStep, iterRange, iterVar } = loop
  const start = accuInit?.exprKind.case === 'constExpr' ? accuInit.exprKind.value.constantKind : undefined
  const step = loopStep?.exprKind.case === 'callExpr' ? loopStep.exprKind.value : undefined
  const made = (macro: CelMacro, body: Expr | undefined): CelNode => ({
    kind: 'macro',
    at,
    macro,
    over: down(iterRange),
    variable: iterVar,
    body: down(body),
  })
  if (start?.case === 'boolValue') return made(start.value ? 'all' : 'exists', step?.args[1])
  if (start?.case === 'int64Value') return made('exists_one', step?.args[0])
  return refuse('rule-cel-unsupported', at, 'map() and filter() are not available in predicates.')
}
