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
  const tree = shorten(root, 0)
  return { collect: (event, found) => collect(tree, event, found) }
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

/** A node without the levels at which every leaf below stands under any value: most trees ask one or two fields. */
type ShortNode<Leaf> =
  | { readonly field: undefined; readonly leaves: readonly Leaf[] }
  | {
      readonly field: (typeof INDEXED_FIELDS)[number]
      readonly byValue: ReadonlyMap<string, ShortNode<Leaf>>
      readonly anyValue: ShortNode<Leaf> | undefined
    }

function shorten<Leaf>({ leaves, byValue, anyValue }: TreeNode<Leaf>, level: number): ShortNode<Leaf> {
  const field = INDEXED_FIELDS[level]
  if (field === undefined) return { field, leaves }
  const any = anyValue === undefined ? undefined : shorten(anyValue, level + 1)
  if (byValue.size === 0 && any !== undefined) return any
  const short = new Map([...byValue].map(([value, child]) => [value, shorten(child, level + 1)]))
  return { field, byValue: short, anyValue: any }
}

function collect<Leaf>(from: ShortNode<Leaf>, event: LearningEvent, found: Leaf[]): void {
  let node: ShortNode<Leaf> | undefined = from
  while (node !== undefined) {
    if (node.field === undefined) {
      for (const leaf of node.leaves) found.push(leaf)
      return
    }
    if (node.anyValue !== undefined) collect(node.anyValue, event, found)
    const value: string | undefined = event[node.field]
    node = value === undefined ? undefined : node.byValue.get(value)
  }
}
