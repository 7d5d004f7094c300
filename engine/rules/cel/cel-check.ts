import { checkExpression as checkTypes } from '#engine/cel/check.ts'
import type { CelEnvironment } from '#engine/cel/environment.ts'
import type { TypedNode } from '#engine/cel/typed-node.ts'
import { partsOf, refuseBadParts } from './cel-parts.ts'
import { type CelNode, inRuleCodes, refuse } from './cel-syntax.ts'
import { type CelType, typeName } from './cel-type.ts'
import { EVENT } from './event-fields.ts'

export type { TypedNode } from '#engine/cel/typed-node.ts'

/** Which event types there are. A rule that was checked before is compiled with `ANY_EVENT_TYPE`. */
export interface EventTypes {
  has(type: string): boolean
}

export const ANY_EVENT_TYPE: EventTypes = { has: () => true }

/** What an expression of a rule may read. */
export interface PredicateScope {
  readonly eventTypes: EventTypes
  /** Variables besides `event`. */
  readonly variables?: ReadonlyMap<string, CelType>
}

/**
 * Gives every part its type, and refuses what is neither true nor false. Throws `CelRefusal`: `rule-field-unknown`,
 * `rule-type-mismatch`, `rule-event-type-unknown`, `rule-not-boolean`, `rule-cel-unsupported`.
 */
export function checkPredicate(node: CelNode, scope: PredicateScope): TypedNode {
  const typed = checkExpression(node, scope)
  if (typed.type.kind === 'bool' || typed.type.kind === 'dyn') return typed
  return refuse(
    'rule-not-boolean',
    node.at,
    `A predicate is true or false; this is a ${typeName(typed.type)}.`,
  )
}

/** As `checkPredicate`, of any type. */
export function checkExpression(node: CelNode, scope: PredicateScope): TypedNode {
  const variables = new Map([...(scope.variables ?? []), ['event', EVENT] as const])
  const environment: CelEnvironment = { variables, jsonNumbers: true }
  return inRuleCodes(() => {
    refuseBadParts(node)
    const typed = checkTypes(node, environment)
    wantKnownTypes(node, scope.eventTypes)
    return typed
  })
}

const COMPARISONS: ReadonlySet<string> = new Set(['_==_', '_!=_', '@in'])

/** `event.type == 'complted'` is a slip that would otherwise wait for ever. */
function wantKnownTypes(node: CelNode, eventTypes: EventTypes): void {
  for (const part of partsOf(node)) wantKnownTypes(part, eventTypes)
  if (node.kind !== 'call' || !COMPARISONS.has(node.name) || !node.args.some(isEventType)) return
  for (const { at, text } of node.args.flatMap(textsIn))
    if (!eventTypes.has(text))
      refuse('rule-event-type-unknown', at, `No source sends events of the type "${text.slice(0, 40)}".`)
}

const isEventType = (node: CelNode): boolean =>
  node.kind === 'select' && node.field === 'type' && node.of.kind === 'name' && node.of.name === 'event'

function textsIn(node: CelNode): readonly { readonly at: number; readonly text: string }[] {
  if (node.kind === 'list') return node.items.flatMap(textsIn)
  return node.kind === 'literal' && node.literal.type === 'string'
    ? [{ at: node.at, text: node.literal.value }]
    : []
}
