import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileRules, type RuleSet } from '#engine/rules/compile/rule-set.ts'
import { progress } from '#engine/rules/explain/explain.ts'
import { activeRule, catalogueOf, testHash } from '#engine/rules/testing/build-rules.ts'
import { type Met, obviousOutcome, type PlainRule } from '#engine/rules/testing/obvious-way.ts'
import { deliveries, plainEvent, SUBJECTS } from '#engine/rules/testing/random-histories.ts'
import { DAY, randomRule, START, writtenRule } from '#engine/rules/testing/random-rules.ts'
import { createSmallStore } from '#engine/rules/testing/small-store.ts'
import type { RuleId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { outcomeKey } from './evaluation.ts'

/** `npm run test:rules` asks for more. */
const RUNS = Number(process.env['RULES_PROPERTY_RUNS'] ?? 400)
/** For a busy machine, and for ten thousand runs. */
const LONG = 1_200_000
const FAR = asInstant(START + 10_000 * DAY)

const once = fc.constant({ kind: 'once' as const })
/** The first two may be asked for by others: they award once. */
const rules = fc.tuple(
  randomRule('one', [], once),
  randomRule('two', ['one'], once),
  randomRule('three', ['one', 'two']),
)

const catalogue = catalogueOf('one', 'two', 'three')

const compile = (plain: readonly PlainRule[]) =>
  compileRules(
    plain.map((rule) => activeRule(writtenRule(rule), catalogue)),
    testHash,
  )

/** The names that the engine gives to the occurrences that the obvious way found. */
function named(ruleSet: RuleSet, { occurrence }: PlainRule, found: readonly Met[]): readonly Met[] {
  return found.map(({ occurrence: plain, metAt }) => ({
    metAt,
    occurrence:
      occurrence.kind === 'context'
        ? `ctx:${ruleSet.hashOf(plain)}`
        : occurrence.kind === 'unlimited'
          ? `event:${ruleSet.hashOf(plain.split(' '))}`
          : plain,
  }))
}

const inOrder = (found: readonly Met[]) =>
  [...found]
    .sort((a, b) => (a.occurrence < b.occurrence ? -1 : 1))
    .map(({ occurrence, metAt }) => [occurrence, metAt])

const ruleIdOf = (achievement: string) => `rule-${achievement}` as RuleId

test(
  'whatever the order, the portions and the repetitions, eligibility is that of rescanning the whole history',
  () => {
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
          const expected = obviousOutcome(plain, own.map(plainEvent))
          for (const rule of plain) {
            const met = named(ruleSet, rule, expected.get(rule.achievement) ?? [])
            const awarded = awardedTo(store.outcomes, ruleIdOf(rule.achievement), subjectId)
            eligible += met.length
            if (rule.occurrence.kind === 'unlimited') expect(awarded.length).toBe(met.length)
            else expect(awarded).toEqual(met.map(({ occurrence }) => occurrence).sort())
            if (rule.occurrence.kind !== 'once') continue
            const { states } = store
            const holdings = store.holdingsOf(subjectId)
            const now = progress(ruleSet, ruleIdOf(rule.achievement), {
              now: FAR,
              subjectId,
              states,
              holdings,
            })
            expect(now?.verdict.status === 'met' ? now.verdict.metAt : undefined).toBe(met[0]?.metAt)
          }
        }
      }),
      { numRuns: RUNS },
    )
    // A generator that never makes anybody eligible, or never takes anything back, would prove nothing.
    expect(eligible).toBeGreaterThan(RUNS / 2)
    expect(retracted).toBeGreaterThan(RUNS / 50)
  },
  LONG,
)

function awardedTo(
  outcomes: ReadonlyMap<string, string>,
  ruleId: RuleId,
  subjectId: SubjectId,
): readonly string[] {
  const prefix = outcomeKey(ruleId, subjectId, '')
  return [...outcomes]
    .filter(([key, outcome]) => key.startsWith(prefix) && outcome === 'award')
    .map(([key]) => key.slice(prefix.length))
    .sort()
}

test(
  'in any one batch, awards and their moments are those of rescanning, prerequisites included',
  () => {
    fc.assert(
      fc.property(rules, deliveries, (plain, { events, portions }) => {
        const ruleSet = compile(plain)
        const store = createSmallStore(ruleSet)
        store.process(
          FAR,
          portions.flatMap((portion) => portion.events),
        )
        for (const subjectId of SUBJECTS) {
          const own = events.filter((event) => event.subjectId === subjectId)
          const expected = obviousOutcome(plain, own.map(plainEvent))
          for (const rule of plain) {
            const decisions = store.decisions.filter(
              (decision) =>
                decision.subjectId === subjectId && decision.ruleId === ruleIdOf(rule.achievement),
            )
            expect(decisions.every(({ outcome }) => outcome === 'award')).toBe(true)
            expect(inOrder(decisions)).toEqual(
              inOrder(named(ruleSet, rule, expected.get(rule.achievement) ?? [])),
            )
          }
        }
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    )
  },
  LONG,
)

test(
  'evaluating the same events again changes nothing',
  () => {
    fc.assert(
      fc.property(rules, deliveries, (plain, { events }) => {
        // An event that comes again after what it was counted with was let go is looked for in the log: not here.
        const store = createSmallStore(compile(plain.map(({ lateness: _, ...rule }) => rule)))
        store.process(FAR, events)
        const again = store.process(FAR, events)
        expect([again.states.size, again.decisions.length, again.rescan.length]).toEqual([0, 0, 0])
      }),
      { numRuns: Math.ceil(RUNS / 5) },
    )
  },
  LONG,
)
