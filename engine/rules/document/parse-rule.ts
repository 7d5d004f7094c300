import { parseDuration } from '#engine/shared/duration.ts'
import { parseInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { isJsonArray, isJsonObject } from '#engine/shared/json.ts'
import { readMembers, readNode } from './read-rule-node.ts'
import type { AchievementRef, ResolvedRule, RuleDocument, RuleFault } from './rule-document.ts'
import { RESOLVED_RULE_SCHEMA, RULE_SCHEMA } from './rule-document.ts'
import { createRuleReader, RULE_LIMITS, type RuleReader } from './rule-reader.ts'

export type Parsed<T> =
  | { readonly ok: true; readonly document: T }
  | { readonly ok: false; readonly faults: readonly RuleFault[] }

/**
 * Reads the shape of a rule document: every member known, every value of its type, one operator a node.
 * Whether it makes sense is for `checkRule`. Bounded: gives up after 200 parts or 50 faults.
 */
export function parseRule(value: Json): Parsed<RuleDocument> {
  const reader = createRuleReader()
  const document = readDocument(reader, value, {
    schema: RULE_SCHEMA,
    readAchievement: readSlug,
    readStart: readNotBefore,
    readEnd: readDeadline,
  })
  return document === undefined || reader.faults.length > 0
    ? { ok: false, faults: reader.faults }
    : { ok: true, document: document as unknown as RuleDocument }
}

/** Reads a resolved rule back from the bytes that were stored and digested at its activation. */
export function parseResolvedRule(value: Json): Parsed<ResolvedRule> {
  const reader = createRuleReader()
  const document = readDocument(reader, value, {
    schema: RESOLVED_RULE_SCHEMA,
    readAchievement: readReference,
    readStart: readMoment,
    readEnd: readMoment,
  })
  return document === undefined || reader.faults.length > 0
    ? { ok: false, faults: reader.faults }
    : { ok: true, document: document as unknown as ResolvedRule }
}

type ReadValue = (reader: RuleReader, value: Json, path: string) => undefined

/** The author's form has slugs and relative moments, the resolved one references and moments. */
interface Form {
  readonly schema: string
  readonly readAchievement: ReadValue
  readonly readStart: ReadValue
  readonly readEnd: ReadValue
}

/** Checks in place: where nothing is at fault, the value *is* the document. */
function readDocument(
  reader: RuleReader,
  value: Json,
  { schema, readAchievement, readStart, readEnd }: Form,
): Json | undefined {
  if (!isJsonObject(value)) {
    reader.fault('rule-shape', '', 'A rule is a JSON object.')
    return undefined
  }
  const members: Readonly<Record<string, ReadValue>> = {
    schema: (_, name) => {
      if (name !== schema)
        reader.fault('rule-schema-unknown', '/schema', `The document says "schema": "${schema}".`)
    },
    achievement: readAchievement,
    occurrence: readOccurrence,
    recipient: readRecipient,
    name: (_, texts, path) => reader.texts(texts, path),
    description: (_, texts, path) => reader.texts(texts, path),
    notBefore: readStart,
    deadline: readEnd,
    cohort: (_, slug, path) => reader.slug(slug, path),
    allowedLateness: (_, duration, path) => reader.duration(duration, path),
    penalty: readPenalties,
    mode: (_, choice, path) => reader.oneOf(choice, path, ['auto', 'review', 'suggest']),
    gate: readGate,
    limits: readLimits,
    onePerPerson: readTruth,
    onRetract: (_, choice, path) => reader.oneOf(choice, path, ['keep', 'review', 'revoke']),
    onFalse: (_, choice, path) => reader.oneOf(choice, path, ['ignore', 'notify']),
    renewal: readRenewal,
    results: readResults,
    evidence: (_, id, path) => readPartId(reader, id, path),
    when: (_, node, path) => readNode(reader, node, path, readAchievement),
  }
  readMembers(reader, value, '', members, ['schema', 'achievement', 'occurrence', 'recipient', 'when'])
  return value
}

function readSlug(reader: RuleReader, value: Json, path: string): undefined {
  reader.slug(value, path)
}

function readTruth(reader: RuleReader, value: Json, path: string): undefined {
  if (typeof value !== 'boolean') reader.fault('rule-shape', path, 'true or false is wanted.')
}

const PART_ID = /^[A-Za-z][\w-]{0,63}$/

function readPartId(reader: RuleReader, value: Json, path: string): undefined {
  if (typeof value !== 'string' || !PART_ID.test(value))
    reader.fault('rule-shape', path, 'The id of a part of the rule is wanted.')
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

function readDeadline(reader: RuleReader, value: Json, path: string): undefined {
  if (typeof value !== 'string') return reader.fault('rule-shape', path, 'A text is wanted.')
  if (parseDuration(value) === undefined && parseInstant(value) === undefined)
    reader.fault(
      'rule-duration-invalid',
      path,
      'Write a date-time with its zone, or how long after the activation: P1Y.',
    )
}

function readMoment(reader: RuleReader, value: Json, path: string): undefined {
  reader.moment(value, path)
}

function readOccurrence(reader: RuleReader, value: Json, path: string): undefined {
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'Write { "kind": "once" }.')
  const kind = reader.member(value, 'kind')
  const kindOnly: ReadValue = (_, choice, at) =>
    reader.oneOf(choice, at, ['once', 'period', 'context', 'unlimited'])
  if (kind === 'period')
    return readMembers(
      reader,
      value,
      path,
      {
        kind: kindOnly,
        unit: (_, unit, at) => reader.unit(unit, at),
        zone: (_, zone, at) => reader.zone(zone, at),
      },
      ['unit', 'zone'],
    )
  if (kind === 'context')
    return readMembers(reader, value, path, { kind: kindOnly, by: readExpression }, ['by'])
  readMembers(reader, value, path, { kind: kindOnly }, ['kind'])
}

function readExpression(reader: RuleReader, value: Json, path: string): undefined {
  if (typeof value !== 'string') reader.fault('rule-shape', path, 'An expression is a text.')
}

const RECIPIENT = /^event\.(?:actor|data(?:\.[A-Za-z_][\w-]{0,63}){1,8})$/

function readRecipient(reader: RuleReader, value: Json, path: string): undefined {
  if (typeof value !== 'string' || !RECIPIENT.test(value))
    reader.fault(
      'rule-shape',
      path,
      'The recipient is "event.actor", or where the event names people: "event.data.team.members".',
    )
}

function readPenalties(reader: RuleReader, value: Json, path: string): undefined {
  if (!isJsonArray(value)) return reader.fault('rule-shape', path, 'A list of penalties is wanted.')
  if (value.length === 0) return reader.fault('rule-group-empty', path, 'There is no penalty in the list.')
  if (value.length > RULE_LIMITS.penalties)
    return reader.fault('rule-too-large', path, `A rule has at most ${RULE_LIMITS.penalties} penalties.`)
  value.forEach((penalty, index) => {
    const at = `${path}/${index}`
    if (!isJsonObject(penalty)) {
      reader.fault('rule-shape', at, 'A penalty is an object.')
      return
    }
    readMembers(reader, penalty, at, { where: readExpression, resets: readPartIds }, ['where', 'resets'])
  })
}

function readPartIds(reader: RuleReader, value: Json, path: string): undefined {
  if (!isJsonArray(value)) return reader.fault('rule-shape', path, 'A list of ids is wanted.')
  if (value.length === 0) return reader.fault('rule-group-empty', path, 'Nothing is named.')
  if (value.length > RULE_LIMITS.nodes)
    return reader.fault('rule-too-large', path, `At most ${RULE_LIMITS.nodes} parts can be named.`)
  value.forEach((id, index) => {
    readPartId(reader, id, `${path}/${index}`)
  })
}

function readGate(reader: RuleReader, value: Json, path: string): undefined {
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'A gate is an object.')
  if (Object.keys(value).length === 0)
    reader.fault('rule-member-missing', `${path}/approval`, 'The gate says nothing.')
  readMembers(reader, value, path, {
    approval: readApproval,
    endorsement: readEndorsement,
    code: (_, slug, at) => reader.slug(slug, at),
  })
}

function readApproval(reader: RuleReader, value: Json, path: string): undefined {
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'An approval is an object.')
  readMembers(
    reader,
    value,
    path,
    {
      right: (_, right, at) => reader.oneOf(right, at, ['award']),
      quorum: (_, quorum, at) => reader.wholeNumber(quorum, at, 100),
      fourEyes: readTruth,
    },
    ['right', 'quorum'],
  )
}

function readEndorsement(reader: RuleReader, value: Json, path: string): undefined {
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'Write { "quorum": 2, "of": [ … ] }.')
  readMembers(
    reader,
    value,
    path,
    { quorum: (_, quorum, at) => reader.wholeNumber(quorum, at, RULE_LIMITS.endorsers), of: readDids },
    ['quorum', 'of'],
  )
}

const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/

function readDids(reader: RuleReader, value: Json, path: string): undefined {
  if (!isJsonArray(value)) return reader.fault('rule-shape', path, 'A list of DIDs is wanted.')
  if (value.length === 0) return reader.fault('rule-group-empty', path, 'Nobody is named.')
  if (value.length > RULE_LIMITS.endorsers)
    return reader.fault('rule-too-large', path, `At most ${RULE_LIMITS.endorsers} endorsers can be named.`)
  value.forEach((did, index) => {
    if (typeof did !== 'string' || did.length > 500 || !DID.test(did))
      reader.fault('rule-shape', `${path}/${index}`, 'A DID is wanted: did:web:example.org.')
    else if (value.indexOf(did) !== index)
      reader.fault('rule-shape', `${path}/${index}`, 'The same endorser stands twice.')
  })
}

function readLimits(reader: RuleReader, value: Json, path: string): undefined {
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'Write { "cap": 100 }.')
  if (Object.keys(value).length === 0)
    reader.fault('rule-member-missing', `${path}/cap`, 'The limits say nothing.')
  readMembers(reader, value, path, {
    cap: (_, cap, at) => reader.wholeNumber(cap, at, 1_000_000),
    capPerPerson: (_, cap, at) => reader.wholeNumber(cap, at, RULE_LIMITS.count),
    cooldown: (_, cooldown, at) => reader.duration(cooldown, at, 1),
  })
}

function readRenewal(reader: RuleReader, value: Json, path: string): undefined {
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'Write { "before": "P60D" }.')
  readMembers(reader, value, path, { before: (_, before, at) => reader.duration(before, at) }, ['before'])
}

const RESULT_ID = /^[A-Za-z][\w-]{0,99}$/
const RESULT_PATH =
  /^[A-Za-z][\w-]{0,63}\.(?:count|sum|avg|min|max|(?:first|last|best)(?:\.[A-Za-z_]\w{0,63}){1,6})$/

function readResults(reader: RuleReader, value: Json, path: string): undefined {
  if (!isJsonArray(value)) return reader.fault('rule-shape', path, 'A list of results is wanted.')
  if (value.length === 0) return reader.fault('rule-group-empty', path, 'There is no result in the list.')
  if (value.length > RULE_LIMITS.results)
    return reader.fault('rule-too-large', path, `A rule has at most ${RULE_LIMITS.results} results.`)
  value.forEach((result, index) => {
    const at = `${path}/${index}`
    if (!isJsonObject(result)) {
      reader.fault('rule-shape', at, 'A result is an object.')
      return
    }
    readMembers(
      reader,
      result,
      at,
      {
        resultDescription: matching(RESULT_ID, 'The id of a result description is wanted.'),
        value: matching(RESULT_PATH, 'Write PART.best.score, PART.last.data.grade or PART.count.'),
      },
      ['resultDescription', 'value'],
    )
  })
}

const matching =
  (pattern: RegExp, message: string): ReadValue =>
  (reader, value, path) => {
    if (typeof value !== 'string' || !pattern.test(value)) reader.fault('rule-shape', path, message)
  }
