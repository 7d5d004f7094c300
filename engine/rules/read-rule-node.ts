import type { Json, JsonObject } from '#engine/shared/json.ts'
import { isJsonArray, isJsonObject } from '#engine/shared/json.ts'
import { RULE_LIMITS, type RuleReader } from './rule-reader.ts'

type ReadAchievement = (reader: RuleReader, value: Json, path: string) => undefined

const OPERATORS = ['event', 'count', 'distinctOf', 'holds', 'all', 'any', 'nOf', 'not'] as const
type Operator = (typeof OPERATORS)[number]

/** What later sets of operators will bring: refused by its own code, and never passed over. */
const LATER_OPERATORS = [
  ...[
    'sum',
    'avg',
    'min',
    'max',
    'distinct',
    'streak',
    'sequence',
    'first',
    'last',
    'rate',
    'attribute',
    'cohort',
  ],
  ...['competency', 'code', 'nomination', 'absence', 'anniversary', 'attested', 'penalty'],
]

const LATER_LEAF_MEMBERS = ['join', 'period', 'range', 'since', 'zone', 'unit']

const LEAF_MEMBERS = ['id', 'name', 'where', 'within']

const MEMBERS: Readonly<Record<Operator, readonly string[]>> = {
  event: [...LEAF_MEMBERS, 'event'],
  count: [...LEAF_MEMBERS, 'count'],
  distinctOf: [...LEAF_MEMBERS, 'distinctOf', 'by', 'in'],
  holds: ['id', 'name', 'holds', 'validAt'],
  all: ['id', 'name', 'all'],
  any: ['id', 'name', 'any'],
  nOf: ['id', 'name', 'nOf', 'of'],
  not: ['id', 'name', 'not', 'until', 'settle'],
}

const isLeafOperator = (operator: Operator): boolean =>
  operator === 'event' || operator === 'count' || operator === 'distinctOf'

/** Where a node stands decides whether it may be a `not`, or must be an event leaf. */
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

  const later = LATER_OPERATORS.find((name) => Object.hasOwn(value, name))
  if (later !== undefined)
    return reader.fault('rule-operator-unsupported', `${path}/${later}`, `"${later}" is not available yet.`)
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
  if (place === 'negated' && !isLeafOperator(operator))
    return reader.fault(
      'rule-operator-unsupported',
      `${path}/${operator}`,
      '"not" takes event, count or distinctOf.',
    )
  if (operator === 'not' && place !== 'beside-positive')
    return reader.fault(
      'rule-negative-alone',
      `${path}/not`,
      'A "not" stands in an "all" beside a positive part.',
    )

  reader.members(value, path, MEMBERS[operator], isLeafOperator(operator) ? LATER_LEAF_MEMBERS : [])
  readCommon(reader, value, path)
  const down = (child: Json, at: string, where: Place) =>
    readAt(reader, child, at, readAchievement, where, depth + 1)
  const operand = reader.member(value, operator) ?? null
  const at = `${path}/${operator}`
  switch (operator) {
    case 'event':
      if (typeof operand !== 'string' || operand === '' || operand.length > 500)
        reader.fault('rule-shape', at, 'The type of an event is wanted.')
      return
    case 'count':
      return reader.wholeNumber(operand, at, RULE_LIMITS.count)
    case 'distinctOf':
      return readDistinctOf(reader, value, path)
    case 'holds':
      readAchievement(reader, operand, at)
      return readValidAt(reader, value, path)
    case 'all':
    case 'any':
      return readGroup(reader, operand, at, operator, down)
    case 'nOf':
      reader.required(value, path, ['of'])
      reader.wholeNumber(operand, at, RULE_LIMITS.children)
      return readGroup(reader, reader.member(value, 'of') ?? null, `${path}/of`, operator, down)
    case 'not':
      readNegative(reader, value, path)
      return down(operand, at, 'negated')
  }
}

function readCommon(reader: RuleReader, value: JsonObject, path: string): undefined {
  const id = reader.member(value, 'id')
  const name = reader.member(value, 'name')
  const where = reader.member(value, 'where')
  const within = reader.member(value, 'within')
  if (id !== undefined) reader.id(id, `${path}/id`)
  if (name !== undefined) reader.texts(name, `${path}/name`)
  if (where !== undefined && typeof where !== 'string')
    reader.fault('rule-shape', `${path}/where`, 'A predicate is a text.')
  if (within !== undefined) reader.duration(within, `${path}/within`, 1)
}

function readGroup(
  reader: RuleReader,
  children: Json,
  path: string,
  operator: 'all' | 'any' | 'nOf',
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

function readDistinctOf(reader: RuleReader, value: JsonObject, path: string): undefined {
  reader.required(value, path, ['by', 'in'])
  reader.wholeNumber(reader.member(value, 'distinctOf') ?? null, `${path}/distinctOf`, RULE_LIMITS.values)
  const by = reader.member(value, 'by')
  if (by !== undefined && (typeof by !== 'string' || !PATH.test(by)))
    reader.fault(
      'rule-shape',
      `${path}/by`,
      'A field is named like event.activity or event.data.course.code.',
    )
  const values = reader.member(value, 'in')
  if (values === undefined) return
  if (!isJsonArray(values)) return reader.fault('rule-shape', `${path}/in`, 'A list of texts is wanted.')
  if (values.length === 0) return reader.fault('rule-group-empty', `${path}/in`, 'The list is empty.')
  if (values.length > RULE_LIMITS.values)
    return reader.fault('rule-too-large', `${path}/in`, `At most ${RULE_LIMITS.values} values can be listed.`)
  values.forEach((item, index) => {
    if (typeof item !== 'string' || item.length > 2000)
      reader.fault('rule-shape', `${path}/in/${index}`, 'A text is wanted.')
    else if (values.indexOf(item) !== index)
      reader.fault('rule-shape', `${path}/in/${index}`, 'The same value stands twice.')
  })
}

const PATH = /^event(?:\.[A-Za-z_]\w{0,63}){1,8}$/

function readValidAt(reader: RuleReader, value: JsonObject, path: string): undefined {
  const validAt = reader.member(value, 'validAt')
  if (validAt === undefined || validAt === 'award') return
  if (typeof validAt === 'string')
    reader.fault('rule-operator-unsupported', `${path}/validAt`, 'Only "validAt": "award" is available yet.')
  else reader.fault('rule-shape', `${path}/validAt`, '"award" is wanted.')
}

function readNegative(reader: RuleReader, value: JsonObject, path: string): undefined {
  const until = reader.member(value, 'until')
  const settle = reader.member(value, 'settle')
  if (settle !== undefined) reader.duration(settle, `${path}/settle`)
  if (until === undefined || until === 'satisfied') return
  if (typeof until === 'string')
    reader.fault('rule-operator-unsupported', `${path}/until`, 'Only "until": "satisfied" is available yet.')
  else reader.fault('rule-shape', `${path}/until`, '"satisfied" is wanted.')
}
