import type { IncomingHttpHeaders } from 'node:http'
import type { ReadBody } from '#api/http/body-reader.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { RequestFault } from '#engine/errors/common-errors.ts'
import { parseCloudEvent } from '#engine/events/cloud-event.ts'
import type { EventFault } from '#engine/events/event-faults.ts'
import { parseXapiStatement } from '#engine/events/xapi-statement.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { IncomingEvent } from '#services/events/ingest-events.ts'

export const EVENTS_PER_BATCH = 1000

/**
 * Reads what a source sends: one CloudEvent or xAPI statement, an array of up to 1,000 of them (also mixed), or a
 * CloudEvent in binary mode (`ce-…` headers, the data as body). All or none: one fault refuses the whole batch with
 * `event-invalid`, each fault with its code and its place. `sender` names a source that does not name itself.
 */
export function readIncomingEvents(
  body: ReadBody,
  headers: IncomingHttpHeaders,
  sender: string,
): readonly IncomingEvent[] {
  if (headers['ce-specversion'] !== undefined) {
    const event = binaryEvent(body, headers)
    // The headers are half of the event: kept is what was digested, in the one form that can be read again.
    const whole = { ...body, bytes: utf8(canonicalJson(event)), mediaType: 'application/cloudevents+json' }
    return readAll([event], whole, sender)
  }
  const { json } = body
  if (!isJsonArray(json)) return readAll([json ?? null], body, sender)
  if (json.length === 0)
    throw invalid({ code: 'empty-batch', pointer: '', message: 'a batch holds at least one event' })
  if (json.length > EVENTS_PER_BATCH)
    throw invalid({
      code: 'batch-too-large',
      pointer: '',
      message: `a batch holds at most ${EVENTS_PER_BATCH} events`,
    })
  return readAll(json, undefined, sender)
}

/** `single` is the body when it holds one event: its bytes are kept as they came. */
function readAll(
  items: readonly Json[],
  single: ReadBody | undefined,
  sender: string,
): readonly IncomingEvent[] {
  const incoming: IncomingEvent[] = []
  const faults: EventFault[] = []
  for (const [index, item] of items.entries()) {
    const place = single === undefined ? `/${index}` : ''
    if (!isJsonObject(item))
      throw invalid({ code: 'not-an-object', pointer: place, message: 'an event is an object' })
    const parsed = 'specversion' in item ? parseCloudEvent(item) : readStatement(item, sender)
    if (!parsed.ok) {
      for (const fault of parsed.faults.slice(0, 20)) faults.push({ ...fault, path: `${place}${fault.path}` })
      if (faults.length >= 100) break
      continue
    }
    incoming.push({
      event: parsed.event,
      document: item,
      mediaType: single?.mediaType ?? 'application/json',
      ...(single === undefined ? {} : { bytes: single.bytes }),
    })
  }
  if (faults.length > 0) throw errors.eventInvalid({ faults })
  return incoming
}

/** A statement without an authority is taken to come from whoever sends it. */
function readStatement(item: JsonObject, sender: string) {
  const authority = item['authority']
  return parseXapiStatement(item, isJsonObject(authority) ? {} : { source: sender })
}

/** CloudEvents 1.0, HTTP binding, binary mode: attributes as headers (percent-encoded), the data as body. */
function binaryEvent(body: ReadBody, headers: IncomingHttpHeaders): JsonObject {
  const event: Record<string, Json> = Object.create(null) as Record<string, Json>
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('ce-') || typeof value !== 'string') continue
    event[name.slice(3)] = decode(value, name)
  }
  if (body.json !== undefined) event['data'] = body.json
  if (body.mediaType !== '') event['datacontenttype'] = body.mediaType
  return event
}

function decode(value: string, name: string): string {
  const decoded = decodeUtf8(value)
  // As in JSON: no text of ours holds a NUL.
  if (decoded !== undefined && !decoded.includes('\0')) return decoded
  throw errors.invalidRequest({
    errors: [
      {
        in: 'header',
        pointer: `/${name}`,
        code: 'invalid-encoding',
        message: 'is not percent-encoded UTF-8 without NUL',
      },
    ],
  })
}

function decodeUtf8(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}

const invalid = (fault: Omit<RequestFault, 'in'>) =>
  errors.invalidRequest({ errors: [{ in: 'body', ...fault }] })
