import type { LearningEvent } from '#engine/events/learning-event.ts'
import {
  checkExpression,
  checkPredicate,
  type EventTypes,
  type TypedNode,
} from '#engine/rules/cel/cel-check.ts'
import { Absence, compileExpression, compilePredicate } from '#engine/rules/cel/cel-compile.ts'
import { type Conjunct, conjunctsOf } from '#engine/rules/cel/cel-conjuncts.ts'
import { costOf } from '#engine/rules/cel/cel-cost.ts'
import { printCel } from '#engine/rules/cel/cel-print.ts'
import { type CelNode, parseCel, refuse } from '#engine/rules/cel/cel-syntax.ts'
import { type CelType, typeName } from '#engine/rules/cel/cel-type.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Json } from '#engine/shared/json.ts'

/** What one state is folded from: which events, of whom, and what is kept of them. */
export interface LeafPlan {
  /** `event.actor`, or the path by which the event names the person. */
  readonly recipient: string
  readonly conjuncts: readonly Conjunct[]
  /** One text per meaning: the conjuncts, sorted, without repetition. */
  readonly predicate: string
  readonly capture: Capture
  /** One text per meaning of what is kept. */
  readonly kept: Readonly<Record<string, string>>
  /** Steps for one event, at most. */
  readonly cost: number
}

/** What is kept of an event beside its time and name. An event for which one of them has no value is no item. */
export interface Capture {
  readonly value?: Read<string>
  readonly number?: Read<number>
  readonly context?: Read<string>
  readonly key?: Read<string>
}

export type Read<Value> = (event: LearningEvent) => Value | undefined

/** Where a plan is made: for whom, and which event types there are (`ANY_EVENT_TYPE` for a rule that has been checked). */
export interface PlanScope {
  readonly eventTypes: EventTypes
  readonly recipient: string
  /** The expression that tells contexts apart, where the rule awards once a context. */
  readonly context?: string
  /** Told before a member is looked at, so that a refusal can name its place. */
  readonly inMember: (member: string) => void
}

/** A kept value: its one text, how to read it, and what that costs. */
interface Kept<Value> {
  readonly text: string
  readonly read: Read<Value>
  readonly cost: number
}

interface Asked {
  readonly conditions: readonly TypedNode[]
  readonly value?: Kept<string>
  readonly number?: Kept<number>
  readonly context?: Kept<string>
  readonly key?: Kept<string>
}

export function planLeaf(recipient: string, { conditions, ...kept }: Asked): LeafPlan {
  const conjuncts = conditions.flatMap(conjunctsOf)
  const entries = Object.entries(kept) as [keyof Capture, Kept<string & number>][]
  const keptCost = entries.reduce((total, [, { cost }]) => total + cost, 0)
  return {
    recipient,
    conjuncts,
    predicate: [...new Set(conjuncts.map(({ node }) => printCel(node)))].sort().join(' && ') || 'true',
    capture: Object.fromEntries(entries.map(([name, { read }]) => [name, read])),
    kept: Object.fromEntries(entries.map(([name, { text }]) => [name, text])),
    cost: conjuncts.reduce((total, { node }) => total + costOf(node), 1) + keptCost,
  }
}

/** `event` and `where` of a leaf, an anchor or a step. */
export function planConditions(
  { event, where }: { readonly event?: string | undefined; readonly where?: string | undefined },
  { eventTypes, inMember }: PlanScope,
  variables?: ReadonlyMap<string, CelType>,
): readonly TypedNode[] {
  const scope = variables === undefined ? { eventTypes } : { eventTypes, variables }
  const conditions: TypedNode[] = []
  if (event !== undefined) {
    inMember('event')
    conditions.push(checkPredicate(isOfType(event), scope))
  }
  if (where !== undefined) {
    inMember('where')
    conditions.push(checkPredicate(parseCel(where), scope))
  }
  return conditions
}

/** The context that an event belongs to, where the rule wants one. Named by the text of the JCS of its value. */
export function planContext({ context, eventTypes, inMember }: PlanScope): { context?: Kept<string> } {
  if (context === undefined) return {}
  inMember('/occurrence/by')
  return { context: keepJson(context, eventTypes) }
}

/** Any JSON value, as its canonical text: 1 and "1" are two. */
export function keepJson(expression: string, eventTypes: EventTypes): Kept<string> {
  const typed = checkExpression(parseCel(expression), { eventTypes })
  const run = compileExpression(typed)
  return kept(typed, (event) => {
    const value = run(event)
    return value instanceof Absence ? undefined : canonicalJson(value)
  })
}

export function keepNumber(expression: string, eventTypes: EventTypes): Kept<number> {
  const typed = checkExpression(parseCel(expression), { eventTypes })
  if (!['int', 'uint', 'double', 'dyn'].includes(typed.type.kind))
    refuse('rule-type-mismatch', 0, `A number is wanted here, not a ${typeName(typed.type)}.`)
  const run = compileExpression(typed)
  return kept(typed, (event) => {
    const value = run(event)
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  })
}

/** Whether an expression is true: 1, or else 0. `variables` are read from the event. */
export function keepTruth(
  expression: string,
  eventTypes: EventTypes,
  variables?: {
    readonly types: ReadonlyMap<string, CelType>
    readonly read: (event: LearningEvent) => Readonly<Record<string, Json>>
  },
): Kept<number> {
  const scope = variables === undefined ? { eventTypes } : { eventTypes, variables: variables.types }
  const typed = checkPredicate(parseCel(expression), scope)
  const test = compilePredicate(typed)
  return kept(typed, (event) => (test(event, variables?.read(event)) === true ? 1 : 0))
}

export const kept = <Value>(typed: TypedNode, read: Read<Value>): Kept<Value> => ({
  text: printCel(typed),
  read,
  cost: costOf(typed),
})

const EVENT: CelNode = { kind: 'name', at: 0, name: 'event' }
const fieldOf = (field: string): CelNode => ({ kind: 'select', at: 0, of: EVENT, field })
const textOf = (value: string): CelNode => ({
  kind: 'literal',
  at: 0,
  literal: { type: 'string', value },
})

export const isField = (field: string, value: string): CelNode => ({
  kind: 'call',
  at: 0,
  name: '_==_',
  args: [fieldOf(field), textOf(value)],
})

export const isOfType = (type: string): CelNode => isField('type', type)

export const isOneOf = (node: CelNode, values: readonly string[]): CelNode => ({
  kind: 'call',
  at: 0,
  name: '@in',
  args: [node, { kind: 'list', at: 0, items: values.map(textOf) }],
})
