import { EVENT_TYPES } from '#engine/events/event-vocabulary.ts'
import { MAX_COST } from '#engine/rules/cel/cel-cost.ts'
import { CEL_LIMITS, CelRefusal, measureCel } from '#engine/rules/cel/cel-syntax.ts'
import { planFact, planForeign } from '#engine/rules/compile/plan-fact.ts'
import type { LeafPlan, PlanScope } from '#engine/rules/compile/plan-leaf.ts'
import { planPart, planPenalty, planSteps } from '#engine/rules/compile/plan-part.ts'
import type { LeafNode, RuleCatalogue, RuleDocument } from '#engine/rules/document/rule-document.ts'
import { isFactLeaf, visitLeaves } from '#engine/rules/document/rule-nodes.ts'
import { isNeverTrue } from './never-true.ts'
import type { Findings } from './rule-findings.ts'

/** What the expressions of a rule ask of events: their types, their cost, and whether anything can meet them. */
export function checkLeaves(document: RuleDocument, catalogue: RuleCatalogue, findings: Findings): void {
  if (!isReadable(document, findings)) return
  const eventTypes = { has: (type: string) => EVENT_TYPES.has(type) || catalogue.eventTypes.has(type) }
  const bill = createBill(findings)
  const scopeAt = (path: string): PlanScope & { place: () => string } => {
    let member = 'where'
    return {
      eventTypes,
      recipient: document.recipient,
      ...(document.occurrence.kind === 'context' ? { context: document.occurrence.by } : {}),
      inMember: (name) => {
        member = name
      },
      place: () => (member.startsWith('/') ? member : `${path}/${member}`),
    }
  }
  visitLeaves(document.when, '/when', (leaf, path) => {
    const scope = scopeAt(path)
    const plans = attempt(scope.place, findings, () => plansOf(leaf, scope, document, catalogue))
    if (plans === undefined) return
    bill(plans.cost, 'where' in leaf && leaf.where !== undefined ? `${path}/where` : path)
    for (const plan of plans.looking) warn(plan, path, findings)
  })
  ;(document.penalty ?? []).forEach(({ where }, index) => {
    const path = `/penalty/${index}`
    const scope = scopeAt(path)
    const plan = attempt(scope.place, findings, () => planPenalty(where, scope))
    if (plan === undefined) return
    bill(plan.cost, `${path}/where`)
    warn(plan, path, findings)
  })
}

/** All plans of a leaf; `looking` are those that the author chose the events of. */
function plansOf(
  leaf: LeafNode,
  scope: PlanScope,
  document: RuleDocument,
  { attributes }: RuleCatalogue,
): { readonly looking: readonly LeafPlan[]; readonly cost: number } {
  if ('holds' in leaf)
    return { looking: [], cost: typeof leaf.holds === 'string' ? 0 : planForeign(leaf.holds).cost }
  if ('sequence' in leaf) {
    const steps = planSteps(leaf, scope)
    return { looking: steps, cost: steps.reduce((total, { cost }) => total + cost, 0) }
  }
  if (isFactLeaf(leaf)) {
    const { inMember } = scope
    const fact = planFact(leaf, {
      achievement: document.achievement,
      inMember,
      ...(attributes === undefined ? {} : { attributes }),
    })
    return { looking: [], cost: fact.main.cost }
  }
  const { main, anchor, join, cost } = planPart(leaf, scope)
  return {
    looking: [
      main,
      ...(anchor === undefined ? [] : [anchor.plan]),
      ...(join?.joins.map(({ plan }) => plan) ?? []),
    ],
    cost,
  }
}

/** Adds up what the rule costs for one event, and says once where it becomes too much. */
function createBill({ faults }: Findings): (cost: number, path: string) => void {
  let total = 0
  return (cost, path) => {
    const wasBounded = total <= MAX_COST
    total += cost
    if (wasBounded && total > MAX_COST)
      faults.push({
        code: 'rule-cost-unbounded',
        path,
        message: `For one event the rule could take ${total} steps; at most ${MAX_COST} are allowed.`,
      })
  }
}

function attempt<Plan>(place: () => string, { faults }: Findings, plan: () => Plan): Plan | undefined {
  try {
    return plan()
  } catch (error) {
    if (!(error instanceof CelRefusal)) throw error
    const { code, message, at } = error.fault
    const where = at > 0 ? ` (character ${at + 1})` : ''
    faults.push({ code, path: place(), message: `${message}${where}` })
    return undefined
  }
}

function warn(plan: LeafPlan, path: string, { warnings }: Findings): void {
  if (plan.conjuncts.every(({ index }) => index === undefined))
    warnings.push({ code: 'rule-leaf-unfiltered', path, message: 'This part looks at every event.' })
  if (isNeverTrue(plan.conjuncts))
    warnings.push({ code: 'rule-never-true', path, message: 'No event can meet this.' })
}

/** Counts the parts of all expressions before any of them is parsed. */
function isReadable(document: RuleDocument, { faults }: Findings): boolean {
  let tokens = 0
  for (const [path, expression] of expressionsOf(document)) {
    tokens += measureCel(expression).tokens
    if (tokens <= CEL_LIMITS.tokens) continue
    const message = `The expressions of a rule have at most ${CEL_LIMITS.tokens} parts together.`
    faults.push({ code: 'rule-too-large', path, message })
    return false
  }
  return true
}

function* expressionsOf(document: RuleDocument): Generator<readonly [path: string, expression: string]> {
  const { occurrence, penalty = [], when } = document
  if (occurrence.kind === 'context') yield ['/occurrence/by', occurrence.by]
  for (const [index, { where }] of penalty.entries()) yield [`/penalty/${index}/where`, where]
  const leaves: (readonly [LeafNode, string])[] = []
  visitLeaves(when, '/when', (leaf, path) => leaves.push([leaf, path]))
  for (const [leaf, path] of leaves) yield* textsIn(leaf, path)
}

const EXPRESSIONS: ReadonlySet<string> = new Set([
  'where',
  'of',
  'by',
  'first',
  'last',
  'is',
  'from',
  'value',
  'on',
])

function* textsIn(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    const at = `${path}/${name}`
    if (typeof member === 'string' && EXPRESSIONS.has(name)) yield [at, member]
    else yield* textsIn(member, at)
  }
}
