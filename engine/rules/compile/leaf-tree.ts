import type { LearningEvent } from '#engine/events/learning-event.ts'
import { type Bound, type Conjunct, INDEXED_FIELDS } from '#engine/rules/cel/cel-conjuncts.ts'
import { allowedValues } from '#engine/rules/check/never-true.ts'
import { type BoundedLeaves, boundedLeaves, countMet } from './bounded-leaves.ts'
import { compileConjuncts } from './compile-conjuncts.ts'
import { type LeafList, leafList, type PlacedLeaf } from './leaf-list.ts'

/**
 * A discrimination tree over the fields that most predicates pin down: an event meets only the leaves that it can match.
 * A look-up follows, at each of four levels, the branch of the event's value and the branch "any value"; where it ends,
 * leaves that bound a number stand in the order of their bounds, so that those whose bound the event meets are the first
 * of them. What is left of a predicate is evaluated. The cost depends on what matches and not on the number of rules.
 */
export interface LeafTree<Leaf> {
  /** Adds the leaves whose predicate the event meets to `found`. */
  match(event: LearningEvent, found: Leaf[]): void
  /** Adds these, and those that it misses by a bound or by what is left of the predicate. O(what it may match). */
  candidates(event: LearningEvent, found: Leaf[]): void
}

/** Leaves with their predicates. One that no event can match stands nowhere. O(n log n) in the size of all predicates. */
export function buildLeafTree<Leaf>(
  leaves: Iterable<readonly [leaf: Leaf, conjuncts: readonly Conjunct[]]>,
): LeafTree<Leaf> {
  const root = emptyNode<Leaf>()
  for (const [leaf, conjuncts] of leaves) {
    const place = placeOf(conjuncts)
    if (place === undefined) continue
    const { values, bound, residual } = place
    const test = residual.length === 0 ? undefined : compileConjuncts(residual)
    insert(root, { leaf, bound, test }, values, 0)
  }
  const tree = shorten(root, 0)
  return {
    match: (event, found) => match(tree, event, found),
    candidates: (event, found) => candidates(tree, event, found),
  }
}

/** Per indexed field the values under which a leaf stands; undefined: under any value. */
type Values = readonly (readonly string[] | undefined)[]

/** A leaf stands at most at this many places; beyond, the longest list of values is evaluated instead. */
const MAX_PLACES = 2000

/** Undefined where the conjuncts contradict each other, so that no event can match. */
function placeOf(
  conjuncts: readonly Conjunct[],
):
  | { readonly values: Values; readonly bound: Bound | undefined; readonly residual: readonly Conjunct[] }
  | undefined {
  const values = INDEXED_FIELDS.map((field) => allowedValues(conjuncts, field))
  if (values.some((allowed) => allowed?.length === 0)) return undefined
  while (values.reduce((places, allowed) => places * (allowed?.length ?? 1), 1) > MAX_PLACES) {
    const longest = values.reduce((a, b) => ((b?.length ?? 0) > (a?.length ?? 0) ? b : a))
    values[values.indexOf(longest)] = undefined
  }
  const bounded = conjuncts.find(({ bound }) => bound !== undefined)
  const isSaid = (conjunct: Conjunct) =>
    conjunct === bounded ||
    (conjunct.index !== undefined && values[INDEXED_FIELDS.indexOf(conjunct.index.field)] !== undefined)
  return { values, bound: bounded?.bound, residual: conjuncts.filter((conjunct) => !isSaid(conjunct)) }
}

interface TreeNode<Leaf> {
  readonly leaves: PlacedLeaf<Leaf>[]
  readonly byValue: Map<string, TreeNode<Leaf>>
  anyValue: TreeNode<Leaf> | undefined
}

const emptyNode = <Leaf>(): TreeNode<Leaf> => ({ leaves: [], byValue: new Map(), anyValue: undefined })

function insert<Leaf>(node: TreeNode<Leaf>, placed: PlacedLeaf<Leaf>, values: Values, level: number): void {
  if (level === INDEXED_FIELDS.length) {
    node.leaves.push(placed)
    return
  }
  const allowed = values[level]
  if (allowed === undefined) {
    node.anyValue ??= emptyNode()
    insert(node.anyValue, placed, values, level + 1)
    return
  }
  for (const value of allowed) {
    const child = node.byValue.get(value) ?? emptyNode<Leaf>()
    node.byValue.set(value, child)
    insert(child, placed, values, level + 1)
  }
}

/** A node without the levels at which every leaf below stands under any value: most trees ask one or two fields. */
type ShortNode<Leaf> = EndNode<Leaf> | BranchNode<Leaf>

interface EndNode<Leaf> {
  readonly field: undefined
  readonly unbounded: LeafList<Leaf>
  readonly bounded: readonly BoundedLeaves<Leaf>[]
}

interface BranchNode<Leaf> {
  readonly field: (typeof INDEXED_FIELDS)[number]
  readonly byValue: ReadonlyMap<string, ShortNode<Leaf>>
  readonly anyValue: ShortNode<Leaf> | undefined
}

function shorten<Leaf>({ leaves, byValue, anyValue }: TreeNode<Leaf>, level: number): ShortNode<Leaf> {
  const field = INDEXED_FIELDS[level]
  if (field === undefined)
    return {
      field,
      unbounded: leafList(leaves.filter(({ bound }) => bound === undefined)),
      bounded: boundedLeaves(leaves),
    }
  const any = anyValue === undefined ? undefined : shorten(anyValue, level + 1)
  if (byValue.size === 0 && any !== undefined) return any
  const short = new Map([...byValue].map(([value, child]) => [value, shorten(child, level + 1)]))
  return { field, byValue: short, anyValue: any }
}

function match<Leaf>(from: ShortNode<Leaf>, event: LearningEvent, found: Leaf[]): void {
  let node: ShortNode<Leaf> | undefined = from
  while (node !== undefined) {
    if (node.field === undefined) {
      addMet(node.unbounded, node.unbounded.leaves.length, event, found)
      for (const bounded of node.bounded) addMet(bounded, countMet(bounded, event), event, found)
      return
    }
    if (node.anyValue !== undefined) match(node.anyValue, event, found)
    node = next(node, event)
  }
}

/** Of the first so many of a list. */
function addMet<Leaf>(
  { leaves, tests }: LeafList<Leaf>,
  count: number,
  event: LearningEvent,
  found: Leaf[],
): void {
  for (let place = 0; place < count; place++) {
    const test = tests?.[place]
    if (test === undefined || test(event) === true) found.push(leaves[place] as Leaf)
  }
}

function candidates<Leaf>(from: ShortNode<Leaf>, event: LearningEvent, found: Leaf[]): void {
  let node: ShortNode<Leaf> | undefined = from
  while (node !== undefined) {
    if (node.field === undefined) {
      for (const leaf of node.unbounded.leaves) found.push(leaf)
      for (const { leaves } of node.bounded) for (const leaf of leaves) found.push(leaf)
      return
    }
    if (node.anyValue !== undefined) candidates(node.anyValue, event, found)
    node = next(node, event)
  }
}

function next<Leaf>({ field, byValue }: BranchNode<Leaf>, event: LearningEvent): ShortNode<Leaf> | undefined {
  const value: string | undefined = event[field]
  return value === undefined ? undefined : byValue.get(value)
}
