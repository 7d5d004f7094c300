import { childrenOf } from '#engine/cel/typed-node.ts'
import type { TypedNode } from './cel-check.ts'

/** Fields of an event that the discrimination tree branches on, in its order. */
export const INDEXED_FIELDS = ['type', 'source', 'activityType', 'activity'] as const
type IndexedField = (typeof INDEXED_FIELDS)[number]

/** Fields with a number, of which the tree keeps bounds in order. */
const BOUNDED_FIELDS = ['score', 'duration'] as const
export type BoundedField = (typeof BOUNDED_FIELDS)[number]

/** All that a condition says: a number is at least (or at most) so much, or more (less) than that. */
export interface Bound {
  readonly field: BoundedField
  readonly side: 'atLeast' | 'atMost'
  readonly value: number
  /** The value itself does not do. */
  readonly isOpen: boolean
}

/** One of the conditions that a predicate asks for all of, and what it says about an indexed field, if that is all it says. */
export interface Conjunct {
  readonly node: TypedNode
  readonly index?: { readonly field: IndexedField; readonly values: readonly string[] }
  readonly bound?: Bound
}

/** Takes `a && b && c` apart. The order of conjuncts does not change what a predicate means. */
export function conjunctsOf(node: TypedNode): readonly Conjunct[] {
  if (node.kind === 'call' && node.name === '_&&_') return node.args.flatMap(conjunctsOf)
  const index = indexOf(node)
  if (index !== undefined) return [{ node, index }]
  const bound = boundOf(node)
  return [bound === undefined ? { node } : { node, bound }]
}

/** Whether a condition reads this field of the event and nothing else of it. */
export function readsOnly(node: TypedNode, field: string): boolean {
  const read = fieldsRead(node)
  return read.length > 0 && read.every((each) => each === field)
}

/** Undefined: the event as a whole. */
function fieldsRead(node: TypedNode): readonly (string | undefined)[] {
  if (node.kind === 'variable') return [undefined]
  if ((node.kind === 'select' || node.kind === 'has') && node.of.kind === 'variable') return [node.field]
  return childrenOf(node).flatMap(fieldsRead)
}

function indexOf(node: TypedNode): Conjunct['index'] {
  if (node.kind !== 'call') return undefined
  const [left, right] = node.args
  if (left === undefined || right === undefined) return undefined
  if (node.name === '_==_') return equalTo(left, right) ?? equalTo(right, left)
  if (node.name !== '@in' || right.kind !== 'list') return undefined
  const field = indexedField(left)
  const values = right.items.map(textOf)
  return field !== undefined && values.every((value) => value !== undefined)
    ? { field, values: [...new Set(values)] }
    : undefined
}

function equalTo(field: TypedNode, constant: TypedNode): Conjunct['index'] {
  const name = indexedField(field)
  const value = textOf(constant)
  return name === undefined || value === undefined ? undefined : { field: name, values: [value] }
}

function indexedField(node: TypedNode): IndexedField | undefined {
  if (node.kind !== 'select' || node.of.kind !== 'variable' || node.of.name !== 'event') return undefined
  return INDEXED_FIELDS.find((field) => field === node.field)
}

const BOUNDS: Readonly<Record<string, Pick<Bound, 'side' | 'isOpen'>>> = {
  '_>=_': { side: 'atLeast', isOpen: false },
  '_>_': { side: 'atLeast', isOpen: true },
  '_<=_': { side: 'atMost', isOpen: false },
  '_<_': { side: 'atMost', isOpen: true },
}

function boundOf(node: TypedNode): Bound | undefined {
  if (node.kind !== 'call') return undefined
  const [left, right] = node.args
  const bound = BOUNDS[node.name]
  if (bound === undefined || left === undefined || right === undefined) return undefined
  return (
    boundedBy(left, right, bound) ??
    boundedBy(right, left, { ...bound, side: bound.side === 'atLeast' ? 'atMost' : 'atLeast' })
  )
}

function boundedBy(
  field: TypedNode,
  constant: TypedNode,
  bound: Pick<Bound, 'side' | 'isOpen'>,
): Bound | undefined {
  const name = boundedField(field)
  if (name === undefined || constant.kind !== 'literal') return undefined
  const { type, value } = constant.literal
  return type === 'double' || type === 'int' ? { field: name, ...bound, value: Number(value) } : undefined
}

function boundedField(node: TypedNode): BoundedField | undefined {
  if (node.kind !== 'select' || node.of.kind !== 'variable' || node.of.name !== 'event') return undefined
  return BOUNDED_FIELDS.find((field) => field === node.field)
}

const textOf = (node: TypedNode): string | undefined =>
  node.kind === 'literal' && node.literal.type === 'string' ? node.literal.value : undefined
