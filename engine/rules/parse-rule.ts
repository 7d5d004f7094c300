import { parseDuration } from '#engine/shared/duration.ts'
import { parseInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { isJsonObject } from '#engine/shared/json.ts'
import { readNode } from './read-rule-node.ts'
import type { AchievementRef, ResolvedRule, RuleDocument, RuleFault } from './rule-document.ts'
import { RESOLVED_RULE_SCHEMA, RULE_SCHEMA } from './rule-document.ts'
import { createRuleReader, type RuleReader } from './rule-reader.ts'

export type Parsed<T> =
  | { readonly ok: true; readonly document: T }
  | { readonly ok: false; readonly faults: readonly RuleFault[] }

/**
 * Reads the shape of a rule document: every member known, every value of its type, one operator a node.
 * Whether it makes sense is for `checkRule`. Bounded: gives up after 200 parts or 50 faults.
 */
export function parseRule(value: Json): Parsed<RuleDocument> {
  const reader = createRuleReader()
  const document = readDocument(reader, value, RULE_SCHEMA, readSlug, readNotBefore)
  return document === undefined || reader.faults.length > 0
    ? { ok: false, faults: reader.faults }
    : { ok: true, document: document as unknown as RuleDocument }
}

/** Reads a resolved rule back from the bytes that were stored and digested at its activation. */
export function parseResolvedRule(value: Json): Parsed<ResolvedRule> {
  const reader = createRuleReader()
  const document = readDocument(reader, value, RESOLVED_RULE_SCHEMA, readReference, readMoment)
  return document === undefined || reader.faults.length > 0
    ? { ok: false, faults: reader.faults }
    : { ok: true, document: document as unknown as ResolvedRule }
}

type ReadValue = (reader: RuleReader, value: Json, path: string) => undefined

const UNSUPPORTED_MEMBERS = [
  'cohort',
  'deadline',
  'limits',
  'onePerPerson',
  'onFalse',
  'renewal',
  'results',
  'evidence',
  'penalty',
]

const MEMBERS = [
  'schema',
  'achievement',
  'occurrence',
  'recipient',
  'when',
  'name',
  'description',
  'notBefore',
  'allowedLateness',
  'mode',
  'gate',
  'onRetract',
]

/** Checks in place: where nothing is at fault, the value *is* the document. */
function readDocument(
  reader: RuleReader,
  value: Json,
  schema: string,
  readAchievement: ReadValue,
  readStart: ReadValue,
): Json | undefined {
  if (!isJsonObject(value)) {
    reader.fault('rule-shape', '', 'A rule is a JSON object.')
    return undefined
  }
  reader.members(value, '', MEMBERS, UNSUPPORTED_MEMBERS)
  if (value['schema'] !== schema)
    reader.fault('rule-schema-unknown', '/schema', `The document says "schema": "${schema}".`)
  reader.required(value, '', ['achievement', 'occurrence', 'recipient', 'when'])
  const read = (name: string, reading: ReadValue) => {
    const member = reader.member(value, name)
    if (member !== undefined) reading(reader, member, `/${name}`)
  }
  read('achievement', readAchievement)
  read('occurrence', readOccurrence)
  read('recipient', readRecipient)
  read('name', (_, texts, path) => reader.texts(texts, path))
  read('description', (_, texts, path) => reader.texts(texts, path))
  read('notBefore', readStart)
  read('allowedLateness', (_, duration, path) => reader.duration(duration, path))
  read('mode', readMode)
  read('gate', readGate)
  read('onRetract', (_, choice, path) => reader.oneOf(choice, path, ['keep', 'review', 'revoke']))
  read('when', (_, node, path) => readNode(reader, node, path, readAchievement))
  return value
}

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/

function readSlug(reader: RuleReader, value: Json, path: string): undefined {
  if (typeof value !== 'string' || !SLUG.test(value))
    reader.fault(
      'rule-shape',
      path,
      'An achievement is named by its slug: lower-case letters, digits and hyphens.',
    )
}

function readReference(reader: RuleReader, value: Json, path: string): undefined {
  const members: readonly (keyof AchievementRef)[] = ['slug', 'id', 'version', 'digest']
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'A resolved achievement is an object.')
  reader.members(value, path, members)
  reader.required(value, path, members)
  for (const name of members) {
    const member = reader.member(value, name)
    if (member !== undefined && typeof member !== 'string')
      reader.fault('rule-shape', `${path}/${name}`, 'A text is wanted.')
  }
}

function readNotBefore(reader: RuleReader, value: Json, path: string): undefined {
  if (typeof value !== 'string') return reader.fault('rule-shape', path, 'A text is wanted.')
  const isAgo = value.startsWith('-P') && parseDuration(value.slice(1)) !== undefined
  if (!isAgo && parseInstant(value) === undefined)
    reader.fault(
      'rule-duration-invalid',
      path,
      'Write a date-time with its zone, or how long before the activation: -P1Y.',
    )
}

function readMoment(reader: RuleReader, value: Json, path: string): undefined {
  if (typeof value !== 'string' || parseInstant(value) === undefined)
    reader.fault('rule-shape', path, 'A date-time with its zone is wanted.')
}

function readOccurrence(reader: RuleReader, value: Json, path: string): undefined {
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'Write { "kind": "once" }.')
  const kind = reader.member(value, 'kind')
  if (kind === 'period' || kind === 'context' || kind === 'unlimited')
    return reader.fault(
      'rule-operator-unsupported',
      `${path}/kind`,
      `The occurrence "${kind}" is not available yet.`,
    )
  reader.members(value, path, ['kind'])
  if (kind !== 'once') reader.fault('rule-shape', `${path}/kind`, 'The occurrence is "once".')
}

function readRecipient(reader: RuleReader, value: Json, path: string): undefined {
  if (value === 'event.actor') return
  if (typeof value === 'string' && value.startsWith('event.'))
    reader.fault(
      'rule-operator-unsupported',
      path,
      'Other recipients than "event.actor" are not available yet.',
    )
  else reader.fault('rule-shape', path, 'The recipient is "event.actor".')
}

function readMode(reader: RuleReader, value: Json, path: string): undefined {
  if (value === 'suggest')
    reader.fault('rule-operator-unsupported', path, 'The mode "suggest" is not available yet.')
  else reader.oneOf(value, path, ['auto', 'review'])
}

function readGate(reader: RuleReader, value: Json, path: string): undefined {
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'A gate is an object.')
  reader.members(value, path, ['approval'], ['endorsement', 'code'])
  const approval = reader.member(value, 'approval')
  if (approval === undefined) {
    if (Object.keys(value).length === 0)
      reader.fault('rule-member-missing', `${path}/approval`, 'The gate says nothing.')
    return
  }
  if (!isJsonObject(approval))
    return reader.fault('rule-shape', `${path}/approval`, 'An approval is an object.')
  readApproval(reader, approval, `${path}/approval`)
}

function readApproval(reader: RuleReader, value: JsonObject, path: string): undefined {
  reader.members(value, path, ['right', 'quorum'])
  reader.required(value, path, ['right', 'quorum'])
  const right = reader.member(value, 'right')
  const quorum = reader.member(value, 'quorum')
  if (right !== undefined) reader.oneOf(right, `${path}/right`, ['award'])
  if (quorum !== undefined) reader.wholeNumber(quorum, `${path}/quorum`, 100)
}
