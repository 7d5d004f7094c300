import { parse } from '@bufbuild/cel'
import { type Expr, macroOf, memberMacro, qualifiedName } from './macros.ts'
import { MARK, type PlainText, plainText } from './plain-text.ts'
import { refuseExpression } from './refusal.ts'
import type { CelLiteral, SyntaxNode } from './syntax.ts'
import { measureTokens, TEXT_LIMITS, type TextLimits, tokensOf } from './tokens.ts'

/** Deeper trees come from chains of operators only: brackets are counted before parsing. */
const MAX_TREE_DEPTH = 200

/**
 * Parses an expression with the CEL package's parser. Size and depth are counted before it sees the text.
 * Throws `ExpressionRefusal`: syntax, unsupported, too-deep, too-large.
 */
export function parseExpression(text: string, limits: TextLimits = TEXT_LIMITS): SyntaxNode {
  const tokens = tokensOf(text, limits)
  const { depth, chain } = measureTokens(tokens)
  if (text.length > limits.characters || tokens.length > limits.tokens)
    refuseExpression('too-large', 0, `The expression has more than ${limits.tokens} parts.`)
  if (chain > MAX_TREE_DEPTH)
    refuseExpression('too-deep', 0, 'The expression is a chain of too many operators.')
  if (depth > limits.depth)
    refuseExpression('too-deep', 0, `The expression is nested deeper than ${limits.depth} levels.`)
  const plain = plainText(text, tokens)
  const { expr, positions } = parseWithLibrary(plain)
  return new Conversion(plain, positions).convert(expr, 0)
}

function parseWithLibrary(plain: PlainText): { expr: Expr; positions: Readonly<Record<string, number>> } {
  try {
    const { expr, sourceInfo } = parse(plain.text)
    return { expr, positions: sourceInfo?.positions ?? {} }
  } catch (error) {
    const at = plain.sourceOffset(offsetOf(error))
    return refuseExpression('syntax', at, `This is no CEL expression from character ${at + 1} on.`)
  }
}

function offsetOf(error: unknown): number {
  const location = (error as { location?: { start?: { offset?: unknown } } }).location?.start?.offset
  return typeof location === 'number' ? location : 0
}

/** One walk over the library's tree: holds what the whole of it needs. */
class Conversion {
  readonly #plain: PlainText
  readonly #positions: Readonly<Record<string, number>>

  constructor(plain: PlainText, positions: Readonly<Record<string, number>>) {
    this.#plain = plain
    this.#positions = positions
  }

  convert(expr: Expr, depth: number): SyntaxNode {
    const place = this.#positions[String(expr.id)] ?? 0
    const at = this.#plain.sourceOffset(place)
    if (depth > MAX_TREE_DEPTH)
      refuseExpression('too-deep', at, 'The expression is a chain of too many operators.')
    const down = (child: Expr | undefined): SyntaxNode =>
      child === undefined
        ? refuseExpression('syntax', at, 'A part is missing.')
        : this.convert(child, depth + 1)
    const { exprKind } = expr
    switch (exprKind.case) {
      case 'constExpr':
        return { kind: 'literal', at, literal: this.#literal(exprKind.value.constantKind, place, at) }
      case 'identExpr':
        return { kind: 'name', at, name: this.#nameOf(exprKind.value.name, at) }
      case 'selectExpr':
        return this.#select(exprKind.value, at, down)
      case 'listExpr': {
        const elements = exprKind.value.elements.map(unmarked)
        const optional = elements.flatMap(({ marked }, index) => (marked ? [index] : []))
        const items = elements.map(({ expr: item }) => down(item))
        return { kind: 'list', at, items, ...(optional.length > 0 && { optional }) }
      }
      case 'callExpr':
        return this.#call(exprKind.value, at, down)
      case 'comprehensionExpr':
        return macroOf(exprKind.value, at, down)
      case 'structExpr': {
        if (exprKind.value.messageName !== '')
          return refuseExpression('unsupported', at, 'There are no messages here: JSON has maps.')
        return {
          kind: 'map',
          at,
          entries: exprKind.value.entries.map(({ keyKind, value }) => {
            const { expr: key, marked } = unmarked(keyKind.case === 'mapKey' ? keyKind.value : undefined)
            return { key: down(key), value: down(value), optional: marked }
          }),
        }
      }
      default:
        return refuseExpression('unsupported', at, 'This cannot be written here.')
    }
  }

  #literal(constant: Constant, place: number, at: number): CelLiteral {
    const text = this.#plain.texts.get(place)
    return text === undefined ? literalOf(constant, at) : { type: 'string', value: text }
  }

  #select(
    { operand, field, testOnly }: Extract<Expr['exprKind'], { case: 'selectExpr' }>['value'],
    at: number,
    down: (child: Expr | undefined) => SyntaxNode,
  ): SyntaxNode {
    const marked = this.#marked(field)
    if (marked?.as !== 'optional')
      return { kind: testOnly ? 'has' : 'select', at, of: down(operand), field: marked?.name ?? field }
    if (testOnly) return refuseExpression('syntax', at, 'has() takes a member, and no optional one.')
    const literal: SyntaxNode = { kind: 'literal', at, literal: { type: 'string', value: marked.name } }
    return { kind: 'call', at, name: '_?._', args: [down(operand), literal] }
  }

  #call(
    { function: name, target, args }: Extract<Expr['exprKind'], { case: 'callExpr' }>['value'],
    at: number,
    down: (child: Expr | undefined) => SyntaxNode,
  ): SyntaxNode {
    if (this.#marked(name) !== undefined)
      return refuseExpression('syntax', at, 'A function has a plain name.')
    if (name === '_[_]') {
      const { expr: index, marked } = unmarked(args[1])
      return { kind: 'call', at, name: marked ? '_[?_]' : name, args: [down(args[0]), down(index)] }
    }
    if (target === undefined) return { kind: 'call', at, name, args: args.map(down) }
    const macro = memberMacro(name, target, args, at, down)
    if (macro !== undefined) return macro
    const qualified = qualifiedName(target, name)
    if (qualified !== undefined) {
      const items = args.map(down)
      // Of three numbers and more the greatest of a list is meant.
      const isList = items.length > 2 && (qualified === 'math.greatest' || qualified === 'math.least')
      return { kind: 'call', at, name: qualified, args: isList ? [{ kind: 'list', at, items }] : items }
    }
    return { kind: 'call', at, name, args: [target, ...args].map(down), member: true }
  }

  #nameOf(name: string, at: number): string {
    if (name === MARK) return refuseExpression('syntax', at, 'There is a "?" where none can stand.')
    const marked = this.#marked(name)
    return marked === undefined ? name : `.${marked.name}`
  }

  #marked(name: string): PlainText['names'][number] | undefined {
    return name.startsWith(MARK) ? this.#plain.names[Number(name.slice(MARK.length))] : undefined
  }
}

/** Takes the mark of an optional entry off: `MARK ? 0 : x`. */
function unmarked(expr: Expr | undefined): { expr: Expr | undefined; marked: boolean } {
  if (expr?.exprKind.case !== 'callExpr') return { expr, marked: false }
  const { function: name, args } = expr.exprKind.value
  const isMarked =
    name === '_?_:_' && args[0]?.exprKind.case === 'identExpr' && args[0].exprKind.value.name === MARK
  return isMarked ? { expr: args[2], marked: true } : { expr, marked: false }
}

type Constant = Extract<Expr['exprKind'], { case: 'constExpr' }>['value']['constantKind']

function literalOf(constant: Constant, at: number): CelLiteral {
  switch (constant.case) {
    case 'boolValue':
      return { type: 'bool', value: constant.value }
    case 'stringValue':
      return { type: 'string', value: constant.value }
    case 'bytesValue':
      return { type: 'bytes', value: constant.value }
    case 'nullValue':
      return { type: 'null', value: null }
    case 'doubleValue':
      return { type: 'double', value: constant.value }
    case 'int64Value':
      return BigInt.asIntN(64, constant.value) === constant.value
        ? { type: 'int', value: constant.value }
        : refuseExpression('syntax', at, 'A whole number has 64 bits.')
    case 'uint64Value':
      return BigInt.asUintN(64, constant.value) === constant.value
        ? { type: 'uint', value: constant.value }
        : refuseExpression('syntax', at, 'A whole number has 64 bits.')
    default:
      return refuseExpression('unsupported', at, 'This constant cannot be written here.')
  }
}
