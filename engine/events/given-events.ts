import { type Hex, toHex, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { type JsonLimits, parseStrictJson } from '#engine/shared/strict-json.ts'
import { parseCloudEvent } from './cloud-event.ts'
import type { EventFault } from './event-faults.ts'
import { FACTS_SOURCE } from './fact-events.ts'
import { identifierText } from './identifier.ts'
import type { LearningEvent, StoredEvent } from './learning-event.ts'
import { parseXapiStatement } from './xapi-statement.ts'

/** An event out of a file, with what the file says about its way here. */
export interface GivenEvent {
  readonly event: LearningEvent
  /** SHA-256 of the JCS of its document, computed and not believed. */
  readonly digest: Hex
  /** Of an export: whose history it is part of, when it was received, and when rules looked at it first. */
  readonly exported?: {
    readonly id: EventId
    readonly subjectId: SubjectId
    /** How it is theirs: `event.actor`, and paths by which it names them. Exports of before did not say: the former. */
    readonly recipients?: readonly string[]
    readonly receivedAt: Instant
    readonly evaluatedAt: Instant | undefined
  }
}

/** Where in the files, and what is at fault there. */
export interface GivenFault extends Omit<EventFault, 'code'> {
  readonly code: string
}

export type EventReading =
  | { readonly ok: true; readonly events: readonly GivenEvent[] }
  | { readonly ok: false; readonly faults: readonly GivenFault[] }

export interface GivenOptions {
  readonly sha256: Hash
  /** The source of xAPI statements that name no authority: by digest, and of all others. */
  readonly sourceOf?: (digest: Hex) => string | undefined
}

const LIMITS: JsonLimits = { maxBytes: 100_000_000, maxDepth: 64, maxNodes: 10_000_000, maxKeys: 10_000_000 }

/**
 * Reads a file of events: JSON or JSON lines of CloudEvents, xAPI statements, or what `GET /v1/subjects/{id}/events`
 * gives, also mixed, also as pages. Refuses the file whole and names each fault. Linear in its size.
 */
export function readGivenEvents(bytes: Uint8Array, options: GivenOptions): EventReading {
  const values = readValues(bytes)
  if ('fault' in values) return { ok: false, faults: [values.fault] }
  const events: GivenEvent[] = []
  const faults: GivenFault[] = []
  for (const [path, value] of values.items) {
    const read = readGiven(value, options)
    if ('faults' in read) {
      for (const fault of read.faults) faults.push({ ...fault, path: `${path}${fault.path}` })
      if (faults.length > 50) break
    } else events.push(read)
  }
  return faults.length === 0 ? { ok: true, events } : { ok: false, faults }
}

/**
 * Gives each event its person, as the door does: whoever takes an event back, it is the history of that event's person
 * that changes. People are told apart by how their source names them.
 */
export function assignSubjects(
  events: readonly { readonly id: EventId; readonly event: LearningEvent }[],
): readonly StoredEvent[] {
  const keyOf = (source: string, sourceId: string) => JSON.stringify([source, sourceId])
  const whose = new Map(
    events.map(({ event }) => [keyOf(event.source, event.sourceId), identifierText(event.actor)]),
  )
  return events.map(({ id, event }) => {
    const voided = event.voids === undefined ? undefined : whose.get(keyOf(event.source, event.voids))
    return { ...event, id, subjectId: (voided ?? identifierText(event.actor)) as SubjectId }
  })
}

type Values =
  | { readonly items: readonly (readonly [path: string, value: Json])[] }
  | { readonly fault: GivenFault }

/** One JSON value; or else one a line. */
function readValues(bytes: Uint8Array): Values {
  const whole = parseStrictJson(bytes, LIMITS)
  if (whole.ok) return { items: flatten(whole.value, '') }
  const lines = new TextDecoder().decode(bytes).split('\n')
  const items: (readonly [string, Json])[] = []
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') continue
    const parsed = parseStrictJson(utf8(line), LIMITS)
    if (!parsed.ok) {
      const { code, detail } = lines.length === 1 || at === 0 ? whole : parsed
      return { fault: { code, path: at === 0 ? '' : `line ${at + 1}`, message: `${detail}.` } }
    }
    items.push(...flatten(parsed.value, `line ${at + 1}`))
  }
  return { items }
}

/** A list, or a page of the API, holds several. */
function flatten(value: Json, path: string): readonly (readonly [string, Json])[] {
  if (isJsonArray(value)) return value.map((item, at) => [`${path}/${at}`, item] as const)
  const items = isJsonObject(value) ? value['items'] : undefined
  if (isJsonArray(items)) return items.map((item, at) => [`${path}/items/${at}`, item] as const)
  return [[path, value]]
}

type Faulty = { readonly faults: readonly GivenFault[] }

function readGiven(value: Json, options: GivenOptions): GivenEvent | Faulty {
  if (!isJsonObject(value)) return faulty('event-shape', '', 'An event is a JSON object.')
  const { document } = value
  return typeof document === 'string' && !('specversion' in value)
    ? readExported(value, document, options)
    : readDocument(value, options)
}

function readDocument(document: JsonObject, { sha256, sourceOf }: GivenOptions): GivenEvent | Faulty {
  const digest = toHex(sha256(utf8(canonicalJson(document))))
  if (document['source'] === FACTS_SOURCE) return readFact(document, digest)
  const source = isJsonObject(document['authority']) ? undefined : sourceOf?.(digest)
  const parsed =
    'specversion' in document
      ? parseCloudEvent(document)
      : parseXapiStatement(document, source === undefined ? {} : { source })
  return parsed.ok ? { event: parsed.event, digest } : parsed
}

/** A fact that we ourselves have said: nobody sent it, and its document is the event as rules see it (ADR 0022). */
function readFact(document: JsonObject, digest: Hex): GivenEvent | Faulty {
  const { sourceId, type, time, actor, data } = document
  const isWhole =
    typeof sourceId === 'string' &&
    typeof type === 'string' &&
    typeof time === 'number' &&
    isJsonObject(actor) &&
    typeof actor['type'] === 'string' &&
    typeof actor['value'] === 'string' &&
    isJsonObject(data)
  return isWhole
    ? { event: document as unknown as LearningEvent, digest }
    : faulty('event-shape', '', 'A fact has sourceId, type, time, actor and data.')
}

/** An item of the export: the document as text, and what the server knew of it. */
function readExported(item: JsonObject, text: string, options: GivenOptions): GivenEvent | Faulty {
  const { id, subjectId, source, recipients } = item
  const receivedAt = momentOf(item['receivedAt'])
  if (typeof id !== 'string' || typeof subjectId !== 'string' || typeof source !== 'string')
    return faulty('event-shape', '', 'An exported event has the texts "id", "subjectId" and "source".')
  if (receivedAt === undefined)
    return faulty('event-time-invalid', '/receivedAt', 'An exported event says when it was received.')
  if (recipients !== undefined && !isTexts(recipients))
    return faulty('event-shape', '/recipients', 'How an event is somebody’s is a list of texts.')
  const parsed = parseStrictJson(utf8(text), LIMITS)
  if (!parsed.ok || !isJsonObject(parsed.value))
    return faulty('event-shape', '/document', 'The document of an exported event is a JSON object as text.')
  const read = readDocument(parsed.value, { ...options, sourceOf: () => source })
  if ('faults' in read) return read
  return {
    ...read,
    exported: {
      id: id as EventId,
      subjectId: subjectId as SubjectId,
      ...(recipients === undefined ? {} : { recipients }),
      receivedAt,
      evaluatedAt: momentOf(item['evaluatedAt']),
    },
  }
}

const isTexts = (value: Json): value is readonly string[] =>
  isJsonArray(value) && value.every((each) => typeof each === 'string')

const momentOf = (value: Json | undefined): Instant | undefined =>
  typeof value === 'string' ? parseInstant(value) : undefined

const faulty = (code: string, path: string, message: string): Faulty => ({
  faults: [{ code, path, message }],
})
