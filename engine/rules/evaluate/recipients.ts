import { type Identifier, identifierText, parseIdentifier } from '#engine/events/identifier.ts'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { CompiledLeaf } from '#engine/rules/compile/compiled-rule.ts'
import { ACTOR } from '#engine/rules/compile/event-actor.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import { onlyFailure } from '#engine/rules/explain/near-miss.ts'
import type { Json } from '#engine/shared/json.ts'
import { isJsonArray, isJsonObject } from '#engine/shared/json.ts'

/** So many people one event may name by one path; the others of a longer list are left out. */
export const MOST_RECIPIENTS = 200

/** People whom an event names by another path than as its actor, for rules that award them. */
export interface NamedRecipients {
  readonly path: string
  readonly identifiers: readonly Identifier[]
  /** It counts for nobody, but failed on one condition only: those whom it names are told so. */
  readonly isNearMiss: boolean
  /** What stood there and leads to nobody; of near misses nothing is said. */
  readonly leftOut: readonly LeftOut[]
}

/** Entries at the end of a path that nobody is judged by. */
export interface LeftOut {
  readonly path: string
  /** `unreadable`: no text that names a person. `too-many`: behind the first 200. `not-known`: nobody knows them. */
  readonly reason: 'unreadable' | 'too-many' | 'not-known'
  readonly count: number
  /** The first few, as text. */
  readonly examples: readonly string[]
}

const EXAMPLES = 5
const EXAMPLE_LENGTH = 100

/**
 * Whom an event concerns beside its actor: those that the recipient path of a rule leads to, where a leaf of the rule
 * is met by the event, or missed by one condition. The event is evaluated once for each of them, as `recipient`.
 * Cost: what the event may match.
 */
export function recipientsOf({ tree }: RuleSet, event: LearningEvent): readonly NamedRecipients[] {
  const leaves: CompiledLeaf[] = []
  tree.match(event, leaves)
  const pathsOf = (some: readonly CompiledLeaf[]) =>
    new Set(some.map(({ recipient }) => recipient).filter((path) => path !== ACTOR))
  const met = pathsOf(leaves)
  const near: CompiledLeaf[] = []
  tree.candidates(event, near)
  const isNew = ({ recipient, conjuncts }: CompiledLeaf) =>
    recipient !== ACTOR && !met.has(recipient) && conjuncts.length > 1
  const missed = pathsOf(near.filter((leaf) => isNew(leaf) && onlyFailure(leaf, event) !== undefined))
  return [...new Set([...met, ...missed])].sort().map((path) => {
    const { identifiers, leftOut } = namedBy(event, path)
    const isNearMiss = !met.has(path)
    return { path, identifiers, isNearMiss, leftOut: isNearMiss ? [] : leftOut }
  })
}

/** Whom a path leads to, each once; lists on the way are followed to each of their elements. Linear in the event. */
export function namedBy(
  event: LearningEvent,
  path: string,
): Pick<NamedRecipients, 'identifiers' | 'leftOut'> {
  const [, , ...fields] = path.split('.')
  let values: readonly Json[] = [event.data]
  for (const field of fields)
    values = values.flatMap(elementsOf).flatMap((value) => {
      const found = isJsonObject(value) && Object.hasOwn(value, field) ? value[field] : undefined
      return found === undefined || found === null ? [] : [found]
    })
  const named = new Map<string, Identifier>()
  const beyond = new Set<string>()
  const unreadable: Json[] = []
  for (const value of values.flatMap(elementsOf)) {
    const identifier = typeof value === 'string' ? parseIdentifier(value, event.source) : undefined
    if (identifier === undefined) {
      unreadable.push(value)
      continue
    }
    const text = identifierText(identifier)
    if (named.has(text)) continue
    if (named.size < MOST_RECIPIENTS) named.set(text, identifier)
    else beyond.add(text)
  }
  return {
    identifiers: [...named.values()],
    leftOut: [
      ...leftOutFor(path, 'unreadable', unreadable.map(shown)),
      ...leftOutFor(path, 'too-many', [...beyond]),
    ],
  }
}

/** One line for a reason, or none. */
export function leftOutFor(
  path: string,
  reason: LeftOut['reason'],
  entries: readonly string[],
): readonly LeftOut[] {
  if (entries.length === 0) return []
  const examples = entries.slice(0, EXAMPLES).map((entry) => entry.slice(0, EXAMPLE_LENGTH))
  return [{ path, reason, count: entries.length, examples }]
}

const elementsOf = (value: Json): readonly Json[] => (isJsonArray(value) ? value : [value])

const shown = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))
