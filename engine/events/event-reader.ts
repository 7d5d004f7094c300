import { utf8 } from '#engine/shared/bytes.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { isJsonArray, isJsonObject } from '#engine/shared/json.ts'
import type { EventFault, EventFaultCode } from './event-faults.ts'
import type { LearningEvent } from './learning-event.ts'

export type ParsedEvent =
  | { readonly ok: true; readonly event: LearningEvent }
  | { readonly ok: false; readonly faults: readonly EventFault[] }

/** How large one event may be, so that what rules do with it is bounded. */
export interface EventLimits {
  readonly depth: number
  /** Values of any kind, altogether. */
  readonly nodes: number
  /** In one list or object. */
  readonly elements: number
}

export const EVENT_LIMITS: EventLimits = { depth: 32, nodes: 4000, elements: 1000 }

/** Reads members one by one and keeps what is at fault, so that a sender sees it all at once. */
export interface EventReader {
  readonly faults: EventFault[]
  fault(code: EventFaultCode, path: string, message: string): undefined
  /** A text that must be there. */
  text(object: JsonObject, name: string, path: string): string | undefined
  optionalText(object: JsonObject, name: string, path: string): string | undefined
  /** A text that must be there and by which events are found again: a source or an id. */
  key(object: JsonObject, name: string, path: string): string | undefined
  optionalBoolean(object: JsonObject, name: string, path: string): boolean | undefined
  optionalObject(object: JsonObject, name: string, path: string): JsonObject | undefined
}

const MAX_TEXT = 2000

/** Bytes of UTF-8. A key stands in an index, whose rows are bounded: 2.7 kB for source, id and all. */
const MAX_KEY_BYTES = 1000

export function createEventReader(): EventReader {
  const faults: EventFault[] = []
  const fault: EventReader['fault'] = (code, path, message) => {
    faults.push({ code, path, message })
    return undefined
  }
  const optionalText: EventReader['optionalText'] = (object, name, path) => {
    const value = own(object, name)
    if (value === undefined) return undefined
    if (typeof value !== 'string' || value === '' || value.length > MAX_TEXT)
      return fault('event-shape', `${path}/${name}`, `"${name}" is a text of 1 to ${MAX_TEXT} characters.`)
    return value
  }
  const text: EventReader['text'] = (object, name, path) => {
    if (own(object, name) === undefined)
      return fault('event-member-missing', `${path}/${name}`, `"${name}" is missing.`)
    return optionalText(object, name, path)
  }
  return {
    faults,
    fault,
    optionalText,
    text,
    key(object, name, path) {
      const value = text(object, name, path)
      if (value === undefined || utf8(value).length <= MAX_KEY_BYTES) return value
      return fault('event-shape', `${path}/${name}`, `"${name}" has at most ${MAX_KEY_BYTES} bytes.`)
    },
    optionalBoolean(object, name, path) {
      const value = own(object, name)
      if (value === undefined || typeof value === 'boolean') return value
      return fault('event-shape', `${path}/${name}`, `"${name}" is true or false.`)
    },
    optionalObject(object, name, path) {
      const value = own(object, name)
      if (value === undefined || isJsonObject(value)) return value
      return fault('event-shape', `${path}/${name}`, `"${name}" is an object.`)
    },
  }
}

/** An own member; never one of the prototype's. */
export const own = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined

/** The JSON pointer to a member of the document whose name was not asked for; a long one is cut. */
export const strangerPath = (name: string): string =>
  `/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`

/** The object without these members; undefined where nothing is left. */
export function without(object: JsonObject, names: readonly string[]): JsonObject | undefined {
  const rest = Object.entries(object).filter(([name]) => !names.includes(name))
  return rest.length === 0 ? undefined : Object.fromEntries(rest)
}

/** Says whether an event is within the limits; looks at no more values than they allow. */
export function isWithinLimits(value: Json, limits: EventLimits): boolean {
  let nodes = 0
  const fits = (part: Json, depth: number): boolean => {
    if (++nodes > limits.nodes || depth > limits.depth) return false
    const children = isJsonArray(part) ? part : isJsonObject(part) ? Object.values(part) : []
    return children.length <= limits.elements && children.every((child) => fits(child, depth + 1))
  }
  return fits(value, 1)
}
