import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { compileRules, type RuleSet } from '#engine/rules/compile/rule-set.ts'
import { activeRule, catalogueOf, ruleFor, testHash } from '#engine/rules/testing/build-rules.ts'
import { obviousOutcome, type PlainRule } from '#engine/rules/testing/obvious-way.ts'
import { deliveries, plainEvent, SUBJECTS } from '#engine/rules/testing/random-histories.ts'
import { DAY, randomRule, START, writtenRule } from '#engine/rules/testing/random-rules.ts'
import type { EventId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { catchUp } from './catch-up.ts'
import { evaluate } from './evaluate.ts'
import {
  type DecisionOutcome,
  type EvaluationInput,
  type EvaluationResult,
  type Holding,
  type NewDecision,
  outcomeKey,
} from './evaluation.ts'

const RUNS = Number(process.env['RULES_PROPERTY_RUNS'] ?? 400)
const FAR = asInstant(START + 10_000 * DAY)
const SLEEPER = 'rule-one' as RuleId

const once = fc.constant({ kind: 'once' as const })
const rules = fc.tuple(
  randomRule('one', [], once),
  randomRule('two', ['one'], once),
  randomRule('three', ['one', 'two'], once),
)
const catalogue = catalogueOf('one', 'two', 'three')
const compile = (plain: readonly PlainRule[]) =>
  compileRules(
    plain.map((rule) => activeRule(writtenRule(rule), catalogue)),
    testHash,
  )

/** What the service keeps beside states, and does with a result. */
interface Kept {
  readonly outcomes: Map<string, DecisionOutcome>
  readonly holdings: Map<SubjectId, readonly Holding[]>
  readonly decisions: NewDecision[]
}

function keep(kept: Kept, { decisions }: EvaluationResult): void {
  for (const decision of decisions) {
    const { ruleId, subjectId, occurrence, outcome, achievementId, metAt } = decision
    kept.decisions.push(decision)
    kept.outcomes.set(outcomeKey(ruleId, subjectId, occurrence), outcome)
    const held = (kept.holdings.get(subjectId) ?? []).filter(({ by }) => by !== ruleId)
    const holding = { achievementId, since: metAt, by: ruleId, occurrence }
    kept.holdings.set(subjectId, outcome === 'award' ? [...held, holding] : held)
  }
}

const nothing = (): Kept => ({ outcomes: new Map(), holdings: new Map(), decisions: [] })

/** Evaluates whole histories, with whatever is due at once after it. */
function settle(kept: Kept, evaluated: (more: Partial<EvaluationInput>) => EvaluationResult): void {
  let reconsider: EvaluationInput['reconsider'] = []
  for (let round = 0; round < 20; round++) {
    const result = evaluated({ reconsider, outcomes: kept.outcomes, holdings: kept.holdings })
    keep(kept, result)
    reconsider = result.timers.filter(({ at }) => at <= FAR)
    if (reconsider.length === 0) return
  }
}

const whole = (ruleSet: RuleSet, events: readonly StoredEvent[], more: Partial<EvaluationInput>) =>
  evaluate(ruleSet, {
    ...{ now: FAR, events, reconsider: [], states: new Map(), outcomes: new Map(), holdings: new Map() },
    ...more,
  })

test('a rule that slept and catches up stands where rescanning stands, and so does who rests on it', () => {
  let taken = 0
  fc.assert(
    fc.property(rules, deliveries, fc.nat(), fc.boolean(), (plain, { events: inOrder }, at, isVoidLast) => {
      const all = compile(plain)
      // Often enough what takes back is what is missed.
      const events = isVoidLast
        ? [...inOrder.filter(({ voids }) => !voids), ...inOrder.filter(({ voids }) => voids)]
        : inOrder
      const lastSeen = isVoidLast ? inOrder.filter(({ voids }) => !voids).length : at % (events.length + 1)
      const seen = events.slice(0, lastSeen)
      const missed = new Set<EventId>(events.slice(seen.length).map(({ id }) => id))
      const kept = nothing()
      settle(kept, (more) => whole(all, seen, more))
      // While it sleeps the others go on: their corrections may take back.
      const awake = compileRules(
        all.rules.map(({ rule }) => rule).filter(({ ruleId }) => ruleId !== SLEEPER),
        testHash,
      )
      settle(kept, (more) => whole(awake, events, more))
      const before = kept.decisions.length
      settle(kept, ({ reconsider = [], ...more }) => {
        const everybody = SUBJECTS.map((subjectId) => ({ ruleId: SLEEPER, subjectId }))
        const input = { now: FAR, events, states: new Map(), outcomes: new Map(), holdings: new Map() }
        const again = { ...input, ...more, mayRetract: false, reconsider: [...everybody, ...reconsider] }
        return catchUp(all, again, { by: SLEEPER, events: missed })
      })
      taken += kept.decisions.slice(before).filter(({ outcome }) => outcome === 'retracted').length
      for (const subjectId of SUBJECTS) {
        const own = events.filter((event) => event.subjectId === subjectId)
        const expected = obviousOutcome(plain, own.map(plainEvent))
        for (const { achievement } of plain) {
          const outcome = kept.outcomes.get(outcomeKey(`rule-${achievement}` as RuleId, subjectId, 'once'))
          expect([achievement, outcome === 'award']).toEqual([
            achievement,
            (expected.get(achievement) ?? []).length > 0,
          ])
        }
      }
    }),
    { numRuns: Math.ceil(RUNS / 2) },
  )
  // One that never takes anything back would prove nothing.
  expect(taken).toBeGreaterThan(0)
}, 1_200_000)

test('no other rule takes anything back, and none does for what was taken back before', () => {
  const ann = 'ann' as SubjectId
  const at = (id: string, type: string, voids?: string): StoredEvent => ({
    id: id as EventId,
    subjectId: ann,
    source: 'urn:lms:1',
    sourceId: id,
    type,
    time: asInstant(START),
    actor: { type: 'id', value: 'urn:lms:1#1' },
    data: {},
    ...(voids === undefined ? {} : { voids }),
  })
  // Both were awarded by versions that asked for one event less.
  const asking = (slug: string, type: string) =>
    activeRule(
      ruleFor(slug, { count: 2, where: `event.type == '${type}'` }, { onRetract: 'revoke' }),
      catalogue,
    )
  const set = compileRules([asking('one', 'completed'), asking('two', 'passed')], testHash)
  const events = [
    ...[at('c1', 'completed'), at('p1', 'passed'), at('c0', 'completed'), at('v0', 'voided', 'c0')],
    ...[at('v1', 'voided', 'p1'), at('v2', 'voided', 'c1')],
  ]
  const decided = (...missed: readonly string[]) =>
    catchUp(
      set,
      {
        ...{ now: FAR, events, states: new Map(), reconsider: [{ ruleId: SLEEPER, subjectId: ann }] },
        outcomes: new Map(
          ['rule-one', 'rule-two'].map((id) => [outcomeKey(id as RuleId, ann, 'once'), 'award' as const]),
        ),
        holdings: new Map(),
        mayRetract: false,
      },
      { by: SLEEPER, events: new Set(missed as readonly EventId[]) },
    ).decisions.map(({ ruleId, outcome }) => [ruleId, outcome])
  expect(decided('v1')).toEqual([])
  expect(decided('v1', 'v2')).toEqual([['rule-one', 'retracted']])
})
