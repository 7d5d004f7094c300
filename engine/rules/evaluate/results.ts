import type { LearningEvent } from '#engine/events/learning-event.ts'
import { EVENT_FIELDS } from '#engine/rules/cel/event-fields.ts'
import type { ResultMapping } from '#engine/rules/document/rule-document.ts'
import { leavesOf, partOf } from '#engine/rules/explain/evidence.ts'
import type { Trace } from '#engine/rules/explain/trace.ts'
import { createDecimalSum } from '#engine/shared/decimal-sum.ts'
import type { EventId } from '#engine/shared/ids.ts'
import type { Json } from '#engine/shared/json.ts'
import { isJsonObject } from '#engine/shared/json.ts'

/** What a credential says about a result of the achievement. */
export interface MappedResult {
  readonly resultDescription: string
  readonly value: string | number | boolean
}

/**
 * Reads the results that a rule maps from the events that a part of it rests on: `courses.best.score` is the highest
 * score among them, `courses.last.data.grade` a field of the latest, `courses.count` their number. What is joined to these events counts as well, but for their number. A result without a
 * value is left out. `eventOf` gives the events that the trace names as evidence.
 */
export function mapResults(
  mappings: readonly ResultMapping[],
  trace: Trace,
  eventOf: (id: EventId) => LearningEvent | undefined,
): readonly MappedResult[] {
  return mappings.flatMap(({ resultDescription, value: path }) => {
    const [id = '', pick = '', ...fields] = path.split('.')
    const part = partOf(trace, id)
    if (part === undefined) return []
    const leaves = leavesOf(part)
    const eventsOf = (ids: readonly EventId[]) =>
      ids.flatMap((eventId) => eventOf(eventId) ?? []).sort((a, b) => a.time - b.time)
    const evidence = leaves.flatMap((leaf) => leaf.evidence)
    const value =
      pick === 'count'
        ? eventsOf(evidence).length
        : pickValue(eventsOf([...evidence, ...leaves.flatMap(({ joined = [] }) => joined)]), pick, fields)
    return value === undefined ? [] : [{ resultDescription, value }]
  })
}

function pickValue(
  events: readonly LearningEvent[],
  pick: string,
  fields: readonly string[],
): MappedResult['value'] | undefined {
  const valueIn = (event: LearningEvent | undefined) => scalar(fieldOf(event, fields))
  switch (pick) {
    case 'first':
      return valueIn(events[0])
    case 'last':
      return valueIn(events.at(-1))
    case 'best':
      return best(events.map(valueIn))
    default:
      return ofScores(
        pick,
        events.flatMap(({ score }) => score ?? []),
      )
  }
}

function ofScores(pick: string, scores: readonly number[]): number | undefined {
  if (scores.length === 0) return undefined
  if (pick === 'max') return Math.max(...scores)
  if (pick === 'min') return Math.min(...scores)
  const sum = createDecimalSum()
  for (const score of scores) sum.add(score)
  return pick === 'sum' ? sum.value() : sum.value() / scores.length
}

function best(values: readonly (MappedResult['value'] | undefined)[]): MappedResult['value'] | undefined {
  const numbers = values.filter((value) => typeof value === 'number')
  return numbers.length === 0 ? undefined : Math.max(...numbers)
}

function fieldOf(event: LearningEvent | undefined, fields: readonly string[]): Json | undefined {
  // Who it was is not among the fields that a rule reads, nor does a credential say it this way.
  if (event === undefined || !EVENT_FIELDS.has(fields[0] ?? '')) return undefined
  let value: Json | undefined = event as unknown as Json
  for (const field of fields) {
    if (value === undefined || !isJsonObject(value) || !Object.hasOwn(value, field)) return undefined
    value = value[field]
  }
  return value
}

const scalar = (value: Json | undefined): MappedResult['value'] | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined
