import { refuseExpression } from './refusal.ts'
import { type CelType, DOUBLE, listOf, sameType } from './type.ts'
import type { TypedNode } from './typed-node.ts'

/** Operators whose operands are numbers of one kind, in an environment where numbers come out of JSON. */
const COMMON: ReadonlySet<string> = new Set([
  ...['_==_', '_!=_', '_<_', '_<=_', '_>_', '_>=_', '@in', '_+_', '_-_', '_*_', '_/_', '_%_'],
  ...['orValue', 'math.greatest', 'math.least'],
])

/**
 * JSON numbers are doubles, so `1` beside one of them, or where either a text or a number may stand, means `1.0`.
 * Only literals turn: a `size()` stays whole.
 */
export function withCommonNumbers(nodes: readonly TypedNode[]): readonly TypedNode[] {
  const [first] = nodes
  const areAlike = nodes.every(({ type }) => first !== undefined && sameType(type, first.type))
  return areAlike && !nodes.some(({ type }) => wantsDouble(type)) ? nodes : someWantDouble(nodes)
}

const someWantDouble = (nodes: readonly TypedNode[]): readonly TypedNode[] =>
  nodes.some(({ type }) => wantsDouble(type)) ? nodes.map(asDouble) : nodes

/** The operands of a call, and of `? :` its branches, as they are meant. Refuses what no JSON number can be. */
export function jsonOperands(name: string, args: readonly TypedNode[], at: number): readonly TypedNode[] {
  if (name === '_?_:_') return [...args.slice(0, 1), ...withCommonNumbers(args.slice(1))]
  if (!COMMON.has(name)) return args
  const operands = withCommonNumbers(args)
  if (COMPARED.has(name)) refuseMoments(operands, at)
  if (ARITHMETIC.has(name)) refuseMixedNumbers(operands, at)
  return operands
}

const COMPARED: ReadonlySet<string> = new Set(['_==_', '_!=_', '_<_', '_<=_', '_>_', '_>=_'])
const ARITHMETIC: ReadonlySet<string> = new Set(['_+_', '_-_', '_*_', '_/_', '_%_'])

/** A moment never comes out of JSON: who compares one with a member means `timestamp(member)`. */
function refuseMoments(operands: readonly TypedNode[], at: number): void {
  const kinds = operands.map(({ type }) => type.kind)
  if (!kinds.includes('dyn')) return
  const moment = kinds.find((kind) => kind === 'timestamp' || kind === 'duration')
  if (moment !== undefined)
    refuseExpression('mismatch', at, `A ${moment} is compared with ${moment}s only: write ${moment}(…).`)
}

function refuseMixedNumbers(operands: readonly TypedNode[], at: number): void {
  const kinds = operands.map(({ type }) => type.kind)
  if (kinds.includes('int') && kinds.includes('dyn'))
    refuseExpression(
      'mismatch',
      at,
      'A whole number and a number of an event do not add up: write double(…).',
    )
}

function wantsDouble(type: CelType): boolean {
  if (type.kind === 'list' || type.kind === 'optional') return wantsDouble(type.of)
  return type.kind === 'double' || type.kind === 'dyn'
}

/** `60 * 60` and `1 / 2` are numbers that stand in the text, too. */
const CALCULATED: ReadonlySet<string> = new Set(['-_', '_+_', '_-_', '_*_', '_/_'])

function asDouble(node: TypedNode): TypedNode {
  if (node.kind === 'literal' && node.literal.type === 'int')
    return { kind: 'literal', type: DOUBLE, literal: { type: 'double', value: Number(node.literal.value) } }
  if (node.kind === 'call' && CALCULATED.has(node.name)) {
    const args = node.args.map(asDouble)
    return args.every(({ type }) => type.kind === 'double') ? { ...node, type: DOUBLE, args } : node
  }
  if (node.kind === 'list' && node.type.kind === 'list' && node.type.of.kind === 'int') {
    const items = node.items.map(asDouble)
    return items.every(({ type }) => type.kind === 'double') ? { ...node, type: listOf(DOUBLE), items } : node
  }
  return node
}
