import { describe, expect, test } from 'vitest'
import { parseRule } from '#engine/rules/document/parse-rule.ts'
import type { RuleCatalogue } from '#engine/rules/document/rule-document.ts'
import { catalogueOf, ruleFor } from '#engine/rules/testing/build-rules.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { checkRule } from './check-rule.ts'
import { RULE_FAULTS, type RULE_WARNINGS } from './rule-faults.ts'

const CATALOGUE: RuleCatalogue = {
  ...catalogueOf('data-lead', 'data-basics', 'first-step'),
  eventTypes: new Set(['org.example.visited']),
  prerequisites: new Map([['data-basics', ['first-step']]]),
  retention: 365 * DAY_MS,
  approvers: 2,
  cohorts: new Set(['class-of-2026']),
  codes: new Set(['open-day']),
  attributes: new Map([
    ['age', 'number'],
    ['roles', 'strings'],
  ]),
  resultDescriptions: new Map([['data-lead', new Set(['grade'])]]),
  now: asInstant(Date.UTC(2026, 10, 25)),
}

/** All faults of a document as "code at path"; the shape first, and if that is good, the meaning. */
function faultsOf(document: Json, catalogue = CATALOGUE): string[] {
  const parsed = parseRule(document)
  const faults = parsed.ok ? checkRule(parsed.document, catalogue).faults : parsed.faults
  return faults.map(({ code, path }) => `${code} at ${path}`)
}

const rule = (when: Json, more: Record<string, Json> = {}) => ruleFor('data-lead', when, more)
const where = (text: string) => rule({ count: 1, where: text })
const LEAF = { event: 'completed' }
const COMPLETED = "event.type == 'completed'"
const MONTHLY = { kind: 'period', unit: 'month', zone: 'Europe/Amsterdam' }

const COURSES = {
  id: 'courses',
  name: { en: 'Courses' },
  distinctOf: 3,
  by: 'event.activity',
  in: ['c1', 'c2', 'c3', 'c4', 'c5'],
  where: "event.type == 'completed' && join.score >= 0.7",
  join: {
    score: {
      from: "event.type == 'scored'",
      value: 'event.score',
      on: 'event.activity',
      within: 'P30D',
      pick: 'max',
    },
  },
  within: 'P90D',
}

test('a rule of all operators has no fault and no warning', () => {
  const ATTENDED = "event.type == 'attended'"
  const document = rule(
    {
      all: [
        COURSES,
        {
          any: [
            { event: 'passed', where: "event.activity == 'exam'" },
            { nOf: 1, of: [LEAF, { count: 3, where: "event.type in ['attended', 'org.example.visited']" }] },
            { distinct: 2, by: 'event.activity', where: COMPLETED, period: { unit: 'month', zone: 'UTC' } },
            { sum: 3600, of: 'event.duration', where: ATTENDED, since: { event: 'enrolled' } },
            { avg: 0.7, of: 'event.score', where: COMPLETED, atLeast: 3 },
            { min: 0.5, of: 'event.score', where: COMPLETED },
            { max: 0.9, of: 'event.score', where: COMPLETED },
            { rate: 0.8, of: 'event.success', where: ATTENDED, atLeast: 10 },
            { streak: 5, unit: 'day', zone: 'Europe/Amsterdam', where: ATTENDED, perUnit: 2 },
            { first: 'event.score >= 0.7', where: COMPLETED },
            { last: 'event.success', where: COMPLETED },
            {
              ...LEAF,
              range: { from: '2026-01-01T00:00:00+01:00', to: '2027-01-01T00:00:00+01:00' },
            },
            {
              sequence: [{ event: 'enrolled' }, { event: 'passed', where: 'event.success' }],
              within: 'P90D',
            },
            { absence: 'P30D', where: ATTENDED, since: { event: 'enrolled', pick: 'first' } },
            { anniversary: 'P11M', since: { event: 'enrolled' }, zone: 'Europe/Amsterdam' },
          ],
        },
        {
          nOf: 2,
          of: [
            { holds: 'data-basics', validAt: 'ever' },
            { holds: { foreign: 'https://badges.example.org/1', issuers: ['did:web:badges.example.org'] } },
            { attribute: 'age', is: 'value >= 18' },
            { attribute: 'roles', is: "'nurse' in value" },
            { cohort: 'class-of-2026' },
            { competency: 'https://framework.example.org/data', level: 4 },
            { code: 'open-day' },
            { nomination: 3, for: 'data-basics' },
            { attested: '0x01' },
          ],
        },
        {
          not: { count: 1, where: "event.type == 'failed'", within: 'P30D' },
          until: 'satisfied',
          settle: 'P14D',
        },
        { not: { event: 'withdrawn' }, until: 'deadline' },
        { not: { cohort: 'class-of-2026' } },
      ],
    },
    {
      name: { nl: 'Datalead', en: 'Data lead' },
      notBefore: '-P1Y',
      deadline: 'P2Y',
      allowedLateness: 'P60D',
      cohort: 'class-of-2026',
      mode: 'auto',
      gate: {
        approval: { right: 'award', quorum: 2, fourEyes: true },
        endorsement: { quorum: 1, of: ['did:web:example.org'] },
        code: 'open-day',
      },
      penalty: [{ where: "event.type == 'failed'", resets: ['courses'] }],
      limits: { cap: 100, capPerPerson: 2, cooldown: 'P30D' },
      onePerPerson: true,
      onRetract: 'keep',
      onFalse: 'notify',
      renewal: { before: 'P60D' },
      results: [{ resultDescription: 'grade', value: 'courses.best.score' }],
      evidence: 'courses',
    },
  )
  const parsed = parseRule(document)
  expect(parsed.ok && checkRule(parsed.document, CATALOGUE)).toEqual({ faults: [], warnings: [] })
})

/** Code, place and a document that is refused for nothing else. */
const REFUSALS: readonly (readonly [code: keyof typeof RULE_FAULTS, path: string, document: Json])[] = [
  ['rule-shape', '', 'a rule'],
  ['rule-shape', '/achievement', ruleFor('No Slug!', LEAF)],
  ['rule-shape', '/occurrence/kind', rule(LEAF, { occurrence: { kind: 'twice' } })],
  ['rule-shape', '/recipient', rule(LEAF, { recipient: 'me' })],
  ['rule-shape', '/mode', rule(LEAF, { mode: 'maybe' })],
  ['rule-shape', '/name', rule(LEAF, { name: {} })],
  ['rule-shape', '/name/EN', rule(LEAF, { name: { EN: 'x' } })],
  ['rule-shape', '/onRetract', rule(LEAF, { onRetract: 'shrug' })],
  [
    'rule-shape',
    '/gate/approval/quorum',
    rule(LEAF, { gate: { approval: { right: 'award', quorum: 0.5 } } }),
  ],
  ['rule-shape', '/when', rule('always')],
  ['rule-shape', '/when/event', rule({ event: 7 })],
  ['rule-shape', '/when/count', rule({ count: '3', where: "event.type == 'passed'" })],
  ['rule-shape', '/when/where', rule({ count: 1, where: true })],
  ['rule-shape', '/when/id', rule({ ...LEAF, id: '1' })],
  ['rule-field-unknown', '/when/by', rule({ distinctOf: 1, by: 'activity', in: ['a'] })],
  ['rule-shape', '/when/in/1', rule({ distinctOf: 1, by: 'event.activity', in: ['a', 'a'] })],
  ['rule-shape', '/when/holds', rule({ holds: { slug: 'data-basics' } })],
  ['rule-schema-unknown', '/schema', { ...rule(LEAF), schema: 'waarmerk-rule/2' }],
  ['rule-member-unknown', '/colour', rule(LEAF, { colour: 'red' })],
  ['rule-member-unknown', '/when/wehre', rule({ ...LEAF, wehre: 'true' })],
  ['rule-member-unknown', '/when/constructor', rule({ ...LEAF, constructor: 'true' })],
  ['rule-member-unknown', '/when/__proto__', rule(JSON.parse('{"event":"completed","__proto__":{}}'))],
  ['rule-member-unknown', '/when/within', rule({ holds: 'data-basics', within: 'P1D' })],
  ['rule-member-missing', '/when', without(rule(LEAF), 'when')],
  ['rule-member-missing', '/when/by', rule({ distinctOf: 1, in: ['a'] })],
  ['rule-member-missing', '/when/in', rule({ distinctOf: 1, by: 'event.activity' })],
  ['rule-operator-missing', '/when', rule({ id: 'nothing' })],
  ['rule-operator-missing', '/when/all/0', rule({ all: [{}] })],
  ['rule-shape', '/when/validAt', rule({ holds: 'data-basics', validAt: 'event' })],
  ['rule-shape', '/recipient', rule(LEAF, { recipient: 'event.team' })],
  ['rule-shape', '/when/unit', rule({ streak: 5, unit: 'fortnight', zone: 'UTC', where: COMPLETED })],
  ['rule-shape', '/when/rate', rule({ rate: 80, of: 'event.success', where: COMPLETED })],
  ['rule-shape', '/when/sum', rule({ sum: '5', of: 'event.score', where: COMPLETED })],
  ['rule-shape', '/when/range/to', rule({ ...LEAF, range: { from: '2026-01-01T00:00:00Z', to: 'later' } })],
  ['rule-shape', '/when/join/constructor', rule({ ...LEAF, join: JSON.parse('{"constructor":{}}') })],
  ['rule-shape', '/gate/endorsement/of/0', rule(LEAF, { gate: { endorsement: { quorum: 1, of: ['me'] } } })],
  ['rule-shape', '/results/0/value', rule(LEAF, { results: [{ resultDescription: 'r', value: 'score' }] })],
  ['rule-member-missing', '/when/zone', rule({ streak: 5, unit: 'day', where: COMPLETED })],
  ['rule-member-missing', '/when/of', rule({ avg: 0.7, where: COMPLETED })],
  ['rule-member-missing', '/when/since', rule({ anniversary: 'P1Y', zone: 'UTC' })],
  ['rule-member-missing', '/when/since/event', rule({ ...LEAF, since: { pick: 'first' } })],
  ['rule-member-missing', '/when/sequence/0/event', rule({ sequence: [{}, LEAF] })],
  ['rule-member-missing', '/occurrence/unit', rule(LEAF, { occurrence: { kind: 'period', zone: 'UTC' } })],
  ['rule-member-missing', '/occurrence/by', rule(LEAF, { occurrence: { kind: 'context' } })],
  ['rule-member-missing', '/limits/cap', rule(LEAF, { limits: {} })],
  [
    'rule-member-missing',
    '/when/join/score/on',
    rule({ ...LEAF, join: { score: { from: COMPLETED, value: 'event.score' } } }),
  ],
  ['rule-negative-operand', '/when/all/1/not/any', rule({ all: [LEAF, { not: { any: [LEAF] } }] })],
  [
    'rule-negative-operand',
    '/when/all/1/not',
    rule({ all: [LEAF, { not: { absence: 'P3D', where: COMPLETED } }] }),
  ],
  ['rule-negative-end', '/when/all/1/until', rule({ all: [LEAF, { not: LEAF, until: 'deadline' }] })],
  [
    'rule-negative-end',
    '/when/all/1/until',
    rule({ all: [LEAF, { not: LEAF, until: 'period' }] }, { deadline: 'P1Y' }),
  ],
  [
    'rule-zone-unknown',
    '/when/zone',
    rule({ streak: 5, unit: 'day', zone: 'Europe/Utopia', where: COMPLETED }),
  ],
  [
    'rule-zone-unknown',
    '/occurrence/zone',
    rule(LEAF, { occurrence: { kind: 'period', unit: 'day', zone: 'CEST!' } }),
  ],
  [
    'rule-range-empty',
    '/when/range',
    rule({ ...LEAF, range: { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' } }),
  ],
  [
    'rule-range-empty',
    '/deadline',
    rule(LEAF, { notBefore: '2026-02-01T00:00:00Z', deadline: '2026-01-01T00:00:00Z' }),
  ],
  ['rule-occurrence-unclear', '/occurrence', rule({ holds: 'data-basics' }, { occurrence: MONTHLY })],
  [
    'rule-occurrence-unclear',
    '/occurrence',
    rule({ all: [LEAF, LEAF] }, { occurrence: { kind: 'unlimited' } }),
  ],
  [
    'rule-occurrence-unclear',
    '/occurrence',
    rule({ sequence: [LEAF, LEAF] }, { occurrence: { kind: 'unlimited' } }),
  ],
  ['rule-occurrence-unclear', '/renewal', rule(LEAF, { occurrence: MONTHLY, renewal: { before: 'P60D' } })],
  ['rule-id-unknown', '/evidence', rule(LEAF, { evidence: 'exam' })],
  [
    'rule-id-unknown',
    '/penalty/0/resets/0',
    rule(LEAF, { penalty: [{ where: COMPLETED, resets: ['exam'] }] }),
  ],
  [
    'rule-id-unknown',
    '/results/0/value',
    rule(LEAF, { results: [{ resultDescription: 'grade', value: 'exam.best.score' }] }),
  ],
  [
    'rule-reset-impossible',
    '/penalty/0/resets/0',
    rule({ holds: 'data-basics', id: 'b' }, { penalty: [{ where: COMPLETED, resets: ['b'] }] }),
  ],
  [
    'rule-result-unknown',
    '/results/0/resultDescription',
    rule({ ...LEAF, id: 'exam' }, { results: [{ resultDescription: 'colour', value: 'exam.best.score' }] }),
  ],
  ['rule-cohort-unknown', '/when/cohort', rule({ cohort: 'nobody' })],
  ['rule-cohort-unknown', '/cohort', rule(LEAF, { cohort: 'nobody' })],
  ['rule-code-unknown', '/when/code', rule({ code: 'secret' })],
  ['rule-code-unknown', '/gate/code', rule(LEAF, { gate: { code: 'secret' } })],
  ['rule-attribute-unknown', '/when/attribute', rule({ attribute: 'colour', is: "value == 'red'" })],
  ['rule-type-mismatch', '/when/is', rule({ attribute: 'age', is: "value == 'red'" })],
  ['rule-not-boolean', '/when/is', rule({ attribute: 'age', is: 'value + 1.0' })],
  ['rule-not-boolean', '/when/first', rule({ first: 'event.score', where: COMPLETED })],
  ['rule-type-mismatch', '/when/of', rule({ sum: 3, of: 'event.activity', where: COMPLETED })],
  [
    'rule-field-unknown',
    '/occurrence/by',
    rule(LEAF, { occurrence: { kind: 'context', by: 'event.course' } }),
  ],
  ['rule-event-type-unknown', '/when/since/event', rule({ ...LEAF, since: { event: 'enroled' } })],
  ['rule-event-type-unknown', '/when/sequence/1/event', rule({ sequence: [LEAF, { event: 'enroled' }] })],
  [
    'rule-field-unknown',
    '/penalty/0/where',
    rule({ ...LEAF, id: 'a' }, { penalty: [{ where: 'event.x', resets: ['a'] }] }),
  ],
  [
    'rule-join-mixed',
    '/when/where',
    rule({
      ...LEAF,
      where: 'join.score >= event.score',
      join: { score: { from: COMPLETED, value: 'event.score', on: 'event.activity' } },
    }),
  ],
  ['rule-field-unknown', '/when/where', rule({ ...LEAF, where: 'join.score > 0.7' })],
  [
    'rule-field-unknown',
    '/when/where',
    rule({
      ...LEAF,
      where: 'join.scroe >= 0.7',
      join: { score: { from: COMPLETED, value: 'event.score', on: 'event.activity' } },
    }),
  ],
  [
    'rule-field-unknown',
    '/when/join/score/value',
    rule({ ...LEAF, join: { score: { from: COMPLETED, value: 'event.mark', on: 'event.activity' } } }),
  ],
  ['rule-ambiguous', '/when/period', rule({ ...LEAF, within: 'P1D', period: { unit: 'day', zone: 'UTC' } })],
  ['rule-ambiguous', '/when', rule([LEAF, LEAF])],
  ['rule-ambiguous', '/when', rule({ all: [LEAF], any: [LEAF] })],
  ['rule-ambiguous', '/when/all/0', rule({ all: [{ event: 'completed', count: 2 }] })],
  ['rule-group-empty', '/when/all', rule({ all: [] })],
  ['rule-group-empty', '/when/of', rule({ nOf: 1, of: [] })],
  ['rule-group-empty', '/when/in', rule({ distinctOf: 1, by: 'event.activity', in: [] })],
  ['rule-negative-alone', '/when/not', rule({ not: LEAF })],
  ['rule-negative-alone', '/when/all/0/not', rule({ all: [{ not: LEAF }] })],
  ['rule-negative-alone', '/when/any/1/not', rule({ any: [LEAF, { not: LEAF }] })],
  [
    'rule-id-duplicate',
    '/when/all/1/id',
    rule({
      all: [
        { ...LEAF, id: 'a' },
        { ...LEAF, id: 'a' },
      ],
    }),
  ],
  ['rule-too-deep', `/when${'/all/0'.repeat(8)}`, rule(nested(9))],
  ['rule-too-large', '/when/all', rule({ all: Array(101).fill(LEAF) })],
  ['rule-too-large', '/when/count', rule({ count: 1_000_000, where: "event.type == 'passed'" })],
  ['rule-duration-invalid', '/when/within', rule({ ...LEAF, within: 'P1M' })],
  ['rule-duration-invalid', '/when/within', rule({ ...LEAF, within: 'PT0S' })],
  ['rule-duration-invalid', '/when/all/1/settle', rule({ all: [LEAF, { not: LEAF, settle: 'soon' }] })],
  ['rule-duration-invalid', '/deadline', rule(LEAF, { deadline: '-P1Y' })],
  ['rule-duration-invalid', '/when/anniversary', rule({ anniversary: 'PT1H', since: LEAF, zone: 'UTC' })],
  ['rule-window-beyond-retention', '/when/absence', rule({ absence: 'P400D', where: COMPLETED })],
  ['rule-window-beyond-retention', '/when/period', rule({ ...LEAF, period: { unit: 'year', zone: 'UTC' } })],
  [
    'rule-quorum-impossible',
    '/gate/endorsement/quorum',
    rule(LEAF, { gate: { endorsement: { quorum: 2, of: ['did:web:example.org'] } } }),
  ],
  [
    'rule-too-large',
    '/when/join',
    rule({ ...LEAF, join: Object.fromEntries('abcdef'.split('').map((n) => [n, {}])) }),
  ],
  ['rule-too-large', '/when/sequence', rule({ sequence: Array(21).fill(LEAF) })],
  ['rule-group-empty', '/when/join', rule({ ...LEAF, join: {} })],
  ['rule-group-empty', '/when/sequence', rule({ sequence: [LEAF] })],
  ['rule-duration-invalid', '/notBefore', rule(LEAF, { notBefore: 'P1Y' })],
  ['rule-duration-invalid', '/allowedLateness', rule(LEAF, { allowedLateness: 60 })],
  ['rule-cel-syntax', '/when/where', where('event.type ==')],
  ['rule-cel-syntax', '/when/where', where('')],
  ['rule-regex-unsafe', '/when/where', where("event.activity.matches('(?=a)b')")],
  ['rule-cel-unsupported', '/when/where', where("event.activity.sounds('like')")],
  ['rule-cel-unsupported', '/when/where', where('Message{a: 1} == event.data')],
  ['rule-cel-unsupported', '/when/where', where('event.score == 1e999')],
  ['rule-cel-unsupported', '/when/where', where('size(event.data.l) == 9007199254740993')],
  ['rule-field-unknown', '/when/where', where("event.kind == 'completed'")],
  ['rule-field-unknown', '/when/where', where("event.actor == 'someone'")],
  ['rule-field-unknown', '/when/where', where("event.data.__proto__ == 'x'")],
  ['rule-field-unknown', '/when/where', where("event.constructor == 'x'")],
  ['rule-field-unknown', '/when/where', where('scores > 1.0')],
  ['rule-field-unknown', '/when/by', rule({ distinctOf: 1, by: 'event.course', in: ['a'] })],
  ['rule-event-type-unknown', '/when/event', rule({ event: 'complted' })],
  ['rule-event-type-unknown', '/when/where', where("event.type in ['completed', 'complted']")],
  ['rule-type-mismatch', '/when/where', where("event.score >= '0.7'")],
  ['rule-type-mismatch', '/when/where', where('event.score == 1u')],
  ['rule-regex-unsafe', '/when/where', where("event.activity.matches('(')")],
  ['rule-type-mismatch', '/when/where', where("event.time > timestamp('2026-02-30T00:00:00Z')")],
  ['rule-type-mismatch', '/when/where', where("event.data.due > timestamp('2026-02-03T00:00:00Z')")],
  ['rule-type-mismatch', '/when/where', where('event.activity + 1 == 2')],
  ['rule-type-mismatch', '/when/where', where("event.time > '2026-01-01'")],
  ['rule-type-mismatch', '/when/by', rule({ distinctOf: 1, by: 'event.score', in: ['a'] })],
  ['rule-not-boolean', '/when/where', where('event.score')],
  ['rule-not-boolean', '/when/where', where("event.activity + 'x'")],
  ['rule-cost-unbounded', '/when/where', where('event.data.l.all(x, event.data.l.all(y, x == y))')],
  ['rule-achievement-unknown', '/achievement', ruleFor('nowhere', LEAF)],
  ['rule-achievement-unknown', '/when/holds', rule({ holds: 'nowhere' })],
  ['rule-cycle', '/when/holds', rule({ holds: 'data-lead' })],
  ['rule-cycle', '/when/any/1/holds', ruleFor('first-step', { any: [LEAF, { holds: 'data-basics' }] })],
  ['rule-quorum-impossible', '/when/nOf', rule({ nOf: 3, of: [LEAF, LEAF] })],
  [
    'rule-quorum-impossible',
    '/when/distinctOf',
    rule({ distinctOf: 3, by: 'event.activity', in: ['a', 'b'] }),
  ],
  [
    'rule-quorum-impossible',
    '/when/all/1/not/distinctOf',
    rule({ all: [LEAF, { not: { distinctOf: 2, by: 'event.activity', in: ['a'] } }] }),
  ],
  [
    'rule-quorum-impossible',
    '/gate/approval/quorum',
    rule(LEAF, { gate: { approval: { right: 'award', quorum: 3 } } }),
  ],
  ['rule-window-beyond-retention', '/when/within', rule({ ...LEAF, within: 'P366D' })],
  [
    'rule-window-beyond-retention',
    '/when/within',
    rule({ sequence: [{ event: 'attended' }, { event: 'completed' }], within: 'P366D' }),
  ],
  [
    'rule-window-beyond-retention',
    '/when/all/1/not/within',
    rule({ all: [LEAF, { not: { event: 'failed', within: 'P2Y' } }] }),
  ],
  [
    'rule-window-beyond-retention',
    '/when/join/score/within',
    rule({
      ...{ count: 1, where: "event.type == 'completed' && join.score >= 0.5" },
      join: {
        score: {
          from: "event.type == 'scored'",
          value: 'event.score',
          on: 'event.activity',
          within: 'P400D',
        },
      },
    }),
  ],
  [
    'rule-window-beyond-retention',
    '/when/streak',
    rule({ streak: 53, unit: 'week', zone: 'UTC', where: COMPLETED }),
  ],
  [
    'rule-window-beyond-retention',
    '/when/anniversary',
    rule({ anniversary: 'P13M', zone: 'UTC', since: { event: 'completed' } }),
  ],
  [
    'rule-window-beyond-retention',
    '/when/range',
    rule({ ...LEAF, range: { from: '2026-01-01T00:00:00Z', to: '2027-06-01T00:00:00Z' } }),
  ],
  ['rule-window-beyond-retention', '/allowedLateness', rule(LEAF, { allowedLateness: 'P366D' })],
  [
    'rule-window-beyond-retention',
    '/occurrence/unit',
    rule(LEAF, { occurrence: { kind: 'period', unit: 'year', zone: 'UTC' } }),
  ],
]

describe('each refusal has its own code and place', () => {
  test.each(REFUSALS)('%s at %s (%#)', (code, path, document) => {
    expect(faultsOf(document)).toEqual([`${code} at ${path}`])
  })

  test('no code is left without such a case', () => {
    expect([...new Set(REFUSALS.map(([code]) => code))].sort()).toEqual(Object.keys(RULE_FAULTS).sort())
  })
})

test('prerequisites that reach too far are refused', () => {
  const slugs = Array.from({ length: 20 }, (_, at) => `step-${at}`)
  const prerequisites = new Map(slugs.slice(0, -1).map((slug, at) => [slug, [`step-${at + 1}`]]))
  const catalogue = { ...catalogueOf('data-lead', ...slugs), prerequisites }
  expect(faultsOf(rule({ holds: 'step-0' }), catalogue)).toEqual(['rule-too-deep at /when/holds'])
  expect(faultsOf(rule({ holds: 'step-10' }), catalogue)).toEqual([])
})

test('an author sees all faults of a document at once', () => {
  const document = rule({ any: [{ streak: 5 }, { event: 'passed', colour: 'red' }, {}] }, { mode: 'maybe' })
  expect(faultsOf(document)).toEqual([
    'rule-shape at /mode',
    'rule-member-missing at /when/any/0/unit',
    'rule-member-missing at /when/any/0/zone',
    'rule-member-unknown at /when/any/1/colour',
    'rule-operator-missing at /when/any/2',
  ])
})

describe('warnings do not refuse', () => {
  const warningsOf = (when: Json, more: Record<string, Json> = {}) => {
    const parsed = parseRule(rule(when, more))
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
    const { faults, warnings } = checkRule(parsed.document, CATALOGUE)
    expect(faults).toEqual([])
    return warnings.map(({ code, path }) => `${code} at ${path}`)
  }

  test.each([
    ['rule-leaf-unfiltered', '/when', { count: 3 }],
    ['rule-leaf-unfiltered', '/when/any/1', { any: [LEAF, { count: 1, where: 'event.score > 0.5' }] }],
    ['rule-never-true', '/when', { event: 'passed', where: "event.type == 'failed'" }],
    ['rule-never-true', '/when', { event: 'passed', where: 'event.score >= 70' }],
    ['rule-never-true', '/when', { event: 'passed', where: 'false' }],
    ['rule-never-true', '/when', { event: 'passed', where: '1 == 2' }],
    ['rule-never-true', '/when', { sequence: [LEAF, { event: 'passed', where: 'event.score < -1.0' }] }],
    ['rule-leaf-unfiltered', '/when', { ...LEAF, since: { where: 'event.success' } }],
    [
      'rule-never-true',
      '/when',
      { distinctOf: 1, by: 'event.activity', in: ['a'], where: "event.activity == 'b'" },
    ],
  ] satisfies [keyof typeof RULE_WARNINGS, string, Json][])('%s at %s (%#)', (code, path, when) => {
    expect(warningsOf(when)).toEqual([`${code} at ${path}`])
  })
})

test('a deadline in the past is warned of', () => {
  const parsed = parseRule(rule(LEAF, { deadline: '2026-01-01T00:00:00Z' }))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const { faults, warnings } = checkRule(parsed.document, CATALOGUE)
  expect([faults, warnings.map(({ code, path }) => `${code} at ${path}`)]).toEqual([
    [],
    ['rule-deadline-past at /deadline'],
  ])
})

test.each([
  ['of a badge that has no end is warned of', undefined, 'P60D', ['rule-renewal-endless at /renewal']],
  ['from within its time is fine', 'P2Y', 'P60D', []],
  ['over the whole of its time is fine', 'P1Y', 'P366D', []],
  ['from before it was earned is warned of', 'P1Y', 'P367D', ['rule-renewal-too-early at /renewal/before']],
  ['from before it was earned, by months', 'P6M', 'P185D', ['rule-renewal-too-early at /renewal/before']],
  ['over the longest six months is fine', 'P6M', 'P184D', []],
])('a renewal %s', (_name, validFor, before, expected) => {
  const parsed = parseRule(rule(LEAF, { renewal: { before } }))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const warningsWith = (known: ReadonlyMap<string, string> | undefined) => {
    const catalogue = known === undefined ? CATALOGUE : { ...CATALOGUE, validFor: known }
    const { faults, warnings } = checkRule(parsed.document, catalogue)
    expect(faults).toEqual([])
    return warnings.map(({ code, path }) => `${code} at ${path}`)
  }
  expect(warningsWith(new Map(validFor === undefined ? [] : [['data-lead', validFor]]))).toEqual(expected)
  // Where it is not known how long badges are valid, as in a folder of rules, nothing is said.
  expect(warningsWith(undefined)).toEqual([])
})

describe('hostile rules are refused before they cost more than 50 ms', () => {
  const deepCel = `${'('.repeat(5000)}true${')'.repeat(5000)}`
  const HOSTILE: readonly (readonly [name: string, document: Json])[] = [
    ['groups nested 5,000 deep', rule(nested(5000))],
    ['10,000 leaves', rule({ all: Array(100).fill({ any: Array(100).fill(LEAF) }) })],
    ['10,000 leaves in one group', rule({ all: Array(10_000).fill(LEAF) })],
    [
      '10,000 unknown members',
      rule(LEAF, Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`m${at}`, 1]))),
    ],
    ['brackets nested 5,000 deep', where(deepCel)],
    ['lists nested 5,000 deep', where(`${'['.repeat(5000)}1${']'.repeat(5000)} == []`)],
    ['5,000 negations', where(`${'!'.repeat(5000)}event.success`)],
    ['5,000 minus signs', where(`${'-'.repeat(5000)}event.score > 1.0`)],
    ['5,000 ternaries', where(`${'event.success ? true : '.repeat(5000)}false`)],
    ['5,000 selections', where(`event.data${'.a'.repeat(5000)} == 1`)],
    ['a chain of 900 sums', where(`${'event.score + '.repeat(900)}1.0 > 0.0`)],
    ['macros nested 12 deep', where(`${'event.data.l.all(x, '.repeat(12)}true${')'.repeat(12)}`)],
    [
      'constants that macros multiply, 12 deep',
      where(`${'[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(x, '.repeat(12)}1${')'.repeat(12)}.size() > 0`),
    ],
    ['100,000 terms', where(`${"event.type == 'completed' || ".repeat(100_000)}true`)],
    [
      '90 leaves of long expressions',
      rule({
        any: Array(90).fill({ count: 1, where: `${"event.type == 'completed' || ".repeat(100)}true` }),
      }),
    ],
    ['a huge number', where(`event.score > ${'9'.repeat(10_000)}`)],
    ['a huge text', where(`event.activity == '${'x'.repeat(1_000_000)}'`)],
    [
      'a huge list of values',
      rule({ distinctOf: 1, by: 'event.activity', in: Array.from({ length: 50_000 }, (_, at) => `v${at}`) }),
    ],
    ['10,000 steps', rule({ sequence: Array(10_000).fill(LEAF) })],
    ['a hundred long sequences', rule({ all: Array(100).fill({ sequence: Array(20).fill(LEAF) }) })],
    [
      'long expressions in joins',
      rule({
        ...LEAF,
        join: Object.fromEntries(
          ['a', 'b', 'c', 'd', 'e'].map((name) => [
            name,
            { from: `${COMPLETED} || `.repeat(1000) + COMPLETED, value: 'event.score', on: 'event.activity' },
          ]),
        ),
      }),
    ],
    ['names of the prototype as parts', rule({ ...LEAF, id: 'a' }, { evidence: '__proto__' })],
    [
      'a zone that is a program',
      rule({ streak: 1, unit: 'day', zone: 'x'.repeat(100_000), where: COMPLETED }),
    ],
    ['names of the prototype', where("event.data.constructor.constructor == 'x'")],
    ['an expensive regular expression', where("event.activity.matches('(((x{1,99}){1,99}){1,99}){1,99}')")],
  ]

  test.each(HOSTILE)('%s', (_name, document) => {
    // Time of this thread and not of the clock, since the machine has other work to do; and the best of four, since the
    // first is for the compiler.
    const times = Array.from({ length: 4 }, () => {
      const begin = process.threadCpuUsage()
      faultsOf(document)
      const { user, system } = process.threadCpuUsage(begin)
      return (user + system) / 1000
    })
    expect(Math.min(...times)).toBeLessThan(50)
    const faults = faultsOf(document)
    expect(faults.length).toBeGreaterThan(0)
    expect(faults.length).toBeLessThanOrEqual(100)
  })
})

function nested(depth: number): Json {
  let node: Json = LEAF
  for (let at = 1; at < depth; at++) node = { all: [node] }
  return node
}

function without(object: Record<string, Json>, name: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))
}
