import { checkExpression, checkPredicate, type TypedNode } from '#engine/rules/cel/cel-check.ts'
import { compilePredicate, compileText } from '#engine/rules/cel/cel-compile.ts'
import { costOf } from '#engine/rules/cel/cel-cost.ts'
import { partsOf } from '#engine/rules/cel/cel-parts.ts'
import { printCel } from '#engine/rules/cel/cel-print.ts'
import { type CelNode, parseCel, refuse } from '#engine/rules/cel/cel-syntax.ts'
import { type CelType, MAP, typeName } from '#engine/rules/cel/cel-type.ts'
import { NO_EVENT } from '#engine/rules/cel/no-event.ts'
import type {
  AbsenceNode,
  Anchor,
  AnniversaryNode,
  EventLeaf,
  JoinMember,
  SequenceNode,
} from '#engine/rules/document/rule-document.ts'
import { type CalendarDuration, parseCalendarDuration } from '#engine/shared/calendar.ts'
import { type Duration, parseDuration } from '#engine/shared/duration.ts'
import { asInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type { Pick } from '#engine/state/join-items.ts'
import type { Window } from '#engine/state/leaf-window.ts'
import type { Measure } from '#engine/state/measure.ts'
import {
  isOneOf,
  keepJson,
  keepNumber,
  keepTruth,
  kept,
  type LeafPlan,
  type PlanScope,
  planConditions,
  planContext,
  planLeaf,
} from './plan-leaf.ts'

/** A part of a rule that looks at events, understood: which states it reads, and how. */
export interface PartPlan {
  readonly main: LeafPlan
  readonly how: How
  /** The events that a window or a stretch counts from. */
  readonly anchor?: { readonly plan: LeafPlan; readonly pick: 'first' | 'last' }
  readonly join?: JoinPlan
  /** Of `distinctOf`: the listed values. */
  readonly values: readonly string[]
  /** Steps for one event, at most, over all of its predicates. */
  readonly cost: number
}

export type How =
  | { readonly kind: 'measured'; readonly measure: Measure; readonly window: Window }
  | { readonly kind: 'absence'; readonly length: Duration }
  | { readonly kind: 'anniversary'; readonly after: CalendarDuration; readonly zone: string }

export interface JoinPlan {
  readonly joins: readonly {
    readonly name: string
    readonly plan: LeafPlan
    readonly within: Duration | undefined
    readonly pick: Pick
  }[]
  /** One text per meaning of the conditions on what is joined. */
  readonly condition: string
  readonly passes: (joined: Readonly<Record<string, Json>>) => boolean
}

/**
 * Understands one leaf. Throws `CelRefusal` for what is wrong with its expressions; `inMember` of the scope was told in
 * which member it is.
 */
export function planPart(leaf: EventLeaf, scope: PlanScope): PartPlan {
  if ('absence' in leaf) return planAbsence(leaf, scope)
  if ('anniversary' in leaf) return planAnniversary(leaf, scope)
  const { inMember } = scope
  const join = leaf.join === undefined ? undefined : readJoins(leaf.join)
  const type = 'event' in leaf ? leaf.event : undefined
  const conditions = [
    ...planConditions({ event: type, where: join === undefined ? leaf.where : undefined }, scope),
  ]
  const joined: CelNode[] = []
  if (join !== undefined && leaf.where !== undefined) {
    inMember('where')
    for (const node of conjunctNodes(parseCel(leaf.where)))
      if (!reads(node, 'join')) conditions.push(checkPredicate(node, scope))
      else if (reads(node, 'event'))
        refuse('rule-join-mixed', node.at, 'This reads both the event and what is joined to it.')
      else joined.push(node)
  }
  const measured = planMeasure(leaf, scope)
  const main = planLeaf(scope.recipient, {
    conditions: [...conditions, ...measured.conditions],
    ...measured.kept,
    ...planContext(scope),
    ...(join === undefined ? {} : planKey(join, scope)),
  })
  const joins = join === undefined ? undefined : planJoin(join, joined, scope)
  const anchor = leaf.since === undefined ? undefined : planAnchor(leaf.since, scope)
  return {
    main,
    how: { kind: 'measured', measure: measured.measure, window: windowOf(leaf) },
    ...(anchor === undefined ? {} : { anchor }),
    ...(joins === undefined ? {} : { join: joins.plan }),
    values: 'distinctOf' in leaf ? leaf.in : [],
    cost: main.cost + (anchor?.plan.cost ?? 0) + (joins?.cost ?? 0),
  }
}

export function planSteps({ sequence }: SequenceNode, scope: PlanScope): readonly LeafPlan[] {
  return sequence.map((step, index) =>
    planLeaf(scope.recipient, {
      conditions: planConditions(step, {
        ...scope,
        inMember: (member) => scope.inMember(`sequence/${index}/${member}`),
      }),
      ...planContext(scope),
    }),
  )
}

/** A penalty is no part of `when`, but folds a state like one. */
export function planPenalty(where: string, scope: PlanScope): LeafPlan {
  return planLeaf(scope.recipient, { conditions: planConditions({ where }, scope), ...planContext(scope) })
}

function planAbsence(leaf: AbsenceNode, scope: PlanScope): PartPlan {
  const main = planLeaf(scope.recipient, {
    conditions: planConditions({ where: leaf.where }, scope),
    ...planContext(scope),
  })
  const anchor = leaf.since === undefined ? undefined : planAnchor(leaf.since, scope)
  return {
    main,
    how: { kind: 'absence', length: parseDuration(leaf.absence) ?? 0 },
    ...(anchor === undefined ? {} : { anchor }),
    values: [],
    cost: main.cost + (anchor?.plan.cost ?? 0),
  }
}

function planAnniversary(leaf: AnniversaryNode, scope: PlanScope): PartPlan {
  const anchor = planAnchor(leaf.since, scope)
  const after = parseCalendarDuration(leaf.anniversary) ?? { years: 0, months: 0, days: 0 }
  return {
    main: anchor.plan,
    how: { kind: 'anniversary', after, zone: leaf.zone },
    anchor,
    values: [],
    cost: anchor.plan.cost,
  }
}

function planAnchor(anchor: Anchor, scope: PlanScope): NonNullable<PartPlan['anchor']> {
  const plan = planLeaf(scope.recipient, {
    conditions: planConditions(anchor, {
      ...scope,
      inMember: (member) => scope.inMember(`since/${member}`),
    }),
    ...planContext(scope),
  })
  return { plan, pick: anchor.pick ?? 'last' }
}

interface PlannedMeasure {
  readonly measure: Measure
  readonly conditions: readonly TypedNode[]
  readonly kept: {
    readonly value?: ReturnType<typeof keepJson>
    readonly number?: ReturnType<typeof keepNumber>
  }
}

function planMeasure(
  leaf: Exclude<EventLeaf, AbsenceNode | AnniversaryNode>,
  { eventTypes, inMember }: PlanScope,
): PlannedMeasure {
  const plain = (measure: Measure): PlannedMeasure => ({ measure, conditions: [], kept: {} })
  const numeric = (measure: Measure, of: string): PlannedMeasure => {
    inMember('of')
    return { measure, conditions: [], kept: { number: keepNumber(of, eventTypes) } }
  }
  const truth = (measure: Measure, member: string, expression: string): PlannedMeasure => {
    inMember(member)
    return { measure, conditions: [], kept: { number: keepTruth(expression, eventTypes) } }
  }
  if ('event' in leaf) return plain({ kind: 'count', need: 1 })
  if ('count' in leaf) return plain({ kind: 'count', need: leaf.count })
  if ('streak' in leaf) {
    const { streak: need, unit, zone, perUnit = 1 } = leaf
    return plain({ kind: 'streak', need, unit, zone, perUnit })
  }
  if ('distinct' in leaf) {
    inMember('by')
    return {
      measure: { kind: 'distinct', need: leaf.distinct },
      conditions: [],
      kept: { value: keepJson(leaf.by, eventTypes) },
    }
  }
  if ('distinctOf' in leaf) return planListed(leaf, { eventTypes, inMember })
  if ('sum' in leaf) return numeric({ kind: 'sum', need: leaf.sum }, leaf.of)
  if ('first' in leaf) return truth({ kind: 'first' }, 'first', leaf.first)
  if ('last' in leaf) return truth({ kind: 'last' }, 'last', leaf.last)
  const { atLeast = 1 } = leaf
  if ('rate' in leaf) return truth({ kind: 'rate', need: leaf.rate, atLeast }, 'of', leaf.of)
  if ('avg' in leaf) return numeric({ kind: 'avg', need: leaf.avg, atLeast }, leaf.of)
  if ('min' in leaf) return numeric({ kind: 'min', need: leaf.min, atLeast }, leaf.of)
  return numeric({ kind: 'max', need: leaf.max, atLeast }, leaf.of)
}

function planListed(
  leaf: Extract<EventLeaf, { distinctOf: number }>,
  { eventTypes, inMember }: Pick2<PlanScope, 'eventTypes' | 'inMember'>,
): PlannedMeasure {
  inMember('by')
  const by = parseCel(leaf.by)
  const value = checkExpression(by, { eventTypes })
  if (value.type.kind !== 'string' && value.type.kind !== 'dyn')
    refuse('rule-type-mismatch', 0, `"by" names a text, not a ${typeName(value.type)}.`)
  return {
    measure: { kind: 'distinct', need: leaf.distinctOf },
    conditions: [checkPredicate(isOneOf(by, [...leaf.in].sort()), { eventTypes })],
    kept: { value: kept(value, compileText(value)) },
  }
}

type Pick2<T, K extends keyof T> = { readonly [P in K]: T[P] }

function windowOf(leaf: Exclude<EventLeaf, AbsenceNode | AnniversaryNode>): Window {
  if (leaf.within !== undefined) return { kind: 'rolling', length: parseDuration(leaf.within) ?? 0 }
  if (leaf.period !== undefined) return { kind: 'period', ...leaf.period }
  if (leaf.range !== undefined)
    return { kind: 'range', from: momentOf(leaf.range.from), to: momentOf(leaf.range.to) }
  if (leaf.since !== undefined) return { kind: 'since', pick: leaf.since.pick ?? 'last' }
  return { kind: 'life' }
}

const momentOf = (text: string): Instant => parseInstant(text) ?? asInstant(0)

const JOIN: ReadonlyMap<string, CelType> = new Map([['join', MAP]])

interface NamedJoin extends JoinMember {
  readonly name: string
}

/** In the order of their names, so that the order in the document does not show. */
const readJoins = (join: Readonly<Record<string, JoinMember>>): readonly NamedJoin[] =>
  Object.entries(join)
    .map(([name, member]) => ({ name, ...member }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))

/** All joins of a part share one key where they say the same `on`; a part has one key. */
function planKey(joins: readonly NamedJoin[], { eventTypes, inMember }: PlanScope) {
  const [first] = joins
  if (first === undefined) return {}
  for (const { name, on } of joins)
    if (on !== first.on) {
      inMember(`join/${name}/on`)
      refuse('rule-cel-unsupported', 0, 'The joins of a part have the same "on".')
    }
  inMember(`join/${first.name}/on`)
  return { key: keepJson(first.on, eventTypes) }
}

function planJoin(
  joins: readonly NamedJoin[],
  conditions: readonly CelNode[],
  scope: PlanScope,
): { readonly plan: JoinPlan; readonly cost: number } {
  const { eventTypes, inMember } = scope
  const plans = joins.map(({ name, from, value, on, within, pick = 'last' }) => {
    const at = (member: string) => inMember(`join/${name}/${member}`)
    at('from')
    const conditionsOf = [checkPredicate(parseCel(from), { eventTypes })]
    at('value')
    const taken =
      pick === 'max' || pick === 'min' ? { number: keepNumber(value, eventTypes) } : keepScalar(value, scope)
    at('on')
    const plan = planLeaf(scope.recipient, {
      conditions: conditionsOf,
      ...taken,
      key: keepJson(on, eventTypes),
    })
    return { name, plan, within: within === undefined ? undefined : parseDuration(within), pick }
  })
  inMember('where')
  const names = new Set(joins.map(({ name }) => name))
  for (const node of conditions) wantKnownJoins(node, names)
  const typedConditions = conditions.map((node) => checkPredicate(node, { eventTypes, variables: JOIN }))
  const tests = typedConditions.map(compilePredicate)
  return {
    plan: {
      joins: plans,
      condition: typedConditions.map(printCel).sort().join(' && ') || 'true',
      passes: (joined) => tests.every((test) => test(NO_EVENT, { join: joined }) === true),
    },
    cost:
      plans.reduce((total, { plan }) => total + plan.cost, 0) +
      typedConditions.reduce((total, node) => total + costOf(node), 0),
  }
}

/** A name that nothing is joined by would never match. */
function wantKnownJoins(node: CelNode, names: ReadonlySet<string>): void {
  if (node.kind === 'select' || node.kind === 'has') {
    const { of, field, at } = node
    if (of.kind === 'name' && of.name === 'join' && !names.has(field))
      refuse('rule-field-unknown', at, `Nothing is joined by the name "${field.slice(0, 40)}".`)
  }
  for (const part of partsOf(node)) wantKnownJoins(part, names)
}

/** The first or last value may be a number or a text. */
function keepScalar(expression: string, { eventTypes }: PlanScope) {
  const value = checkExpression(parseCel(expression), { eventTypes })
  return value.type.kind === 'string'
    ? { value: kept(value, compileText(value)) }
    : { number: keepNumber(expression, eventTypes) }
}

const conjunctNodes = (node: CelNode): readonly CelNode[] =>
  node.kind === 'call' && node.name === '_&&_' ? node.args.flatMap(conjunctNodes) : [node]

/** Whether a name stands anywhere in an expression. */
function reads(node: unknown, name: string): boolean {
  if (typeof node !== 'object' || node === null) return false
  if (Array.isArray(node)) return node.some((child) => reads(child, name))
  if ('kind' in node && node.kind === 'name' && 'name' in node && node.name === name) return true
  return Object.values(node).some((child) => reads(child, name))
}
