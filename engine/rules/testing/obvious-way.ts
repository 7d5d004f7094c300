/**
 * What a rule means, written down as plainly as it can be: look at the whole history of one person, for every moment.
 * Knows nothing of the engine's trees, states and latches, nor of CEL: predicates are given as plain data.
 * The engine's answer is checked against this one.
 */
export interface PlainEvent {
  readonly source: string
  readonly sourceId: string
  readonly type: string
  readonly time: number
  readonly activity?: string
  readonly score?: number
  readonly voids?: string
}

export interface PlainPredicate {
  readonly types: readonly string[]
  readonly activities?: readonly string[]
  readonly minScore?: number
}

export type PlainLeaf =
  | {
      readonly kind: 'count'
      readonly need: number
      readonly where: PlainPredicate
      readonly within?: number
    }
  | {
      readonly kind: 'distinct'
      readonly need: number
      readonly where: PlainPredicate
      readonly values: readonly string[]
      readonly within?: number
    }

export type PlainNode =
  | PlainLeaf
  | { readonly kind: 'holds'; readonly achievement: string }
  | { readonly kind: 'nOf'; readonly need: number; readonly children: readonly PlainNode[] }
  | { readonly kind: 'all'; readonly children: readonly PlainNode[]; readonly nots: readonly PlainLeaf[] }

export interface PlainRule {
  readonly achievement: string
  readonly when: PlainNode
  readonly notBefore?: number
}

/** When each rule was met, by achievement; rules may ask for achievements of rules before them. */
export function obviousOutcome(
  rules: readonly PlainRule[],
  history: readonly PlainEvent[],
): Map<string, number> {
  const metAt = new Map<string, number>()
  for (const rule of rules) {
    const events = standingEvents(history).filter(
      ({ time }) => time >= (rule.notBefore ?? Number.NEGATIVE_INFINITY),
    )
    const at = met(rule.when, events, metAt)
    if (at !== undefined) metAt.set(rule.achievement, at)
  }
  return metAt
}

function standingEvents(history: readonly PlainEvent[]): readonly PlainEvent[] {
  const isVoided = (event: PlainEvent) =>
    history.some(({ source, voids }) => source === event.source && voids === event.sourceId)
  const isRepeated = (event: PlainEvent, at: number) =>
    history.findIndex(({ source, sourceId }) => source === event.source && sourceId === event.sourceId) !== at
  return history.filter((event, at) => !isVoided(event) && !isRepeated(event, at))
}

function met(node: PlainNode, events: readonly PlainEvent[], held: Map<string, number>): number | undefined {
  switch (node.kind) {
    case 'holds':
      return held.get(node.achievement)
    case 'nOf':
      return smallest(
        node.need,
        node.children.map((child) => met(child, events, held)),
      )
    case 'all': {
      const positive = smallest(
        node.children.length,
        node.children.map((child) => met(child, events, held)),
      )
      if (positive === undefined) return undefined
      const all = [positive, ...node.nots.map((leaf) => clear(leaf, events, positive))]
      return smallest(all.length, all)
    }
    default:
      return smallest(
        1,
        events.map(({ time }) =>
          amount(node, events, (at) => inClosed(at, time, node.within)) >= node.need ? time : undefined,
        ),
      )
  }
}

function clear(leaf: PlainLeaf, events: readonly PlainEvent[], from: number): number | undefined {
  const { within } = leaf
  const moments = [from, ...(within === undefined ? [] : events.map(({ time }) => time + within))]
  return smallest(
    1,
    moments
      .filter((moment) => moment >= from)
      .map((moment) =>
        amount(leaf, events, (at) => inHalfOpen(at, moment, within)) < leaf.need ? moment : undefined,
      ),
  )
}

const inClosed = (at: number, end: number, within = Number.POSITIVE_INFINITY) =>
  at <= end && at >= end - within
const inHalfOpen = (at: number, end: number, within = Number.POSITIVE_INFINITY) =>
  at <= end && at > end - within

function amount(leaf: PlainLeaf, events: readonly PlainEvent[], isInside: (time: number) => boolean): number {
  const matching = events.filter((event) => isInside(event.time) && matches(leaf.where, event))
  if (leaf.kind === 'count') return matching.length
  return leaf.values.filter((value) => matching.some(({ activity }) => activity === value)).length
}

function matches(
  { types, activities, minScore }: PlainPredicate,
  { type, activity, score }: PlainEvent,
): boolean {
  if (!types.includes(type)) return false
  if (activities !== undefined && (activity === undefined || !activities.includes(activity))) return false
  return minScore === undefined || (score !== undefined && score >= minScore)
}

/** The n-th smallest of those that are known. */
function smallest(n: number, moments: readonly (number | undefined)[]): number | undefined {
  return moments.filter((at) => at !== undefined).sort((a, b) => a - b)[n - 1]
}
