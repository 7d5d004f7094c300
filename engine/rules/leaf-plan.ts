import type { LearningEvent } from '#engine/events/learning-event.ts'
import { type Duration, parseDuration } from '#engine/shared/duration.ts'
import { checkPredicate, type EventTypes, type PredicateScope, type TypedNode } from './cel/cel-check.ts'
import { compilePredicate, compileText, type Predicate } from './cel/cel-compile.ts'
import { type Conjunct, conjunctsOf } from './cel/cel-conjuncts.ts'
import { costOf } from './cel/cel-cost.ts'
import { printCel } from './cel/cel-print.ts'
import { type CelNode, parseCel, refuse } from './cel/cel-syntax.ts'
import { typeName } from './cel/cel-type.ts'
import type { EventLeaf } from './rule-document.ts'

/** An event leaf, understood: what it asks of an event, and how many of them it takes. */
export interface LeafPlan {
  readonly operator: 'count' | 'distinctOf'
  /** The kind that the author wrote; `event` is a `count` of one. */
  readonly kind: 'event' | 'count' | 'distinctOf'
  readonly need: number
  readonly window: Duration | undefined
  readonly conjuncts: readonly Conjunct[]
  /** One text per meaning: the conjuncts, sorted, without repetition. */
  readonly predicate: string
  /** Of `distinctOf`: the text of `by`, the listed values in order, and how to read the value. */
  readonly group:
    | {
        readonly by: string
        readonly values: readonly string[]
        readonly readValue: (event: LearningEvent) => string | undefined
      }
    | undefined
  /** Steps for one event, at most. */
  readonly cost: number
}

/**
 * Understands one leaf. Throws `CelRefusal` for what is wrong with its expressions; `member` says in which
 * member it is. Pass the event types that exist, or `ANY_EVENT_TYPE` for a rule that has been checked.
 */
export function planLeaf(
  leaf: EventLeaf,
  eventTypes: EventTypes,
  inMember: (member: string) => void,
): LeafPlan {
  const asked: TypedNode[] = []
  const scope: PredicateScope = { eventTypes }
  if ('event' in leaf) {
    inMember('event')
    asked.push(checkPredicate(isOfType(leaf.event), scope))
  }
  if (leaf.where !== undefined) {
    inMember('where')
    asked.push(checkPredicate(parseCel(leaf.where), scope))
  }
  let group: LeafPlan['group']
  if ('distinctOf' in leaf) {
    inMember('by')
    const values = [...leaf.in].sort()
    const by = parseCel(leaf.by)
    const isListed = checkPredicate({ kind: 'call', at: 0, name: '@in', args: [by, listOf(values)] }, scope)
    const typed = isListed.kind === 'call' ? isListed.args[0] : undefined
    if (typed === undefined || (typed.type.kind !== 'string' && typed.type.kind !== 'dyn'))
      return refuse(
        'rule-type-mismatch',
        0,
        `"by" names a text, not a ${typed ? typeName(typed.type) : 'thing'}.`,
      )
    asked.push(isListed)
    group = { by: printCel(typed), values, readValue: compileText(typed) }
  }
  const conjuncts = asked.flatMap(conjunctsOf)
  return {
    operator: group === undefined ? 'count' : 'distinctOf',
    kind: 'event' in leaf ? 'event' : 'count' in leaf ? 'count' : 'distinctOf',
    need: 'count' in leaf ? leaf.count : 'distinctOf' in leaf ? leaf.distinctOf : 1,
    window: leaf.within === undefined ? undefined : parseDuration(leaf.within),
    conjuncts,
    predicate: [...new Set(conjuncts.map(({ node }) => printCel(node)))].sort().join(' && ') || 'true',
    group,
    cost: conjuncts.reduce((total, { node }) => total + costOf(node), 1),
  }
}

/** All of the conjuncts as one test; no conjuncts: every event passes. */
export function compileConjuncts(conjuncts: readonly Conjunct[]): Predicate {
  const tests = conjuncts.map(({ node }) => compilePredicate(node))
  const [only] = tests
  if (tests.length === 1 && only !== undefined) return only
  return (event) => {
    for (const test of tests) {
      const outcome = test(event)
      if (outcome !== true) return outcome
    }
    return true
  }
}

const isOfType = (type: string): CelNode => ({
  kind: 'call',
  at: 0,
  name: '_==_',
  args: [
    { kind: 'select', at: 0, of: { kind: 'name', at: 0, name: 'event' }, field: 'type' },
    { kind: 'literal', at: 0, literal: { type: 'string', value: type } },
  ],
})

const listOf = (values: readonly string[]): CelNode => ({
  kind: 'list',
  at: 0,
  items: values.map((value) => ({ kind: 'literal', at: 0, literal: { type: 'string', value } })),
})
