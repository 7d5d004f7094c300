import type { LearningEvent } from '#engine/events/learning-event.ts'
import { type Conjunct, INDEXED_FIELDS } from './cel/cel-conjuncts.ts'
import { allowedValues } from './never-true.ts'

/**
 * A discrimination tree over the fields that most predicates pin down: an event meets only the leaves that it can match.
 * A look-up follows, at each of four levels, the branch of the event's value and the branch "any value":
 * its cost depends on what matches and not on the number of rules.
 */
export interface LeafTree<Leaf> {
  /** Adds the leaves that the event may match to `found`. */
  collect(event: LearningEvent, found: Leaf[]): void
}

export interface Placement {
  /** Per indexed field the values under which the leaf stands; undefined: under any value. */
  readonly values: readonly (readonly string[] | undefined)[]
  /** What the place in the tree does not say: still to be evaluated. */
  readonly residual: readonly Conjunct[]
}

/** A leaf stands at most at this many places; beyond, the longest list of values is evaluated instead. */
const MAX_PLACES = 2000

/** Undefined where the conjuncts contradict each other, so that no event can match. */
export function placeLeaf(conjuncts: readonly Conjunct[]): Placement | undefined {
  const values = INDEXED_FIELDS.map((field) => allowedValues(conjuncts, field))
  if (values.some((allowed) => allowed?.length === 0)) return undefined
  while (values.reduce((places, allowed) => places * (allowed?.length ?? 1), 1) > MAX_PLACES) {
    const longest = values.reduce((a, b) => ((b?.length ?? 0) > (a?.length ?? 0) ? b : a))
    values[values.indexOf(longest)] = undefined
  }
  const residual = conjuncts.filter(
    ({ index }) => index === undefined || values[INDEXED_FIELDS.indexOf(index.field)] === undefined,
  )
  return { values, residual }
}

export function buildLeafTree<Leaf>(
  leaves: Iterable<readonly [leaf: Leaf, placement: Placement]>,
): LeafTree<Leaf> {
  const root = emptyNode<Leaf>()
  for (const [leaf, { values }] of leaves) insert(root, leaf, values, 0)
  return { collect: (event, found) => collect(root, event, 0, found) }
}

interface TreeNode<Leaf> {
  readonly leaves: Leaf[]
  readonly byValue: Map<string, TreeNode<Leaf>>
  anyValue: TreeNode<Leaf> | undefined
}

const emptyNode = <Leaf>(): TreeNode<Leaf> => ({ leaves: [], byValue: new Map(), anyValue: undefined })

function insert<Leaf>(node: TreeNode<Leaf>, leaf: Leaf, values: Placement['values'], level: number): void {
  if (level === INDEXED_FIELDS.length) {
    node.leaves.push(leaf)
    return
  }
  const allowed = values[level]
  if (allowed === undefined) {
    node.anyValue ??= emptyNode()
    insert(node.anyValue, leaf, values, level + 1)
    return
  }
  for (const value of allowed) {
    const child = node.byValue.get(value) ?? emptyNode<Leaf>()
    node.byValue.set(value, child)
    insert(child, leaf, values, level + 1)
  }
}

function collect<Leaf>(node: TreeNode<Leaf>, event: LearningEvent, level: number, found: Leaf[]): void {
  const field = INDEXED_FIELDS[level]
  if (field === undefined) {
    for (const leaf of node.leaves) found.push(leaf)
    return
  }
  if (node.anyValue !== undefined) collect(node.anyValue, event, level + 1, found)
  const value = event[field]
  const child = value === undefined ? undefined : node.byValue.get(value)
  if (child !== undefined) collect(child, event, level + 1, found)
}
