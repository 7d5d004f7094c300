import { describe, expect, test } from 'vitest'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { Json } from '#engine/shared/json.ts'
import { checkRule } from './check-rule.ts'
import { parseRule } from './parse-rule.ts'
import type { RuleCatalogue } from './rule-document.ts'
import { RULE_FAULTS, type RULE_WARNINGS } from './rule-faults.ts'
import { catalogueOf, ruleFor } from './testing/build-rules.ts'

const CATALOGUE: RuleCatalogue = {
  ...catalogueOf('data-lead', 'data-basics', 'first-step'),
  eventTypes: new Set(['org.example.visited']),
  prerequisites: new Map([['data-basics', ['first-step']]]),
  retention: 365 * DAY_MS,
  approvers: 2,
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

test('a rule of all operators of the first set has no fault and no warning', () => {
  const document = rule(
    {
      all: [
        {
          id: 'courses',
          name: { en: 'Courses' },
          distinctOf: 2,
          by: 'event.activity',
          in: ['c1', 'c2', 'c3'],
          where: "event.type == 'completed' && event.score >= 0.7",
          within: 'P90D',
        },
        {
          any: [
            { event: 'passed', where: "event.activity == 'exam'" },
            { nOf: 1, of: [LEAF, { count: 3, where: "event.type in ['attended', 'org.example.visited']" }] },
          ],
        },
        { id: 'prerequisite', holds: 'data-basics', validAt: 'award' },
        {
          not: { count: 1, where: "event.type == 'failed'", within: 'P30D' },
          until: 'satisfied',
          settle: 'P14D',
        },
      ],
    },
    {
      name: { nl: 'Datalead', en: 'Data lead' },
      notBefore: '-P1Y',
      allowedLateness: 'P60D',
      mode: 'auto',
      gate: { approval: { right: 'award', quorum: 2 } },
      onRetract: 'keep',
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
  ['rule-shape', '/when/by', rule({ distinctOf: 1, by: 'activity', in: ['a'] })],
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
  ['rule-operator-unsupported', '/when/streak', rule({ streak: 5, unit: 'day' })],
  ['rule-operator-unsupported', '/when/any/1/sum', rule({ any: [LEAF, { sum: 5 }] })],
  ['rule-operator-unsupported', '/when/join', rule({ ...LEAF, join: {} })],
  ['rule-operator-unsupported', '/deadline', rule(LEAF, { deadline: '2027-01-01T00:00:00Z' })],
  ['rule-operator-unsupported', '/occurrence/kind', rule(LEAF, { occurrence: { kind: 'period' } })],
  ['rule-operator-unsupported', '/recipient', rule(LEAF, { recipient: 'event.data.team' })],
  ['rule-operator-unsupported', '/mode', rule(LEAF, { mode: 'suggest' })],
  ['rule-operator-unsupported', '/gate/endorsement', rule(LEAF, { gate: { endorsement: {} } })],
  ['rule-operator-unsupported', '/when/validAt', rule({ holds: 'data-basics', validAt: 'event' })],
  ['rule-operator-unsupported', '/when/all/1/until', rule({ all: [LEAF, { not: LEAF, until: 'deadline' }] })],
  ['rule-operator-unsupported', '/when/all/1/not/any', rule({ all: [LEAF, { not: { any: [LEAF] } }] })],
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
  ['rule-duration-invalid', '/notBefore', rule(LEAF, { notBefore: 'P1Y' })],
  ['rule-duration-invalid', '/allowedLateness', rule(LEAF, { allowedLateness: 60 })],
  ['rule-cel-syntax', '/when/where', where('event.type ==')],
  ['rule-cel-syntax', '/when/where', where('')],
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
  ['rule-type-mismatch', '/when/where', where("event.activity.matches('(')")],
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
    'rule-operator-unsupported at /when/any/0/streak',
    'rule-member-unknown at /when/any/1/colour',
    'rule-operator-missing at /when/any/2',
  ])
})

describe('warnings do not refuse', () => {
  const warningsOf = (when: Json) => {
    const parsed = parseRule(rule(when))
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
    [
      'rule-never-true',
      '/when',
      { distinctOf: 1, by: 'event.activity', in: ['a'], where: "event.activity == 'b'" },
    ],
  ] satisfies [keyof typeof RULE_WARNINGS, string, Json][])('%s at %s (%#)', (code, path, when) => {
    expect(warningsOf(when)).toEqual([`${code} at ${path}`])
  })
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
    ['names of the prototype', where("event.data.constructor.constructor == 'x'")],
    ['an expensive regular expression', where("event.activity.matches('(((x{1,99}){1,99}){1,99}){1,99}')")],
  ]

  test.each(HOSTILE)('%s', (_name, document) => {
    // The best of four: the first is for the compiler, and the machine has other work to do.
    const times = Array.from({ length: 4 }, () => {
      const begin = performance.now()
      faultsOf(document)
      return performance.now() - begin
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
