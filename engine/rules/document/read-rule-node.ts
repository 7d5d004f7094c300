import type { Json, JsonObject } from '#engine/shared/json.ts'
import { isJsonArray, isJsonObject } from '#engine/shared/json.ts'
import { PICKS } from '#engine/state/join-items.ts'
import { RULE_LIMITS, type RuleReader } from './rule-reader.ts'

type ReadAchievement = (reader: RuleReader, value: Json, path: string) => undefined

/** How to read one member of a part. */
type ReadMember = (reader: RuleReader, value: Json, path: string) => undefined

/** What an operator takes: its own value, the members that must and may stand beside it. */
interface OperatorShape {
  readonly operand: ReadMember
  readonly required?: Readonly<Record<string, ReadMember>>
  readonly optional?: Readonly<Record<string, ReadMember>>
}

const text = (what: string, most = 2000): ReadMember => {
  return (reader, value, path) =>
    typeof value === 'string' && value !== '' && value.length <= most
      ? undefined
      : reader.fault('rule-shape', path, `${what} is wanted: a text of at most ${most} characters.`)
}

/** What it says, and whether it is too long, is found when it is parsed. */
const expression: ReadMember = (reader, value, path) =>
  typeof value === 'string' ? undefined : reader.fault('rule-shape', path, 'An expression is a text.')
const wholeNumber =
  (most: number): ReadMember =>
  (reader, value, path) =>
    reader.wholeNumber(value, path, most)
const number: ReadMember = (reader, value, path) => reader.number(value, path)
const length: ReadMember = (reader, value, path) => reader.duration(value, path, 1)
const zone: ReadMember = (reader, value, path) => reader.zone(value, path)
const unit: ReadMember = (reader, value, path) => reader.unit(value, path)
const slug: ReadMember = (reader, value, path) => reader.slug(value, path)
const oneOf =
  (...choices: readonly string[]): ReadMember =>
  (reader, value, path) =>
    reader.oneOf(value, path, choices)

const anchor: ReadMember = (reader, value, path) => {
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'Write { "event": "enrolled" }.')
  readMembers(reader, value, path, {
    event: text('The type of an event', 500),
    where: expression,
    pick: oneOf('first', 'last'),
  })
  if (!Object.hasOwn(value, 'event') && !Object.hasOwn(value, 'where'))
    reader.fault('rule-member-missing', `${path}/event`, 'Say since which event: "event", "where" or both.')
}

const period: ReadMember = (reader, value, path) => {
  if (!isJsonObject(value))
    return reader.fault('rule-shape', path, 'Write { "unit": "month", "zone": "Europe/Amsterdam" }.')
  readMembers(reader, value, path, { unit, zone }, ['unit', 'zone'])
}

const range: ReadMember = (reader, value, path) => {
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'Write { "from": "…", "to": "…" }.')
  const moment: ReadMember = (_, member, at) => reader.moment(member, at)
  readMembers(reader, value, path, { from: moment, to: moment }, ['from', 'to'])
  const [from, to] = [reader.member(value, 'from'), reader.member(value, 'to')].map(reader.momentOf)
  if (from !== undefined && to !== undefined && from >= to)
    reader.fault('rule-range-empty', path, 'The range ends before it begins.')
}

const JOIN_NAME = /^[A-Za-z_]\w{0,63}$/

const join: ReadMember = (reader, value, path) => {
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'Write { "NAME": { "from": …, … } }.')
  const names = Object.keys(value)
  if (names.length === 0) reader.fault('rule-group-empty', path, 'Nothing is joined.')
  if (names.length > RULE_LIMITS.joins)
    return reader.fault('rule-too-large', path, `A part joins at most ${RULE_LIMITS.joins} values.`)
  for (const name of names) {
    const at = `${path}/${name.slice(0, 64)}`
    const member = reader.member(value, name)
    if (!JOIN_NAME.test(name) || name === 'constructor' || name === 'prototype')
      reader.fault('rule-shape', at, 'A name is a letter, then letters, digits or "_".')
    else if (!isJsonObject(member)) reader.fault('rule-shape', at, 'A join is an object.')
    else
      readMembers(
        reader,
        member,
        at,
        { from: expression, value: expression, on: expression, within: length, pick: oneOf(...PICKS) },
        ['from', 'value', 'on'],
      )
  }
}

const values: ReadMember = (reader, value, path) => {
  if (!isJsonArray(value)) return reader.fault('rule-shape', path, 'A list of texts is wanted.')
  if (value.length === 0) return reader.fault('rule-group-empty', path, 'The list is empty.')
  if (value.length > RULE_LIMITS.values)
    return reader.fault('rule-too-large', path, `At most ${RULE_LIMITS.values} values can be listed.`)
  const seen = new Set<Json>()
  value.forEach((item, index) => {
    if (typeof item !== 'string' || item.length > 2000)
      reader.fault('rule-shape', `${path}/${index}`, 'A text is wanted.')
    else if (seen.has(item)) reader.fault('rule-shape', `${path}/${index}`, 'The same value stands twice.')
    seen.add(item)
  })
}

const steps: ReadMember = (reader, value, path) => {
  if (!isJsonArray(value)) return reader.fault('rule-shape', path, 'A list of steps is wanted.')
  if (value.length < 2) return reader.fault('rule-group-empty', path, 'A sequence has at least two steps.')
  if (value.length > RULE_LIMITS.steps)
    return reader.fault('rule-too-large', path, `A sequence has at most ${RULE_LIMITS.steps} steps.`)
  value.forEach((step, index) => {
    const at = `${path}/${index}`
    if (!reader.countNode(at)) return
    if (!isJsonObject(step)) {
      reader.fault('rule-shape', at, 'A step is an object.')
      return
    }
    readMembers(reader, step, at, {
      event: text('The type of an event', 500),
      where: expression,
      name: (_, texts, place) => reader.texts(texts, place),
    })
    if (!Object.hasOwn(step, 'event') && !Object.hasOwn(step, 'where'))
      reader.fault('rule-member-missing', `${at}/event`, 'A step says "event", "where" or both.')
  })
}

/** The windows of which a part has at most one. */
const WINDOWS = { within: length, period, range, since: anchor }
const LOOKING = { where: expression, ...WINDOWS, join }
const SOME = { atLeast: wholeNumber(RULE_LIMITS.count) }
const threshold = { operand: number, required: { of: expression }, optional: { ...LOOKING, ...SOME } }

const LEAVES = {
  event: { operand: text('The type of an event', 500), optional: LOOKING },
  count: { operand: wholeNumber(RULE_LIMITS.count), optional: LOOKING },
  distinct: {
    operand: wholeNumber(RULE_LIMITS.count),
    required: { by: expression },
    optional: LOOKING,
  },
  distinctOf: {
    operand: wholeNumber(RULE_LIMITS.values),
    required: { by: expression, in: values },
    optional: LOOKING,
  },
  sum: { operand: number, required: { of: expression }, optional: LOOKING },
  avg: threshold,
  min: threshold,
  max: threshold,
  rate: {
    ...threshold,
    operand: (reader, value, path) => {
      if (typeof value !== 'number' || !(value > 0 && value <= 1))
        reader.fault('rule-shape', path, 'A share is more than 0 and at most 1: 0.8 for 80 %.')
    },
  },
  streak: {
    operand: wholeNumber(RULE_LIMITS.streak),
    required: { unit, zone },
    optional: { ...LOOKING, perUnit: wholeNumber(RULE_LIMITS.count) },
  },
  first: { operand: expression, optional: LOOKING },
  last: { operand: expression, optional: LOOKING },
  absence: { operand: length, optional: { where: expression, since: anchor } },
  anniversary: {
    operand: (reader, value, path) => reader.calendarDuration(value, path),
    required: { since: anchor, zone },
  },
  sequence: { operand: steps, optional: { within: length } },
  attribute: { operand: text('The name of an attribute', 200), required: { is: expression } },
  cohort: { operand: slug },
  competency: { operand: text('An item of a framework'), required: { level: number } },
  code: { operand: slug },
  nomination: { operand: wholeNumber(RULE_LIMITS.count), optional: { for: slug } },
  attested: { operand: text('The id of an on-chain rule', 200) },
} as const satisfies Readonly<Record<string, OperatorShape>>

const shapeOf = (operator: string): OperatorShape | undefined =>
  Object.hasOwn(LEAVES, operator) ? LEAVES[operator as keyof typeof LEAVES] : undefined

const OPERATORS = ['all', 'any', 'nOf', 'not', 'holds', ...Object.keys(LEAVES)]

/** Members that are operators elsewhere: `since` an `event`, the `unit` of a `streak`. They say nothing by themselves. */
const COMMON = ['id', 'name']

/** Where a node stands decides whether it may be a `not`, or must be a leaf. */
type Place = 'plain' | 'beside-positive' | 'negated'

/** Reads one part of `when` and everything below it. Counts parts and depth before it goes down. */
export function readNode(
  reader: RuleReader,
  value: Json,
  path: string,
  readAchievement: ReadAchievement,
): undefined {
  readAt(reader, value, path, readAchievement, 'plain', 1)
}

function readAt(
  reader: RuleReader,
  value: Json,
  path: string,
  readAchievement: ReadAchievement,
  place: Place,
  depth: number,
): undefined {
  if (!reader.countNode(path)) return
  if (depth > RULE_LIMITS.depth)
    return reader.fault('rule-too-deep', path, `Groups are nested at most ${RULE_LIMITS.depth} deep.`)
  if (isJsonArray(value))
    return reader.fault('rule-ambiguous', path, 'A list does not say whether all or any of it is meant.')
  if (!isJsonObject(value)) return reader.fault('rule-shape', path, 'A part of a rule is an object.')

  const operators = OPERATORS.filter((name) => Object.hasOwn(value, name))
  const [operator] = operators
  if (operator === undefined)
    return reader.fault('rule-operator-missing', path, `One of ${OPERATORS.join(', ')} is wanted.`)
  if (operators.length > 1)
    return reader.fault(
      'rule-ambiguous',
      path,
      `"${operators.join('" and "')}" stand side by side: join them by a group.`,
    )
  const shape = shapeOf(operator)
  if (place === 'negated' && shape === undefined && operator !== 'holds')
    return reader.fault(
      'rule-negative-operand',
      `${path}/${operator}`,
      '"not" stands before one leaf, not before a group.',
    )
  if (operator === 'not' && place !== 'beside-positive')
    return reader.fault(
      'rule-negative-alone',
      `${path}/not`,
      'A "not" stands in an "all" beside a positive part.',
    )

  readCommon(reader, value, path)
  const down = (child: Json, at: string, where: Place) =>
    readAt(reader, child, at, readAchievement, where, depth + 1)
  const operand = reader.member(value, operator) ?? null
  const at = `${path}/${operator}`
  if (shape !== undefined) return readLeaf(reader, value, path, operator, shape)
  switch (operator) {
    case 'holds':
      reader.members(value, path, [...COMMON, 'holds', 'validAt'])
      if (isJsonObject(operand) && Object.hasOwn(operand, 'foreign')) readForeign(reader, operand, at)
      else readAchievement(reader, operand, at)
      return readOptional(reader, value, path, 'validAt', oneOf('award', 'ever'))
    case 'nOf':
      reader.members(value, path, [...COMMON, 'nOf', 'of'])
      reader.required(value, path, ['of'])
      reader.wholeNumber(operand, at, RULE_LIMITS.children)
      return readGroup(reader, reader.member(value, 'of') ?? null, `${path}/of`, operator, down)
    case 'not':
      reader.members(value, path, [...COMMON, 'not', 'until', 'settle'])
      readOptional(reader, value, path, 'until', oneOf('satisfied', 'deadline', 'period'))
      readOptional(reader, value, path, 'settle', (_, settle, place) => reader.duration(settle, place))
      return down(operand, at, 'negated')
    default:
      reader.members(value, path, [...COMMON, operator])
      return readGroup(reader, operand, at, operator, down)
  }
}

function readCommon(reader: RuleReader, value: JsonObject, path: string): undefined {
  const id = reader.member(value, 'id')
  const name = reader.member(value, 'name')
  if (id !== undefined) reader.id(id, `${path}/id`)
  if (name !== undefined) reader.texts(name, `${path}/name`)
}

function readLeaf(
  reader: RuleReader,
  value: JsonObject,
  path: string,
  operator: string,
  { operand, required = {}, optional = {} }: OperatorShape,
): undefined {
  const members = { ...required, ...optional, [operator]: operand }
  reader.members(value, path, [...COMMON, ...Object.keys(members)])
  reader.required(value, path, Object.keys(required))
  for (const [name, read] of Object.entries(members)) readOptional(reader, value, path, name, read)
  const windows = Object.keys(WINDOWS).filter((name) => Object.hasOwn(value, name))
  if (windows.length > 1 && operator !== 'anniversary')
    reader.fault(
      'rule-ambiguous',
      `${path}/${windows[1]}`,
      `"${windows.join('" and "')}" are two windows: a part has one.`,
    )
}

function readOptional(
  reader: RuleReader,
  value: JsonObject,
  path: string,
  name: string,
  read: ReadMember,
): undefined {
  const member = reader.member(value, name)
  if (member !== undefined) read(reader, member, `${path}/${name}`)
}

/** Reads a closed object. */
export function readMembers(
  reader: RuleReader,
  value: JsonObject,
  path: string,
  members: Readonly<Record<string, ReadMember>>,
  required: readonly string[] = [],
): undefined {
  reader.members(value, path, Object.keys(members))
  reader.required(value, path, required)
  for (const [name, read] of Object.entries(members)) readOptional(reader, value, path, name, read)
}

function readForeign(reader: RuleReader, value: JsonObject, path: string): undefined {
  readMembers(reader, value, path, {
    foreign: text('The id of an achievement'),
    issuers: (_, issuers, at) => values(reader, issuers, at),
  })
}

function readGroup(
  reader: RuleReader,
  children: Json,
  path: string,
  operator: string,
  down: (child: Json, path: string, place: Place) => undefined,
): undefined {
  if (!isJsonArray(children)) return reader.fault('rule-shape', path, 'A group is a list.')
  if (children.length === 0)
    return reader.fault('rule-group-empty', path, 'An empty group would be met by everybody.')
  if (children.length > RULE_LIMITS.children)
    return reader.fault('rule-too-large', path, `A group has at most ${RULE_LIMITS.children} parts.`)
  const hasPositive = children.some((child) => !(isJsonObject(child) && Object.hasOwn(child, 'not')))
  const place: Place = operator === 'all' && hasPositive ? 'beside-positive' : 'plain'
  children.forEach((child, index) => {
    down(child, `${path}/${index}`, place)
  })
}
