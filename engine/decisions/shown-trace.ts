import type { Trace } from '#engine/rules/explain/trace.ts'
import type { EventId } from '#engine/shared/ids.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'

/** Members of a trace that hold a moment: the engine counts milliseconds, and people and other programs read dates. */
const MOMENT = /(?:At|^since|^until|^from|^deadline)$/

/** A trace as documents and answers show it. Takes parts over that it does not know, whatever they are. */
export function shownTrace(trace: Trace): JsonObject {
  return show(trace as unknown as Json) as JsonObject
}

function show(value: Json): Json {
  if (isJsonArray(value)) return value.map(show)
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(
    members.map(([name, member]) => [
      name,
      typeof member === 'number' && MOMENT.test(name) ? formatInstant(member as Instant) : show(member),
    ]),
  )
}

/** Evidence, and what was looked up beside it. */
const RESTS_ON: ReadonlySet<string> = new Set(['evidence', 'joined'])

/** The ids of the events that a trace rests on, each once, in the order of the tree. */
export function evidenceOf(trace: Trace | JsonObject): readonly EventId[] {
  return namedIn(trace, (name, member) => (RESTS_ON.has(name) && Array.isArray(member) ? member : []))
}

/** All events that a trace names: evidence, and near misses. */
export function eventsIn(trace: Trace): readonly EventId[] {
  return namedIn(trace, (name, member) => {
    if (RESTS_ON.has(name) && Array.isArray(member)) return member
    return name === 'eventId' ? [member] : []
  })
}

function namedIn(
  trace: Trace | JsonObject,
  pick: (name: string, member: unknown) => readonly unknown[],
): readonly EventId[] {
  const found = new Set<EventId>()
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    for (const [name, member] of Object.entries(part)) {
      for (const id of pick(name, member)) if (typeof id === 'string') found.add(id as EventId)
      look(member)
    }
  }
  look(trace)
  return [...found]
}
