import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Identifier } from '#engine/events/identifier.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { EventId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant, formatInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { outcomeKey } from './evaluation.ts'
import { progress } from './explain.ts'
import { compileRules } from './rule-set.ts'
import { activeRule, catalogueOf, ruleFor, testHash } from './testing/build-rules.ts'
import {
  obviousOutcome,
  type PlainEvent,
  type PlainLeaf,
  type PlainNode,
  type PlainPredicate,
  type PlainRule,
} from './testing/obvious-way.ts'
import { createSmallStore } from './testing/small-store.ts'

const RUNS = Number(process.env['RULES_PROPERTY_RUNS'] ?? 2500)
const DAY = 86_400_000
const START = 1_767_225_600_000
const FAR = asInstant(START + 10_000 * DAY)

const TYPES = ['completed', 'passed', 'failed']
const ACTIVITIES = ['urn:x', 'urn:y', 'urn:z']

const predicate: fc.Arbitrary<PlainPredicate> = fc.record(
  {
    types: fc.subarray(TYPES, { minLength: 1 }),
    activities: fc.subarray(ACTIVITIES, { minLength: 1 }),
    minScore: fc.constantFrom(0.3, 0.6),
  },
  { requiredKeys: ['types'] },
)

const within = fc.constantFrom(1, 3, 7, 20).map((days) => days * DAY)

const leaf: fc.Arbitrary<PlainLeaf> = fc.oneof(
  fc.record(
    { kind: fc.constant('count' as const), need: fc.integer({ min: 1, max: 4 }), where: predicate, within },
    { requiredKeys: ['kind', 'need', 'where'] },
  ),
  fc
    .record(
      {
        kind: fc.constant('distinct' as const),
        need: fc.integer({ min: 1, max: 3 }),
        where: predicate,
        values: fc.subarray(ACTIVITIES, { minLength: 1 }),
        within,
      },
      { requiredKeys: ['kind', 'need', 'where', 'values'] },
    )
    .map((made) => ({ ...made, need: Math.min(made.need, made.values.length) })),
)

const node = (depth: number, prerequisites: readonly string[]): fc.Arbitrary<PlainNode> => {
  const holds = prerequisites.map((achievement) => fc.constant({ kind: 'holds' as const, achievement }))
  if (depth === 0) return fc.oneof(leaf, leaf, ...holds)
  const children = fc.array(node(depth - 1, prerequisites), { minLength: 1, maxLength: 3 })
  return fc.oneof(
    leaf,
    ...holds,
    children.chain((list) =>
      fc
        .integer({ min: 1, max: list.length })
        .map((need) => ({ kind: 'nOf' as const, need, children: list })),
    ),
    fc.record({ kind: fc.constant('all' as const), children, nots: fc.array(leaf, { maxLength: 2 }) }),
  )
}

const rule = (achievement: string, prerequisites: readonly string[]): fc.Arbitrary<PlainRule> =>
  fc.record(
    {
      achievement: fc.constant(achievement),
      when: node(2, prerequisites),
      notBefore: fc.constantFrom(5, 12).map((day) => START + day * DAY),
    },
    { requiredKeys: ['achievement', 'when'] },
  )

const rules = fc.tuple(rule('one', []), rule('two', ['one']), rule('three', ['one', 'two']))

const SUBJECTS = ['subject-a', 'subject-b'] as SubjectId[]
const NOBODY: Identifier = { type: 'id', value: 'urn:test#1' }

const history = fc
  .array(
    fc.record(
      {
        subject: fc.constantFrom(...SUBJECTS),
        source: fc.constantFrom('urn:lms:1', 'urn:lms:2'),
        type: fc.constantFrom(...TYPES),
        day: fc.integer({ min: 0, max: 30 }),
        activity: fc.constantFrom(...ACTIVITIES),
        score: fc.constantFrom(0.1, 0.5, 0.9),
        isVoided: fc.boolean(),
      },
      { requiredKeys: ['subject', 'source', 'type', 'day'] },
    ),
    { minLength: 8, maxLength: 30 },
  )
  .map((drafts) =>
    drafts.flatMap(({ subject, source, type, day, activity, score, isVoided }, number) => {
      const event = {
        ...stored(`event-${number}`, subject, source, type, START + day * DAY),
        ...(activity === undefined ? {} : { activity }),
        ...(score === undefined ? {} : { score }),
      }
      const takesBack = {
        ...stored(`void-${number}`, subject, source, 'voided', START + 40 * DAY),
        voids: event.sourceId,
      }
      return isVoided === true && number % 2 === 0 ? [event, takesBack] : [event]
    }),
  )

const stored = (
  id: string,
  subjectId: SubjectId,
  source: string,
  type: string,
  time: number,
): StoredEvent => ({
  id: id as EventId,
  subjectId,
  source,
  sourceId: `id-${id}`,
  type,
  time: asInstant(time),
  actor: NOBODY,
  data: {},
})

/** The events shuffled, some of them twice, in portions, each with the service's clock at that moment. */
const deliveries = history.chain((events) =>
  fc
    .tuple(
      fc.shuffledSubarray(events, { minLength: events.length }),
      fc.subarray(events),
      fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 40, maxLength: 40 }),
      fc.integer({ min: 0, max: 6 }),
    )
    .map(([shuffled, again, sizes, daysBetween]) => {
      const stream = [...shuffled, ...again]
      const portions: { now: number; events: StoredEvent[] }[] = []
      for (let at = 0; at < stream.length; ) {
        const size = sizes[portions.length] ?? 8
        portions.push({
          now: START + portions.length * daysBetween * DAY,
          events: stream.slice(at, at + size),
        })
        at += size
      }
      return { events, portions }
    }),
)

const duration = (milliseconds: number) => `PT${milliseconds / 3_600_000}H`

function where({ types, activities, minScore }: PlainPredicate): string {
  const parts = [
    types.length === 1 ? `event.type == '${types[0]}'` : `event.type in ${JSON.stringify(types)}`,
  ]
  if (activities !== undefined) parts.push(`event.activity in ${JSON.stringify(activities)}`)
  if (minScore !== undefined) parts.push(`event.score >= ${minScore}`)
  return parts.join(' && ')
}

function written(plain: PlainNode): Json {
  switch (plain.kind) {
    case 'count':
      return {
        count: plain.need,
        where: where(plain.where),
        ...(plain.within ? { within: duration(plain.within) } : {}),
      }
    case 'distinct':
      return {
        distinctOf: plain.need,
        by: 'event.activity',
        in: plain.values,
        where: where(plain.where),
        ...(plain.within ? { within: duration(plain.within) } : {}),
      }
    case 'holds':
      return { holds: plain.achievement }
    case 'nOf':
      return plain.need === 1
        ? { any: plain.children.map(written) }
        : { nOf: plain.need, of: plain.children.map(written) }
    case 'all':
      return {
        all: [
          ...plain.nots.map((not) => ({ not: written(not), settle: 'P2D' })),
          ...plain.children.map(written),
        ],
      }
  }
}

const catalogue = catalogueOf('one', 'two', 'three')

const compile = (plain: readonly PlainRule[]) =>
  compileRules(
    plain.map(({ achievement, when, notBefore }) =>
      activeRule(
        ruleFor(achievement, written(when), {
          onRetract: 'revoke',
          ...(notBefore === undefined ? {} : { notBefore: formatInstant(asInstant(notBefore)) }),
        }),
        catalogue,
      ),
    ),
    testHash,
  )

test('whatever the order, the portions and the repetitions, eligibility is that of rescanning the whole history', () => {
  let eligible = 0
  let retracted = 0
  fc.assert(
    fc.property(rules, deliveries, (plain, { events, portions }) => {
      const ruleSet = compile(plain)
      const store = createSmallStore(ruleSet)
      for (const { now, events: portion } of portions) {
        store.process(asInstant(now), portion)
        store.wake(asInstant(now))
      }
      store.wake(FAR)
      retracted += store.decisions.filter(({ outcome }) => outcome === 'retracted').length
      for (const subjectId of SUBJECTS) {
        const own = events.filter((event) => event.subjectId === subjectId)
        const expected = obviousOutcome(plain, own as readonly PlainEvent[])
        for (const { achievement } of plain) {
          const ruleId = `rule-${achievement}` as RuleId
          const metAt = expected.get(achievement)
          const outcome = store.outcomes.get(outcomeKey(ruleId, subjectId, 'once'))
          expect(outcome === 'award').toBe(metAt !== undefined)
          const { states } = store
          const now = progress(ruleSet, ruleId, {
            now: FAR,
            subjectId,
            states,
            holdings: store.holdingsOf(subjectId),
          })
          expect(now?.verdict.status === 'met').toBe(metAt !== undefined)
          if (metAt === undefined || now?.verdict.status !== 'met') continue
          eligible++
          expect(now.verdict.metAt).toBe(metAt)
        }
      }
    }),
    { numRuns: RUNS },
  )
  // A generator that never makes anybody eligible, or never takes anything back, would prove nothing.
  expect(eligible).toBeGreaterThan(RUNS / 4)
  expect(retracted).toBeGreaterThan(RUNS / 50)
})

test('in any one batch, awards and their moments are those of rescanning, prerequisites included', () => {
  fc.assert(
    fc.property(rules, deliveries, (plain, { events, portions }) => {
      const store = createSmallStore(compile(plain))
      store.process(
        FAR,
        portions.flatMap((portion) => portion.events),
      )
      for (const subjectId of SUBJECTS) {
        const own = events.filter((event) => event.subjectId === subjectId)
        const awards = store.decisions.filter((decision) => decision.subjectId === subjectId)
        const found = new Map(
          awards.map(({ achievementId, metAt }) => [achievementId.slice('achievement-'.length), metAt]),
        )
        expect(awards.every(({ outcome }) => outcome === 'award')).toBe(true)
        expect(found.size).toBe(awards.length)
        expect(new Map([...found].sort())).toEqual(new Map([...obviousOutcome(plain, own)].sort()))
      }
    }),
    { numRuns: Math.ceil(RUNS / 5) },
  )
})

test('evaluating the same events again changes nothing', () => {
  fc.assert(
    fc.property(rules, deliveries, (plain, { events }) => {
      const store = createSmallStore(compile(plain))
      store.process(FAR, events)
      const again = store.process(FAR, events)
      expect([again.states.size, again.decisions.length, again.rescan.length]).toEqual([0, 0, 0])
    }),
    { numRuns: Math.ceil(RUNS / 5) },
  )
})
