import { parseInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { isJsonObject } from '#engine/shared/json.ts'
import {
  createEventReader,
  EVENT_LIMITS,
  type EventLimits,
  type EventReader,
  isWithinLimits,
  own,
  type ParsedEvent,
  strangerPath,
  without,
} from './event-reader.ts'
import { readScore, readSeconds } from './event-result.ts'
import { shortEventType } from './event-vocabulary.ts'
import { type Identifier, parseIdentifier } from './identifier.ts'
import { readAgent } from './xapi-agent.ts'

const ATTRIBUTES = [
  'specversion',
  'id',
  'source',
  'type',
  'time',
  'subject',
  'datacontenttype',
  'dataschema',
  'data',
]
const READ_FROM_DATA = [
  'actor',
  'activity',
  'activityType',
  'score',
  'success',
  'completion',
  'duration',
  'voids',
]

/**
 * Reads a CloudEvent 1.0 in its JSON format (structured mode; one item of a batch).
 *
 * The person is `data.actor` (an identifier or an xAPI agent) or else `subject`. Of an object in `data` the members
 * activity, activityType, score, success, completion, duration and voids get their own fields; the rest is `event.data`,
 * with extension attributes under `extensions`. `time` must be there: rules go by event time. One of type `voided` that
 * names nothing in `data.voids` is refused, as it would do nothing.
 */
export function parseCloudEvent(value: JsonObject, limits: EventLimits = EVENT_LIMITS): ParsedEvent {
  const reader = createEventReader()
  if (!isWithinLimits(value, limits)) {
    reader.fault('event-too-large', '', 'The event is nested too deeply or has too many values.')
    return { ok: false, faults: reader.faults }
  }
  if (own(value, 'specversion') !== '1.0')
    reader.fault('event-spec-version', '/specversion', 'The event says "specversion": "1.0".')
  const sourceId = reader.key(value, 'id', '')
  const source = readSource(reader, value)
  const type = reader.text(value, 'type', '')
  const time = readTime(reader, value, 'time')
  const extensions = readExtensions(reader, value)
  const given = own(value, 'data') ?? null
  const data: JsonObject = isJsonObject(given) ? given : given === null ? {} : { value: given }
  const actor = readPerson(reader, value, data, source)
  const details = readDetails(reader, data)
  const shortType = type === undefined ? undefined : shortEventType(type)
  if (shortType === 'voided' && own(data, 'voids') === undefined)
    reader.fault('event-void-target', '/data/voids', 'Name the id of the event that is taken back.')
  if (reader.faults.length > 0 || sourceId === undefined || source === undefined || shortType === undefined)
    return { ok: false, faults: reader.faults }
  if (time === undefined || actor === undefined) return { ok: false, faults: reader.faults }
  const rest = without(data, READ_FROM_DATA) ?? {}
  return {
    ok: true,
    event: {
      source,
      sourceId,
      type: shortType,
      time,
      actor,
      ...details,
      data: extensions === undefined ? rest : { ...rest, extensions },
    },
  }
}

function readSource(reader: EventReader, value: JsonObject): string | undefined {
  const source = reader.key(value, 'source', '')
  if (source === undefined || !/\s/.test(source)) return source
  return reader.fault('event-shape', '/source', 'A source is a URI reference, without white space.')
}

/** Reads a moment that must be there; shared with xAPI, which calls it `timestamp`. */
export function readTime(reader: EventReader, value: JsonObject, name: string) {
  const text = own(value, name)
  if (text === undefined)
    return reader.fault('event-time-missing', `/${name}`, 'The event does not say when it happened.')
  const time = typeof text === 'string' ? parseInstant(text) : undefined
  return (
    time ?? reader.fault('event-time-invalid', `/${name}`, 'Write a date-time with its zone, as in RFC 3339.')
  )
}

function readExtensions(reader: EventReader, value: JsonObject): JsonObject | undefined {
  if (own(value, 'data_base64') !== undefined)
    reader.fault('event-binary-data', '/data_base64', 'Send JSON in "data".')
  const contentType = reader.optionalText(value, 'datacontenttype', '')
  if (contentType !== undefined && !/^[^;]*[/+]json\s*(?:;|$)/i.test(contentType))
    reader.fault('event-binary-data', '/datacontenttype', 'The data of a learning event is JSON.')
  reader.optionalText(value, 'dataschema', '')
  const extensions = without(value, [...ATTRIBUTES, 'data_base64'])
  for (const [name, attribute] of Object.entries(extensions ?? {})) {
    const path = strangerPath(name)
    if (!/^[a-z0-9]{1,64}$/.test(name))
      reader.fault('event-attribute-name', path, 'Attribute names are lower-case letters and digits.')
    else if (typeof attribute === 'object' && attribute !== null)
      reader.fault('event-shape', path, 'An extension attribute is a text, a number or true or false.')
  }
  return extensions
}

function readPerson(
  reader: EventReader,
  value: JsonObject,
  data: JsonObject,
  source: string | undefined,
): Identifier | undefined {
  const actor = own(data, 'actor')
  if (isJsonObject(actor)) return readAgent(reader, actor, '/data/actor')
  const path = actor === undefined ? '/subject' : '/data/actor'
  const name: Json | undefined = actor ?? own(value, 'subject')
  if (name === undefined)
    return reader.fault('event-person-missing', path, 'Name the person in "subject" or "data.actor".')
  const person = typeof name === 'string' ? parseIdentifier(name, source) : undefined
  return (
    person ??
    reader.fault('event-person-invalid', path, 'This names no person: use mailto:, eppn:, did: or id:.')
  )
}

function readDetails(reader: EventReader, data: JsonObject) {
  const path = '/data'
  const activity = own(data, 'activity')
  const { id, type } = isJsonObject(activity)
    ? {
        id: reader.text(activity, 'id', `${path}/activity`),
        type: reader.optionalText(activity, 'type', `${path}/activity`),
      }
    : {
        id: reader.optionalText(data, 'activity', path),
        type: reader.optionalText(data, 'activityType', path),
      }
  const score = readScore(reader, own(data, 'score'), `${path}/score`)
  const success = reader.optionalBoolean(data, 'success', path)
  const completion = reader.optionalBoolean(data, 'completion', path)
  const duration = readSeconds(reader, own(data, 'duration'), `${path}/duration`)
  const voids = reader.optionalText(data, 'voids', path)
  return {
    ...(id === undefined ? {} : { activity: id }),
    ...(type === undefined ? {} : { activityType: type }),
    ...(score === undefined ? {} : { score }),
    ...(success === undefined ? {} : { success }),
    ...(completion === undefined ? {} : { completion }),
    ...(duration === undefined ? {} : { duration }),
    ...(voids === undefined ? {} : { voids }),
  }
}
