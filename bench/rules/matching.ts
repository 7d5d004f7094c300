import type { Benchmark, Pace, Table } from '../benchmark.ts'
import { compare, type Pass, pass } from '../compare.ts'
import { COMPARISON_COLUMNS, comparisonCells, whole } from '../table.ts'
import type { BenchRule } from './bench-rule.ts'
import { type CatalogueKind, catalogueOfRules } from './catalogue.ts'
import { celMatcher } from './cel-matcher.ts'
import { type BenchEvent, historyOf } from './history.ts'
import { jsonLogicMatcher } from './json-logic-matcher.ts'
import { jsonRulesMatcher } from './json-rules-matcher.ts'
import type { CompiledMatcher, Matcher } from './matcher.ts'
import { requireSame } from './require-same.ts'
import { scaleOf } from './scale.ts'
import { treeMatcher } from './tree-matcher.ts'

const PEERS: readonly Matcher[] = [jsonRulesMatcher, jsonLogicMatcher, celMatcher]
/** Events of one of our passes. */
const PART = 2000
const CATALOGUES = ['sparse', 'dense'] as const

/** Which rules does an event meet? Without time, people and state. */
export const matchingBenchmark: Benchmark = {
  name: 'matching',
  about: 'events a second through the predicates of all rules, beside three rule engines',
  run: async (pace) => {
    const { events, people, rules } = scaleOf(pace)
    const tables: Table[] = []
    for (const kind of CATALOGUES) {
      const rows: string[][] = []
      for (const count of rules)
        rows.push(...(await measure(kind, count, historyOf({ rules: count, events, people }), pace)))
      tables.push({
        title: `matching, ${kind}: events a second through the predicates of all rules`,
        columns: ['rules', 'matches of all events', 'peer is', ...COMPARISON_COLUMNS],
        rows,
        notes: NOTES[kind](whole(events)),
      })
    }
    return tables
  },
}

const NOTES = {
  sparse: (events: string) => [
    'Rule: an activity out of three, of type `completed`, with a score of 0.7 or more. Each rule has activities of its own, so that an event can match one rule.',
    `Ours: \`compileRules\`, then for each of ${events} events the tree, with the compiled predicates of what it leaves open, as \`evaluate()\` does it. Its passes go round through all events, ${whole(PART)} at a time.`,
    'Peers: each rule in the words of the engine, compiled before the clock starts as far as it can be (`build` of `json-logic-engine`, `plan` of `@bufbuild/cel`), the event in the form that it wants, and every rule asked. Their passes go through the first of the same events, as few as take some tenths of a second.',
    'The matches of all events were counted by hand, too, event by event; what a peer saw is the same in every pass.',
  ],
  dense: () => [
    'Rule: one kind of activity out of fifty (ten, where there are ten rules), of type `completed`, with a least score of its own: a completed event is asked about a fiftieth of the rules and matches half of these. No two rules are alike, so nothing is shared.',
    'The sides and the checks are those of the table above.',
  ],
}

async function measure(
  kind: CatalogueKind,
  count: number,
  history: readonly BenchEvent[],
  pace: Pace,
): Promise<string[][]> {
  const rules = catalogueOfRules(kind, count)
  const expected = countByHand(rules, history)
  const ours = treeMatcher.compile(rules)
  requireSame(treeMatcher.name, await ours.counting(history)(), expected)
  const parts = partsOf(history, expected)
  let turn = 0
  const rows: string[][] = []
  for (const peer of PEERS) {
    pace.progress(`${kind}, ${whole(count)} rules, ${peer.name}`)
    const seen = history.slice(0, Math.max(1, Math.floor(peer.questionsOfAPass / count)))
    const compiled = peer.compile(rules)
    const sides = {
      ours: () => passOf(treeMatcher, ours, parts[turn++ % parts.length] ?? { events: [], expected: [] })(),
      peer: passOf(peer, compiled, { events: seen, expected: expected.slice(0, seen.length) }),
    }
    const comparison = await compare(sides, pace)
    const matches = expected.reduce((sum, each) => sum + each, 0)
    rows.push([whole(count), whole(matches), peer.name, ...comparisonCells(comparison)])
  }
  return rows
}

interface Part {
  readonly events: readonly BenchEvent[]
  readonly expected: readonly number[]
}

/** All events, in parts that take some milliseconds. */
const partsOf = (history: readonly BenchEvent[], expected: readonly number[]): readonly Part[] =>
  Array.from({ length: Math.ceil(history.length / PART) }, (_, part) => ({
    events: history.slice(part * PART, (part + 1) * PART),
    expected: expected.slice(part * PART, (part + 1) * PART),
  }))

function passOf({ name }: Matcher, compiled: CompiledMatcher, { events, expected }: Part): Pass {
  const count = compiled.counting(events)
  return pass(
    () => count,
    async (counting) => {
      requireSame(name, await counting(), expected)
      return events.length
    },
  )
}

/** Without any engine: what each event meets, found by what the rule is about, and its score compared. */
function countByHand(rules: readonly BenchRule[], history: readonly BenchEvent[]): readonly number[] {
  const scores = new Map<string, number[]>()
  for (const { about, leastScore } of rules)
    for (const name of 'activities' in about ? about.activities : [about.activityType])
      scores.set(name, [...(scores.get(name) ?? []), leastScore])
  return history.map(({ type, activity, activityType, score }) => {
    if (type !== 'completed') return 0
    const asked = scores.get(activity) ?? scores.get(activityType) ?? []
    return asked.reduce((met, least) => met + (score >= least ? 1 : 0), 0)
  })
}
