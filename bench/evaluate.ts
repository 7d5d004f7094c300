import { sha256 } from '#adapters/crypto/hashes.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { evaluate } from '#engine/rules/evaluate.ts'
import { type DecisionOutcome, outcomeKey } from '#engine/rules/evaluation.ts'
import { compileRules, type RuleSet } from '#engine/rules/rule-set.ts'
import { activeRule, catalogueOf, ruleFor } from '#engine/rules/testing/build-rules.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { LeafState } from '#engine/state/leaf-state.ts'
import type { Benchmark, Pace } from './benchmark.ts'
import { createCelScan } from './cel-scan.ts'
import { compare, pass } from './compare.ts'
import { type CourseRule, courseHistory, courseRules } from './courses.ts'
import { COMPARISON_COLUMNS, comparisonCells, whole } from './table.ts'

const RULES = [10, 1000]
/** Few, as each of them costs the peer a look at every rule. */
const EVENTS = 1000
const PEOPLE = 100
/** Events of one call: what the evaluate step claims at a time. */
const CALL = 200

/** Events a second through the pure engine, in one thread and without a database. */
export const evaluateBenchmark: Benchmark = {
  name: 'evaluate',
  about: 'evaluated events a second, beside a scan of all rules with @bufbuild/cel',
  run: async (pace) => {
    const rows: string[][] = []
    for (const rules of RULES) rows.push(await measure(rules, pace))
    return [
      {
        title: 'evaluate: events a second through the rules',
        columns: ['rules', 'awards', ...COMPARISON_COLUMNS],
        rows,
        notes: [
          `Ours: \`evaluate()\` of \`engine/rules/\` in calls of ${CALL} events, with decisions and their traces, beginning without any state; the rules were compiled before.`,
          'Peer: for each event each rule’s predicate, planned before by `@bufbuild/cel`, until all are seen; then the person’s matches of that rule are counted. It keeps no trace, and relies on events coming in order and once, which the engine does not.',
          'Each rule: two of three modules of its course, with a score of 0.7 or more, within 90 days. An event matches one rule at most, so the peer’s cost grows with the rules and ours hardly does: the ratio belongs to this number of rules and to such a catalogue.',
          `${whole(EVENTS)} events of ${PEOPLE} people, in order: short histories, nobody busier than another. One thread, no database.`,
          'The two sides gave the same awards to the same people in every pass.',
        ],
      },
    ]
  },
}

async function measure(rules: number, pace: Pace): Promise<string[]> {
  pace.progress(`${rules} rules`)
  const written = courseRules(rules)
  const history = courseHistory({ rules, events: EVENTS, people: PEOPLE })
  const ruleSet = compile(written)
  const scan = createCelScan(written)
  const expected = scan(history)
  if (expected.size === 0) throw new Error('Nobody earns anything, so nothing is compared.')

  const side = (evaluateAll: (events: readonly StoredEvent[]) => ReadonlySet<string>) =>
    pass(
      () => history,
      (events) => {
        requireEqual(evaluateAll(events), expected)
        return events.length
      },
    )
  const sides = { ours: side((all) => evaluateHistory(ruleSet, all)), peer: side(scan) }
  return [whole(rules), whole(expected.size), ...comparisonCells(await compare(sides, pace))]
}

function compile(rules: readonly CourseRule[]): RuleSet {
  const catalogue = catalogueOf(...rules.map(({ name }) => name))
  return compileRules(
    rules.map(({ name, activities, where, need, withinDays }) => {
      const when = {
        distinctOf: need,
        by: 'event.activity',
        in: activities,
        where,
        within: `P${withinDays}D`,
      }
      return activeRule(ruleFor(name, when), catalogue)
    }),
    sha256,
  )
}

/** Awards as `SUBJECT ACHIEVEMENT`. Keeps between calls what the service keeps in the database. */
function evaluateHistory(ruleSet: RuleSet, history: readonly StoredEvent[]): ReadonlySet<string> {
  const states = new Map<string, LeafState>()
  const outcomes = new Map<string, DecisionOutcome>()
  const holdings = new Map()
  const awards = new Set<string>()
  for (let from = 0; from < history.length; from += CALL) {
    const events = history.slice(from, from + CALL)
    const now = asInstant(events.at(-1)?.time ?? 0)
    const result = evaluate(ruleSet, { now, events, reconsider: [], states, outcomes, holdings })
    for (const [key, { state }] of result.states) states.set(key, state)
    for (const { ruleId, subjectId, occurrence, outcome } of result.decisions) {
      outcomes.set(outcomeKey(ruleId, subjectId, occurrence), outcome)
      if (outcome === 'award') awards.add(`${subjectId} ${ruleId.slice('rule-'.length)}`)
    }
  }
  return awards
}

function requireEqual(found: ReadonlySet<string>, expected: ReadonlySet<string>): void {
  if (found.size !== expected.size || [...found].some((award) => !expected.has(award)))
    throw new Error(`The two sides gave ${found.size} and ${expected.size} awards, and not the same.`)
}
