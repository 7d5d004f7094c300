import type { TypedNode } from './cel-check.ts'

/**
 * What one list or map of an event may hold, and how many values a comparison may look at.
 * The event parsers refuse more, and the evaluation gives up there: so the static bound holds.
 */
export const CEL_BOUNDS = { elements: 1000, compared: 50 } as const

/** Steps that one rule may take for one event, over all of its predicates. About 2 ms at worst. */
export const MAX_COST = 100_000

/** Texts are as long as an event is large, and looked through at many characters a step. */
const TEXT_COST = 20

/** An upper bound of the steps that an evaluation takes, known before the rule is saved. O(size of the tree). */
export function costOf(node: TypedNode): number {
  switch (node.kind) {
    case 'literal':
    case 'moment':
    case 'event':
    case 'variable':
      return 1
    case 'select':
    case 'has':
      return 1 + costOf(node.of)
    case 'list':
      return 1 + sum(node.items)
    case 'macro':
      return costOf(node.over) + elements(node.over) * (1 + costOf(node.body))
    case 'call':
      return sum(node.args) + ownCost(node.name, node.args)
  }
}

function ownCost(name: string, args: readonly TypedNode[]): number {
  const [first, second] = args
  if (first === undefined) return 1
  if (name === 'size') return TEXT_COST
  if (second === undefined) return 1
  switch (name) {
    case '_==_':
    case '_!=_':
      return comparison(first, second)
    case '@in':
      if (second.type.kind === 'map') return 1
      if (second.kind === 'list')
        return second.items.reduce((total, item) => total + comparison(first, item), 1)
      return CEL_BOUNDS.elements * (isScalar(first) ? 1 : CEL_BOUNDS.compared)
    case '_+_':
      return first.type.kind === 'dyn' && second.type.kind === 'dyn' ? CEL_BOUNDS.elements : TEXT_COST
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      return TEXT_COST
    default:
      return 1
  }
}

const sum = (nodes: readonly TypedNode[]): number => nodes.reduce((total, node) => total + costOf(node), 0)

const elements = (node: TypedNode): number => (node.kind === 'list' ? node.items.length : CEL_BOUNDS.elements)

/** A scalar on either side ends a comparison at once. */
const comparison = (a: TypedNode, b: TypedNode): number =>
  isScalar(a) || isScalar(b) ? 1 : CEL_BOUNDS.compared

const isScalar = ({ type }: TypedNode): boolean =>
  type.kind !== 'dyn' && type.kind !== 'list' && type.kind !== 'map'
