import { type Identifier, parseIdentifier } from '#engine/events/identifier.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { Json } from '#engine/shared/json.ts'
import { isJsonArray, isJsonObject } from '#engine/shared/json.ts'
import type { CompiledLeaf } from './compiled-rule.ts'
import { ACTOR } from './event-actor.ts'
import type { RuleSet } from './rule-set.ts'

/** So many people one event may name by one path; the others of a longer list are left out. */
export const MOST_RECIPIENTS = 200

/** People whom an event names by another path than as its actor, for rules that award them. */
export interface NamedRecipients {
  readonly path: string
  readonly identifiers: readonly Identifier[]
}

/**
 * Whom an event concerns beside its actor: those that the recipient path of a rule leads to, where a leaf of the rule
 * is met by the event. The event is evaluated once for each of them, as `recipient`. Cost: what the event matches.
 */
export function recipientsOf({ tree }: RuleSet, event: LearningEvent): readonly NamedRecipients[] {
  const met: CompiledLeaf[] = []
  tree.match(event, met)
  const paths = new Set(met.map(({ recipient }) => recipient).filter((path) => path !== ACTOR))
  return [...paths].sort().map((path) => ({ path, identifiers: namedBy(event, path) }))
}

/** Texts that a path leads to; lists on the way are followed to each of their elements. */
function namedBy(event: LearningEvent, path: string): readonly Identifier[] {
  const [, , ...fields] = path.split('.')
  let values: readonly Json[] = [event.data]
  for (const field of fields)
    values = values.flatMap(elementsOf).flatMap((value) => {
      const found = isJsonObject(value) && Object.hasOwn(value, field) ? value[field] : undefined
      return found === undefined ? [] : [found]
    })
  const named = new Map<string, Identifier>()
  for (const value of values.flatMap(elementsOf)) {
    const identifier = typeof value === 'string' ? parseIdentifier(value, event.source) : undefined
    if (identifier !== undefined) named.set(`${identifier.type}:${identifier.value}`, identifier)
    if (named.size >= MOST_RECIPIENTS) break
  }
  return [...named.values()]
}

const elementsOf = (value: Json): readonly Json[] => (isJsonArray(value) ? value : [value])
