import { compileExpression as compileCel } from '#engine/cel/compile.ts'
import type { Binding } from '#engine/cel/frame.ts'
import { toJson } from '#engine/cel/to-json.ts'
import { childrenOf, type TypedNode } from '#engine/cel/typed-node.ts'
import { CelFailure, type CelResult } from '#engine/cel/value.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { Json } from '#engine/shared/json.ts'
import { EVENT_FIELDS } from './event-fields.ts'

/** Why an expression has no value for an event: a field is missing, or holds something else than was thought. */
export const Absence = CelFailure
export type Absence = CelFailure

export type Variables = Readonly<Record<string, Json>>

/** Compiled once, run for every event; holds no state. */
export type Predicate = (event: LearningEvent, variables?: Variables) => true | false | Absence

/**
 * Turns a checked predicate into closures; no code is generated.
 * The predicate is `true`, `false`, or an `Absence` that says why it could not be told, which counts as false.
 */
export function compilePredicate(node: TypedNode): Predicate {
  const run = compile(node)
  const noTruth = new CelFailure('the expression gives neither true nor false')
  return (event, variables) => {
    const value = run(event, variables)
    return typeof value === 'boolean' || value instanceof CelFailure ? value : noTruth
  }
}

/** How many values the result of an expression may have as JSON. */
const MAX_VALUES = 20_000

/** Compiles an expression of any type; its value as JSON (a moment becomes RFC 3339 text). */
export function compileExpression(
  node: TypedNode,
): (event: LearningEvent, variables?: Variables) => Json | Absence {
  const run = compile(node)
  return (event, variables) => toJson(run(event, variables), { left: MAX_VALUES })
}

/** Compiles an expression that gives a text; undefined where it gives something else. */
export function compileText(
  node: TypedNode,
): (event: LearningEvent, variables?: Variables) => string | undefined {
  const run = compile(node)
  return (event, variables) => {
    const value = run(event, variables)
    return typeof value === 'string' ? value : undefined
  }
}

interface Reading {
  readonly event: LearningEvent
  readonly variables: Variables
}

const OF_EVENT: Binding<LearningEvent> = {
  variable: () => undefined,
  field: (record, field) => (record === 'event' ? EVENT_FIELDS.get(field)?.read : undefined),
}

const OF_READING: Binding<Reading> = {
  variable:
    (name) =>
    ({ variables }) =>
      Object.hasOwn(variables, name) ? variables[name] : undefined,
  field(record, field) {
    const read = OF_EVENT.field?.(record, field)
    return read && (({ event }) => read(event))
  },
}

/** Most predicates read the event only, and need nothing to be put around it. */
function compile(node: TypedNode): (event: LearningEvent, variables?: Variables) => CelResult {
  if (!readsVariables(node)) return compileCel(node, OF_EVENT)
  const run = compileCel(node, OF_READING)
  return (event, variables = {}) => run({ event, variables })
}

const readsVariables = (node: TypedNode): boolean =>
  (node.kind === 'variable' && node.name !== 'event') || childrenOf(node).some(readsVariables)
