import fc from 'fast-check'
import { asInstant, formatInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { ruleFor } from './build-rules.ts'
import type {
  PlainFact,
  PlainLeaf,
  PlainMeasure,
  PlainNode,
  PlainNot,
  PlainOccurrence,
  PlainRule,
  PlainWindow,
} from './obvious-way.ts'
import type { PlainPeriod } from './plain-calendar.ts'
import type { PlainPredicate } from './plain-events.ts'

export const DAY = 86_400_000
/** Two weeks before the clocks change in Amsterdam. */
export const START = Date.UTC(2026, 2, 15)
export const TYPES = ['completed', 'passed', 'failed', 'scored', 'enrolled']
export const ACTIVITIES = ['urn:x', 'urn:y', 'urn:z']
export const TOPICS = ['class-a', 'class-b']

/** Present once in so many times: a rule that asks for everything at once is never met. */
const seldom = <Key extends string, Value>(
  key: Key,
  value: fc.Arbitrary<Value>,
  times: number,
): fc.Arbitrary<{ [Name in Key]?: Value }> =>
  fc
    .tuple(fc.integer({ min: 1, max: times }), value)
    .map(([drawn, made]) => (drawn === 1 ? { [key]: made } : {}) as { [Name in Key]?: Value })

const predicate: fc.Arbitrary<PlainPredicate> = fc
  .tuple(
    fc.subarray(TYPES, { minLength: 2, maxLength: 4 }),
    seldom('activities', fc.subarray(ACTIVITIES, { minLength: 1 }), 4),
    seldom('minScore', fc.constantFrom(0.3, 0.6), 4),
  )
  .map(([types, activities, minScore]) => ({ types, ...activities, ...minScore }))

const length = fc.constantFrom(1, 3, 7, 20).map((days) => days * DAY)
const zone = fc.constantFrom('Europe/Amsterdam', 'UTC')
const per: fc.Arbitrary<PlainPeriod> = fc.record({ unit: fc.constantFrom('day', 'week', 'month'), zone })
const pick = fc.constantFrom('first' as const, 'last' as const)
const few = fc.constantFrom(1, 1, 2, 3)

const window: fc.Arbitrary<PlainWindow> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'life' as const }) },
  { weight: 3, arbitrary: length.map((long) => ({ kind: 'rolling' as const, length: long })) },
  per.map((period) => ({ kind: 'period' as const, per: period })),
  fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 20 })).map(([from, days]) => ({
    kind: 'range' as const,
    from: START + from * DAY,
    to: START + (from + days) * DAY,
  })),
  pick.map((which) => ({ kind: 'since' as const, type: 'enrolled', pick: which })),
)

const counted: fc.Arbitrary<PlainMeasure> = fc.oneof(
  few.map((need) => ({ kind: 'count' as const, need })),
  fc.oneof(
    few.map((need) => ({ kind: 'distinct' as const, need })),
    fc
      .tuple(few, fc.subarray(ACTIVITIES, { minLength: 1 }))
      .map(([need, values]) => ({ kind: 'distinct' as const, need: Math.min(need, values.length), values })),
  ),
  fc.constantFrom(0.5, 1, 1.5).map((need) => ({ kind: 'sum' as const, need })),
)

const measure: fc.Arbitrary<PlainMeasure> = fc.oneof(
  { weight: 3, arbitrary: counted },
  fc.record({
    kind: fc.constantFrom('avg' as const, 'min' as const, 'max' as const, 'rate' as const),
    need: fc.constantFrom(0.3, 0.5, 0.8),
    atLeast: few,
  }),
  fc.record({ kind: fc.constant('streak' as const), need: few, per, perUnit: fc.constantFrom(1, 1, 2) }),
  fc.record({ kind: fc.constantFrom('first' as const, 'last' as const) }),
)

const join = fc.record({
  minScore: fc.constantFrom(0.3, 0.6),
  within: length,
  pick: fc.constantFrom('max' as const, 'min' as const, 'last' as const),
})

const leaf: fc.Arbitrary<PlainLeaf> = fc
  .tuple(
    fc.record({ kind: fc.constant('leaf' as const), where: predicate, measure, window }),
    seldom('id', fc.constantFrom('a', 'b'), 2),
    seldom('join', join, 6),
  )
  .map(([made, id, joined]) => ({ ...made, ...id, ...joined }))

const fact: fc.Arbitrary<PlainFact> = fc.record({
  kind: fc.constantFrom('cohort' as const, 'attribute' as const),
  topic: fc.constantFrom(...TOPICS),
})

const forbidden: fc.Arbitrary<PlainLeaf> = fc.record({
  kind: fc.constant('leaf' as const),
  where: predicate,
  measure: counted,
  window,
})

const not: fc.Arbitrary<PlainNot> = fc.record({
  what: fc.oneof({ weight: 3, arbitrary: forbidden }, fact),
  until: fc.constantFrom('satisfied' as const, 'satisfied' as const, 'deadline' as const, 'period' as const),
})

const other: fc.Arbitrary<PlainNode> = fc.oneof(
  fact,
  fc.record(
    {
      kind: fc.constant('sequence' as const),
      steps: fc.array(predicate, { minLength: 2, maxLength: 3 }),
      within: length,
    },
    { requiredKeys: ['kind', 'steps'] },
  ),
  fc.record(
    {
      kind: fc.constant('absence' as const),
      where: predicate,
      length,
      since: fc.record({ type: fc.constant('enrolled'), pick }),
    },
    { requiredKeys: ['kind', 'where', 'length'] },
  ),
  fc.record({
    kind: fc.constant('anniversary' as const),
    type: fc.constantFrom('enrolled', 'completed'),
    pick,
    days: fc.constantFrom(3, 10),
    months: fc.constantFrom(0, 1),
    zone,
  }),
)

const node = (depth: number, prerequisites: readonly string[]): fc.Arbitrary<PlainNode> => {
  const holds = prerequisites.map((achievement) => fc.constant({ kind: 'holds' as const, achievement }))
  const single = fc.oneof({ weight: 4, arbitrary: leaf }, other, ...holds)
  if (depth === 0) return single
  const children = fc.array(node(depth - 1, prerequisites), { minLength: 1, maxLength: 3 })
  return fc.oneof(
    single,
    children.chain((list) =>
      fc
        .integer({ min: 1, max: list.length })
        .map((need) => ({ kind: 'nOf' as const, need, children: list })),
    ),
    fc.record({
      kind: fc.constant('all' as const),
      children,
      nots: fc.oneof(fc.constant([]), fc.array(not, { minLength: 1, maxLength: 2 })),
    }),
  )
}

/** For `unlimited`: one leaf that counts events, beside facts and what may not be. */
const triggered: fc.Arbitrary<PlainNode> = fc.oneof(
  leaf,
  fc
    .tuple(leaf, fc.array(fact, { maxLength: 1 }), fc.array(not, { maxLength: 1 }))
    .map(([trigger, facts, nots]) => ({ kind: 'all' as const, children: [trigger, ...facts], nots })),
)

const occurrence: fc.Arbitrary<PlainOccurrence> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'once' as const }) },
  per.map((period) => ({ kind: 'period' as const, per: period })),
  fc.constant({ kind: 'context' as const }),
  fc.constant({ kind: 'unlimited' as const }),
)

export const randomRule = (
  achievement: string,
  prerequisites: readonly string[],
  kinds: fc.Arbitrary<PlainOccurrence> = occurrence,
): fc.Arbitrary<PlainRule> =>
  kinds
    .chain((kind) =>
      fc
        .tuple(
          fc.record({
            achievement: fc.constant(achievement),
            when: kind.kind === 'unlimited' ? triggered : node(2, kind.kind === 'once' ? prerequisites : []),
            occurrence: fc.constant(kind),
          }),
          seldom(
            'notBefore',
            fc.constantFrom(2, 12).map((day) => START + day * DAY),
            5,
          ),
          seldom(
            'deadline',
            fc.constantFrom(15, 25).map((day) => START + day * DAY),
            4,
          ),
          seldom('lateness', fc.constantFrom(0, 3), 3),
          seldom(
            'penalty',
            fc.record({ where: predicate, resets: fc.subarray(['a', 'b'], { minLength: 1 }) }),
            3,
          ),
        )
        .map((members): PlainRule => Object.assign({}, ...members)),
    )
    .map(withOwnIds)
    .map(sensible)

/** Each id stands once: the first leaf keeps it. */
function withOwnIds(rule: PlainRule): PlainRule {
  const seen = new Set<string>()
  const own = (plain: PlainNode): PlainNode => {
    if (plain.kind === 'nOf' || plain.kind === 'all') return { ...plain, children: plain.children.map(own) }
    if (plain.kind !== 'leaf' || plain.id === undefined) return plain
    const { id, ...rest } = plain
    if (seen.has(id)) return rest
    seen.add(id)
    return plain
  }
  const when = own(rule.when)
  const { penalty, ...rest } = rule
  const resets = penalty?.resets.filter((id) => seen.has(id)) ?? []
  return penalty === undefined || resets.length === 0
    ? { ...rest, when }
    : { ...rest, when, penalty: { ...penalty, resets } }
}

/** What the rule has no end for lasts until it is satisfied; what has no event to tell its times by awards once. */
function sensible(rule: PlainRule): PlainRule {
  const mend = (plain: PlainNode): PlainNode => {
    if (plain.kind === 'nOf') return { ...plain, children: plain.children.map(mend) }
    if (plain.kind !== 'all') return plain
    const nots = plain.nots.map(({ what, until }) => ({
      what,
      until:
        (until === 'deadline' && rule.deadline === undefined) ||
        (until === 'period' && rule.occurrence.kind !== 'period')
          ? ('satisfied' as const)
          : until,
    }))
    return { ...plain, children: plain.children.map(mend), nots }
  }
  const looksAtEvents = (plain: PlainNode): boolean =>
    'children' in plain
      ? plain.children.some(looksAtEvents)
      : !['cohort', 'attribute', 'holds'].includes(plain.kind)
  const isTold = looksAtEvents(rule.when)
  return {
    ...rule,
    when: mend(rule.when),
    ...(isTold ? {} : { occurrence: { kind: 'once' as const } }),
  }
}

/** The same rule as an author writes it. */
export function writtenRule(plain: PlainRule): Json {
  const { achievement, when, occurrence: kind, notBefore, deadline, lateness, penalty } = plain
  return ruleFor(achievement, written(when), {
    onRetract: 'revoke',
    occurrence:
      kind.kind === 'period'
        ? { kind: 'period', ...kind.per }
        : kind.kind === 'context'
          ? { kind: 'context', by: 'event.activity' }
          : { kind: kind.kind },
    ...(notBefore === undefined ? {} : { notBefore: time(notBefore) }),
    ...(deadline === undefined ? {} : { deadline: time(deadline) }),
    ...(lateness === undefined ? {} : { allowedLateness: `P${lateness}D` }),
    ...(penalty === undefined
      ? {}
      : { penalty: [{ where: whereOf(penalty.where), resets: penalty.resets }] }),
  })
}

const time = (at: number): string => formatInstant(asInstant(at))
const duration = (milliseconds: number) => `PT${milliseconds / 3_600_000}H`

function whereOf({ types, activities, minScore }: PlainPredicate): string {
  const parts = [
    types.length === 1 ? `event.type == '${types[0]}'` : `event.type in ${JSON.stringify(types)}`,
  ]
  if (activities !== undefined) parts.push(`event.activity in ${JSON.stringify(activities)}`)
  if (minScore !== undefined) parts.push(`event.score >= ${minScore}`)
  return parts.join(' && ')
}

function written(plain: PlainNode): Json {
  switch (plain.kind) {
    case 'leaf':
      return writtenLeaf(plain)
    case 'cohort':
      return { cohort: plain.topic }
    case 'attribute':
      return { attribute: plain.topic, is: 'value == true' }
    case 'holds':
      return { holds: plain.achievement }
    case 'sequence':
      return {
        sequence: plain.steps.map((step) => ({ where: whereOf(step) })),
        ...(plain.within === undefined ? {} : { within: duration(plain.within) }),
      }
    case 'absence':
      return {
        absence: duration(plain.length),
        where: whereOf(plain.where),
        ...(plain.since === undefined ? {} : { since: { event: plain.since.type, pick: plain.since.pick } }),
      }
    case 'anniversary':
      return {
        anniversary: `P${plain.months === 0 ? '' : `${plain.months}M`}${plain.days}D`,
        since: { event: plain.type, pick: plain.pick },
        zone: plain.zone,
      }
    case 'nOf':
      return plain.need === 1
        ? { any: plain.children.map(written) }
        : { nOf: plain.need, of: plain.children.map(written) }
    case 'all':
      return {
        all: [
          ...plain.nots.map(({ what, until }) => ({ not: written(what), until, settle: 'P2D' })),
          ...plain.children.map(written),
        ],
      }
  }
}

function writtenLeaf({ id, where, measure: plain, window: over, join: joined }: PlainLeaf): Json {
  return {
    ...(id === undefined ? {} : { id }),
    ...writtenMeasure(plain),
    ...writtenWindow(over),
    where: whereOf(where) + (joined === undefined ? '' : ` && join.best >= ${joined.minScore}`),
    ...(joined === undefined
      ? {}
      : {
          join: {
            best: {
              from: "event.type == 'scored'",
              value: 'event.score',
              on: 'event.activity',
              within: duration(joined.within),
              pick: joined.pick,
            },
          },
        }),
  }
}

function writtenMeasure(plain: PlainMeasure): Record<string, Json> {
  switch (plain.kind) {
    case 'count':
      return { count: plain.need }
    case 'distinct':
      return plain.values === undefined
        ? { distinct: plain.need, by: 'event.activity' }
        : { distinctOf: plain.need, by: 'event.activity', in: plain.values }
    case 'sum':
      return { sum: plain.need, of: 'event.score' }
    case 'rate':
      return { rate: plain.need, of: 'event.score >= 0.5', atLeast: plain.atLeast }
    case 'streak':
      return { streak: plain.need, ...plain.per, perUnit: plain.perUnit }
    case 'first':
    case 'last':
      return { [plain.kind]: 'event.score >= 0.5' }
    default:
      return { [plain.kind]: plain.need, of: 'event.score', atLeast: plain.atLeast }
  }
}

function writtenWindow(over: PlainWindow): Record<string, Json> {
  switch (over.kind) {
    case 'life':
      return {}
    case 'rolling':
      return { within: duration(over.length) }
    case 'period':
      return { period: { ...over.per } }
    case 'range':
      return { range: { from: time(over.from), to: time(over.to) } }
    case 'since':
      return { since: { event: over.type, pick: over.pick } }
  }
}
