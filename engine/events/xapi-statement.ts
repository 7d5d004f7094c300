import { isUuid } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { isJsonObject } from '#engine/shared/json.ts'
import { readTime } from './cloud-event.ts'
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
import { readAgent } from './xapi-agent.ts'

/** Every member that a statement may have (xAPI 1.0.3, part two, section 2.4; the same in xAPI 2.0). */
const MEMBERS = [
  'id',
  'actor',
  'verb',
  'object',
  'result',
  'context',
  'timestamp',
  'stored',
  'authority',
  'version',
  'attachments',
]

export interface XapiOptions {
  /**
   * The URI of the source that sends the statement. Given by the door, since who sends it is known there;
   * without it, the home page of the authority's account or the authority's openid is taken.
   */
  readonly source?: string
  readonly limits?: EventLimits
}

/**
 * Reads an xAPI statement (1.0.x and 2.0).
 *
 * Unlike an LRS this asks for `id` and `timestamp`: without an id a repeated statement would count twice, and rules go
 * by event time. Like one it refuses members that xAPI does not define (`event-member-unknown`). What it says of other
 * people (authority, instructor, team) does not reach `event.data`.
 */
export function parseXapiStatement(value: JsonObject, options: XapiOptions = {}): ParsedEvent {
  const reader = createEventReader()
  if (!isWithinLimits(value, options.limits ?? EVENT_LIMITS)) {
    reader.fault('event-too-large', '', 'The statement is nested too deeply or has too many values.')
    return { ok: false, faults: reader.faults }
  }
  for (const name of Object.keys(without(value, MEMBERS) ?? {}))
    reader.fault('event-member-unknown', strangerPath(name), 'xAPI has no such member of a statement.')
  readVersion(reader, value)
  const sourceId = readId(reader, value)
  const source = options.source ?? readAuthority(reader, value)
  const time = readTime(reader, value, 'timestamp')
  const actorObject = reader.optionalObject(value, 'actor', '')
  if (own(value, 'actor') === undefined) reader.fault('event-person-missing', '/actor', '"actor" is missing.')
  const actor = actorObject && readAgent(reader, actorObject, '/actor')
  const verbObject = reader.optionalObject(value, 'verb', '')
  if (own(value, 'verb') === undefined) reader.fault('event-member-missing', '/verb', '"verb" is missing.')
  const verb = verbObject && reader.text(verbObject, 'id', '/verb')
  const type = verb === undefined ? undefined : shortEventType(verb)
  const object = readObject(reader, value, type === 'voided')
  const result = readResult(reader, reader.optionalObject(value, 'result', '') ?? {})
  if (reader.faults.length > 0 || sourceId === undefined || source === undefined || time === undefined)
    return { ok: false, faults: reader.faults }
  if (actor === undefined || type === undefined) return { ok: false, faults: reader.faults }
  return {
    ok: true,
    event: { source, sourceId, type, time, actor, ...object, ...result, data: dataOf(value, verb ?? type) },
  }
}

function readVersion(reader: EventReader, value: JsonObject): void {
  const version = own(value, 'version')
  if (version !== undefined && !(typeof version === 'string' && /^(?:1\.0|2\.0)(?:\.\d+)?$/.test(version)))
    reader.fault('event-spec-version', '/version', 'xAPI 1.0 and 2.0 are read.')
}

function readId(reader: EventReader, value: JsonObject): string | undefined {
  const id = reader.text(value, 'id', '')?.toLowerCase()
  if (id === undefined || isUuid(id)) return id
  return reader.fault('event-shape', '/id', 'The id of a statement is a UUID.')
}

function readAuthority(reader: EventReader, value: JsonObject): string | undefined {
  const authority = reader.optionalObject(value, 'authority', '')
  const account = authority && own(authority, 'account')
  const [holder, name, path] = isJsonObject(account)
    ? ([account, 'homePage', '/authority/account'] as const)
    : ([authority ?? {}, 'openid', '/authority'] as const)
  if (own(holder, name) === undefined)
    return reader.fault(
      'event-member-missing',
      '/authority',
      'Nothing says which system sends the statement.',
    )
  const source = reader.key(holder, name, path)
  if (source === undefined || !/\s/.test(source)) return source
  return reader.fault('event-shape', `${path}/${name}`, 'A source is a URI, without white space.')
}

function readObject(reader: EventReader, value: JsonObject, isVoiding: boolean) {
  const object = reader.optionalObject(value, 'object', '')
  if (object === undefined) {
    if (own(value, 'object') === undefined)
      reader.fault('event-member-missing', '/object', '"object" is missing.')
    return {}
  }
  const objectType = own(object, 'objectType') ?? 'Activity'
  if (isVoiding) {
    if (objectType !== 'StatementRef')
      reader.fault('event-void-target', '/object', 'A voiding statement has a StatementRef as its object.')
    const target = reader.text(object, 'id', '/object')?.toLowerCase()
    return target === undefined ? {} : { voids: target }
  }
  if (objectType !== 'Activity') return {}
  const activity = reader.text(object, 'id', '/object')
  const definition = reader.optionalObject(object, 'definition', '/object')
  const activityType = definition && reader.optionalText(definition, 'type', '/object/definition')
  return {
    ...(activity === undefined ? {} : { activity }),
    ...(activityType === undefined ? {} : { activityType }),
  }
}

function readResult(reader: EventReader, result: JsonObject) {
  const score = readScore(reader, reader.optionalObject(result, 'score', '/result'), '/result/score')
  const success = reader.optionalBoolean(result, 'success', '/result')
  const completion = reader.optionalBoolean(result, 'completion', '/result')
  const duration = readSeconds(reader, own(result, 'duration'), '/result/duration')
  return {
    ...(score === undefined ? {} : { score }),
    ...(success === undefined ? {} : { success }),
    ...(completion === undefined ? {} : { completion }),
    ...(duration === undefined ? {} : { duration }),
  }
}

/** What is left for predicates, without the people in it. */
function dataOf(value: JsonObject, verb: string): JsonObject {
  const context = own(value, 'context')
  const object = own(value, 'object')
  const kept = {
    verb,
    object: isJsonObject(object) ? definitionOf(object) : undefined,
    result: own(value, 'result'),
    context: isJsonObject(context)
      ? without(context, ['instructor', 'team', 'contextAgents', 'contextGroups'])
      : undefined,
  }
  return Object.fromEntries(
    Object.entries(kept).flatMap(([name, part]) => (part === undefined ? [] : [[name, part]])),
  )
}

function definitionOf(object: JsonObject): JsonObject | undefined {
  const definition = own(object, 'definition')
  return isJsonObject(definition) ? { definition } : undefined
}
