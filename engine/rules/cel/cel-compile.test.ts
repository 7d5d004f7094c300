import { isCelError, parse, run } from '@bufbuild/cel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { usedCpuMs } from '#test/used-cpu.ts'
import { ANY_EVENT_TYPE, checkExpression, checkPredicate } from './cel-check.ts'
import { Absence, compileExpression, compilePredicate } from './cel-compile.ts'
import { costOf, MAX_COST } from './cel-cost.ts'
import { printCel } from './cel-print.ts'
import { CelRefusal, parseCel } from './cel-syntax.ts'
import { DYN, MAP } from './cel-type.ts'

const RUNS = Number(process.env['RULES_PROPERTY_RUNS'] ?? 3000)

const event = (more: Partial<LearningEvent> = {}): LearningEvent => ({
  source: 'urn:lms:1',
  sourceId: '1',
  type: 'completed',
  time: asInstant(1_767_225_600_000),
  actor: { type: 'id', value: 'urn:lms:1#7' },
  data: {},
  ...more,
})

const checked = (text: string) => checkPredicate(parseCel(text), { eventTypes: ANY_EVENT_TYPE })

const outcome = (text: string, of: LearningEvent = event()) => compilePredicate(checked(text))(of)

/** The outcome of the library: true, false, or "no value" for any error. */
function oracle(text: string, of: LearningEvent): boolean | 'no value' {
  const { source, type, activity, activityType, score, success, completion, duration, data } = of
  const fields = { source, type, activity, activityType, score, success, completion, duration, data }
  const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  // The library knows objects by their prototype, which the strict parser's do not have.
  const value = run(text, { event: JSON.parse(JSON.stringify(present)) })
  return isCelError(value) || typeof value !== 'boolean' ? 'no value' : value
}

const literal = fc.oneof(
  fc.constantFrom('1', '0', '2', '-1', '0.5', '1.5', 'true', 'false', 'null'),
  fc.constantFrom("'a'", "'b'", "''", "'ab'", "'é😀'", "'\\n'", "'\uFFFD'"),
)

const field = fc.constantFrom(
  ...['event.type', 'event.source', 'event.activity', 'event.score', 'event.success', 'event.completion'],
  ...[
    'event.data.a',
    'event.data.b',
    'event.data.a.b',
    'event.data.l',
    "event.data['a']",
    'event.data.l[0]',
    'event.data',
  ],
)

const { expression } = fc.letrec<{ expression: string; truth: string; value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'cel' },
    literal,
    field,
    fc
      .tuple(tie('value'), fc.constantFrom('+', '-', '*', '/'), tie('value'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.tuple(tie('truth'), tie('value'), tie('value')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    tie('value').map((a) => `size(${a})`),
    fc.constantFrom('x', 'size(event.data.l) % 2', 'event.data.l[1]', '-event.data.a', '-event.score'),
    fc.constantFrom("{'a': event.data.a}", "{'a': 1, 'b': event.score}.b", 'double(size(event.data.l))'),
    // The library reads a number from any text; here and in the specification it has to be one.
    fc.constantFrom('int(event.score)', 'double(event.score)', 'string(event.score)', 'string(event.data.b)'),
    fc
      .tuple(fc.constantFrom('event.data.l', 'event.data', '[event.score, 2]'), tie('value'))
      .map(([over, body]) => `${over}.map(x, ${body})`),
    fc
      .tuple(fc.constantFrom('event.data.l', 'event.data.a', '[event.type]'), tie('truth'))
      .map(([over, body]) => `${over}.filter(x, ${body})`),
  ),
  truth: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'cel' },
    fc.constantFrom(
      'true',
      'false',
      'event.success',
      'event.data.b',
      'has(event.score)',
      'has(event.data.a.b)',
      'has(event.data.q)',
    ),
    fc
      .tuple(tie('value'), fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'in'), tie('value'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc
      .tuple(tie('truth'), fc.constantFrom('&&', '||'), tie('truth'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('truth').map((a) => `!(${a})`),
    fc
      .tuple(tie('value'), fc.constantFrom('^a', 'b$', '[^ab]', '(a|b)+'))
      .map(([a, pattern]) => `${a}.matches('${pattern}')`),
    fc
      .tuple(tie('value'), fc.constantFrom('startsWith', 'endsWith', 'contains'), tie('value'))
      .map(([a, name, b]) => `${a}.${name}(${b})`),
    fc
      .tuple(
        fc.constantFrom(
          'event.data.l',
          'event.data',
          'event.data.a',
          "['a', 'b', event.type]",
          '[1.0, event.score]',
        ),
        fc.constantFrom('exists', 'all', 'exists_one'),
        fc.oneof(fc.constantFrom("x == 'a'", 'x > 1.0', "x.startsWith('a')", 'x'), tie('truth')),
      )
      .map(([over, macro, body]) => `${over}.${macro}(x, ${body})`),
  ),
  expression: tie('truth'),
}))

const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<Json>(null, true, false, 0, 1, 1.5, -1, 'a', 'b', 'ab', ''),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('json'), { maxKeys: 3 }),
  ),
})).json

const anEvent = fc
  .record(
    {
      activity: fc.constantFrom('a', 'urn:x'),
      score: fc.constantFrom(0, 0.5, 1),
      success: fc.boolean(),
      data: fc.record(
        { a: json, b: json, l: fc.oneof(fc.array(json, { maxLength: 4 }), json) },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['data'] },
  )
  .map((made) => event({ ...made, data: made.data as JsonObject }))

test('what both accept has the same value here and in the library', { timeout: 120_000 }, () => {
  let compared = 0
  const seen = { true: 0, false: 0, none: 0 }
  fc.assert(
    fc.property(expression, anEvent, (text, of) => {
      let typed: ReturnType<typeof checked>
      try {
        typed = checked(text)
      } catch (error) {
        expect(error).toBeInstanceOf(CelRefusal)
        return
      }
      // The library's has() is false for a member that is null; by the language definition it is there.
      if (printCel(typed).includes('has(') && JSON.stringify(of.data).includes('null')) return
      compared++
      const ours = compilePredicate(typed)(of)
      const told = ours instanceof Absence ? 'no value' : ours
      seen[told === 'no value' ? 'none' : told ? 'true' : 'false']++
      expect({ text, told }).toEqual({ text, told: oracle(printCel(typed), of) })
    }),
    { numRuns: RUNS * 2 },
  )
  // Most random expressions are refused by the type checker; enough must be left, and of each outcome.
  expect(compared).toBeGreaterThan(RUNS / 4)
  expect(Math.min(seen.true, seen.false, seen.none)).toBeGreaterThan(RUNS / 50)
})

test('the printed text is CEL, and reading it again gives the same text', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(expression, (text) => {
      let printed: string
      try {
        printed = printCel(checked(text))
      } catch {
        return
      }
      expect(() => parse(printed)).not.toThrow()
      expect(printCel(checked(printed))).toBe(printed)
    }),
    { numRuns: RUNS },
  )
})

test('white space, brackets and 1 for 1.0 do not change the text of an expression', () => {
  const texts = [
    'event.score>=1&&event.success',
    '( event.score >= 1.0 ) && event.success',
    'event.score >= 1.00 && (event.success)',
  ]
  expect(new Set(texts.map((text) => printCel(checked(text)))).size).toBe(1)
})

test('a missing field makes a predicate false and says which one it was', () => {
  const told = outcome('event.score >= 0.7')
  expect(told).toBeInstanceOf(Absence)
  expect(told).toMatchObject({ reason: 'event.score is missing' })
  expect(outcome('!(event.score >= 0.7)')).toBeInstanceOf(Absence)
  expect(outcome("event.score >= 0.7 || event.type == 'completed'")).toBe(true)
})

test('a member that is null is there, and one that is not there is missing', () => {
  expect(outcome('has(event.data.a)', event({ data: { a: null } }))).toBe(true)
  expect(outcome('event.data.a == null', event({ data: { a: null } }))).toBe(true)
  expect(outcome('has(event.data.a)')).toBe(false)
  expect(outcome('event.data.a == null')).toBeInstanceOf(Absence)
})

test('names of the prototype are no fields of an event', () => {
  for (const name of ['__proto__', 'constructor', 'prototype'])
    expect(() => checked(`event.data.${name} == 'x'`)).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'rule-field-unknown' }) }),
    )
  expect(outcome("event.data['constructor'] == 'x'")).toBeInstanceOf(Absence)
  expect(outcome('has(event.data.toString)')).toBe(false)
  expect(outcome("'toString' in event.data")).toBe(false)
})

test('moments compare with moments, and texts do not pass for them', () => {
  expect(outcome("event.time >= timestamp('2026-01-01T00:00:00Z')")).toBe(true)
  expect(outcome("event.time - timestamp('2025-12-31T00:00:00Z') > duration('36h')")).toBe(false)
  expect(() => checked("event.time > '2026-01-01'")).toThrow(CelRefusal)
})

test('a whole number of the text beside a number of the event is a double', () => {
  const of = event({ score: 1, data: { n: 2, l: [1, 2] } })
  for (const text of [
    'event.score == 1',
    'event.data.n + 1 == 3',
    'event.score > 1 / 2 && event.score == 1 / 2 + 0.5',
    'event.data.n in [1, 2]',
    '(event.success ? 1 : event.data.n) == 2 || true',
    'size(event.data.l) == 2 && size(event.data.l) > 1',
    'event.data.?n.orValue(0) + 1 == 3',
    'math.greatest(event.data.n, 1) == 2',
  ])
    expect({ text, is: outcome(text, of) }).toEqual({ text, is: true })
  expect(() => checked('size(event.data.l) + event.data.n == 4')).toThrow(CelRefusal)
  expect(outcome('double(size(event.data.l)) + event.data.n == 4', of)).toBe(true)
})

test('the rest of the language is there', () => {
  const of = event({
    activity: 'urn:course:Data-Basics',
    data: { tags: ['a', 'b'], points: { x: 1, y: 2 }, when: '2026-01-01T09:30:00+01:00', none: null },
  })
  for (const text of [
    "event.activity.lowerAscii().endsWith('data-basics')",
    "event.activity.matches('^urn:[a-z]+:')",
    "event.data.tags.map(t, t + '!').join(' ') == 'a! b!'",
    'event.data.points.exists(k, v, k == "y" && v == 2)',
    'event.data.points.transformMap(k, v, v * 2).y == 4',
    'event.data.tags.transformList(i, t, i > 0, t) == ["b"]',
    'timestamp(event.data.when) < event.time + duration("36h")',
    "event.time.getHours('Europe/Amsterdam') == 1",
    'event.data.?missing.?deeper.orValue("x") == "x"',
    'event.?score.hasValue() == false',
    'event.data.?tags.optMap(t, size(t)).value() == 2',
    '"%s has %d".format([event.type, size(event.data.tags)]) == "completed has 2"',
    'cel.bind(t, event.data.tags, t[0] + t[1]) == "ab"',
    'type(event.data.none) == null_type',
  ])
    expect({ text, is: outcome(text, of) }).toEqual({ text, is: true })
})

test('variables beside the event are read where they are declared', () => {
  const scope = {
    eventTypes: ANY_EVENT_TYPE,
    variables: new Map([
      ['join', MAP],
      ['value', DYN],
    ]),
  }
  const test = compilePredicate(checkPredicate(parseCel('join.team == event.data.team && value > 2'), scope))
  const of = event({ data: { team: 'red' } })
  expect(test(of, { join: { team: 'red' }, value: 3 })).toBe(true)
  expect(test(of, { join: { team: 'blue' }, value: 3 })).toBe(false)
  expect(test(of, { join: { team: 'red' } })).toMatchObject({ reason: 'value is missing' })
  expect(test(of)).toMatchObject({ reason: 'join is missing' })
  expect(() => checked('value > 2')).toThrow(CelRefusal)
})

test('the value of any expression comes out as JSON', () => {
  const value = (text: string) =>
    compileExpression(checkExpression(parseCel(text), { eventTypes: ANY_EVENT_TYPE }))(
      event({ data: { l: [1, 'a', null] } }),
    )
  expect(value('size(event.data.l)')).toBe(3)
  expect(value('event.time')).toBe('2026-01-01T00:00:00Z')
  expect(value('event.time - timestamp("2025-12-31T23:30:00Z")')).toBe('1800s')
  expect(value('event.data.l')).toEqual([1, 'a', null])
  expect(value("{'a': size(event.data.l), 'b': {1: b'abc'}}")).toEqual({ a: 3, b: { 1: 'YWJj' } })
  expect(value('event.?score')).toBe(null)
  expect(value('1.0 / 0.0')).toBeInstanceOf(Absence)
  expect(value('event.score')).toMatchObject({ reason: 'event.score is missing' })
})

test('the event is no value, and its person is not to be read', () => {
  for (const text of [
    'event == event',
    '[event] != []',
    'type(event) == map',
    'dyn(event).actor == 1',
    'event.actor',
  ])
    expect(() => checked(text), text).toThrow(CelRefusal)
})

test('no expression that is accepted takes longer than its bound lets it', () => {
  const list = Array.from({ length: 1000 }, (_, at) => `tag-${at}`)
  const of = event({ data: { l: list, m: list } })
  const text =
    "event.data.l.exists(x, x == 'none') || event.data.m.all(x, x.startsWith('tag')) && event.score > 0.5"
  expect(costOf(checked(text))).toBeLessThan(MAX_COST)
  const test = compilePredicate(checked(text))
  const begin = usedCpuMs()
  for (let round = 0; round < 20; round++) test(of)
  expect((usedCpuMs() - begin) / 20).toBeLessThan(20)
  expect(
    costOf(checked('event.data.l.all(x, event.data.l.all(y, event.data.l.all(z, x == z)))')),
  ).toBeGreaterThan(MAX_COST)
})
