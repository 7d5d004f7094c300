import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import type { Benchmark, Pace, Table } from '../benchmark.ts'
import { compare, pass } from '../compare.ts'
import { COMPARISON_COLUMNS, comparisonCells, whole } from '../table.ts'
import type { BenchRule } from './bench-rule.ts'
import { type CatalogueKind, catalogueOfRules } from './catalogue.ts'
import { celMatcher } from './cel-matcher.ts'
import { compileBenchRules } from './compile-bench-rules.ts'
import { countAwards } from './count-awards.ts'
import { type BenchEvent, historyOf } from './history.ts'
import { jsonLogicMatcher } from './json-logic-matcher.ts'
import { jsonRulesMatcher } from './json-rules-matcher.ts'
import type { Matcher } from './matcher.ts'
import { createRescan } from './rescan.ts'
import { scaleOf } from './scale.ts'
import { createStateKeeper, type StateKeeper } from './state-keeper.ts'

/** Events of one call: what the evaluate step claims at a time. */
export const CALL = 200
/** Of runs through all events, seconds each. */
const ROUNDS = 2
const PEERS: readonly Matcher[] = [jsonRulesMatcher, jsonLogicMatcher, celMatcher]

/** `levels` is a dense catalogue as it is in practice: many rules ask for the same in different numbers. */
const CATALOGUES = [
  { kind: 'sparse', title: 'sparse' },
  { kind: 'levels', title: 'dense' },
] as const
const CROWDS = [
  { hot: false, title: 'alike' },
  { hot: true, title: '1 % do half' },
] as const

/** Who earns what? With time, people and state, in one thread and without a database. */
export const awardsBenchmark: Benchmark = {
  name: 'awards',
  about: 'events a second to awards, with 10 rules and with 10,000',
  run: async (pace) => [await measureGrowth({ ...pace, rounds: ROUNDS })],
}

/** The same beside the obvious way. */
export const rescanBenchmark: Benchmark = {
  name: 'rescan',
  about: 'events a second to awards, beside rescanning with three rule engines',
  run: async (pace) => [await measureBeside({ ...pace, rounds: ROUNDS })],
}

async function measureGrowth(pace: Pace): Promise<Table> {
  const { events, people, rules } = scaleOf(pace)
  const [fewest = 0, ...more] = rules
  const rows: string[][] = []
  for (const { kind, title } of CATALOGUES)
    for (const crowd of CROWDS) {
      const few = sceneOf(kind, fewest, historyOf({ rules: fewest, events, people, hot: crowd.hot }))
      // The busy ones are for the largest number only: a run takes its time.
      for (const count of crowd.hot ? more.slice(-1) : more) {
        pace.progress(`${title}, ${crowd.title}, ${whole(count)} rules`)
        const many = sceneOf(kind, count, historyOf({ rules: count, events, people, hot: crowd.hot }))
        const states = statesOf(runAll(many))
        const sides = { ours: passOf(many), peer: passOf(few) }
        rows.push([
          title,
          crowd.title,
          whole(count),
          whole(many.expected.size),
          whole(states),
          ...comparisonCells(await compare(sides, pace)),
        ])
      }
    }
  return {
    title: `awards: events a second, and what is left of it with more rules than ${fewest}`,
    columns: [
      'catalogue',
      'people',
      'rules',
      'awards',
      'states',
      'so many rules',
      `${fewest} rules`,
      'of its rate',
    ],
    rows,
    notes: [
      `Both sides are ours: \`evaluate()\` of \`engine/rules/\` in calls of ${CALL} events, ${whole(events)} events of ${whole(people)} people from the first to the last, beginning without any state. Between calls, states are kept packed (\`engine/state/packed-state.ts\`); packing and unpacking are part of it, compiling is not.`,
      'Sparse: two of three modules of a course, with a score of 0.7 or more, within 90 days; a rule a course. Dense: so many activities of one kind out of fifty (ten, where there are ten rules), from two upwards, within 90 days: at 10,000 rules each event meets 200 of them, which share one state.',
      'The awards of every pass were compared with an independent count over the same events, person by person and rule by rule.',
    ],
  }
}

async function measureBeside(pace: Pace): Promise<Table> {
  const { events, people, rules } = scaleOf(pace)
  const rows: string[][] = []
  for (const { kind, title } of CATALOGUES)
    for (const count of rules) {
      const history = historyOf({ rules: count, events, people })
      for (const peer of PEERS) {
        pace.progress(`${title}, ${whole(count)} rules, ${peer.name}`)
        const catalogue = catalogueOfRules(kind, count)
        const slice = sliceOf(catalogue, history, peer.questionsOfAPass / count)
        const scene = sceneOf(kind, count, slice)
        const rescan = createRescan(peer, catalogue)
        const sides = {
          ours: passOf(scene),
          peer: pass(
            () => slice,
            async (all) => {
              requireEqual(await rescan(all), scene.expected)
              return all.length
            },
          ),
        }
        rows.push([
          title,
          whole(count),
          whole(slice.length),
          whole(scene.expected.size),
          peer.name,
          ...comparisonCells(await compare(sides, pace)),
        ])
      }
    }
  return {
    title: 'rescan: events a second to awards, beside rescanning with three rule engines',
    columns: ['catalogue', 'rules', 'events', 'awards', 'peer asks', ...COMPARISON_COLUMNS],
    rows,
    notes: [
      'Ours: as above, on a slice of the same events: all events of some people who earn something.',
      'Peer: the obvious way. For each event the engine is asked which of all rules it meets; then the person’s matches of that rule are counted. It keeps no trace, and relies on events coming in order and once, which ours does not.',
      'Every pass of every side gave the same awards to the same people, and those that were counted by hand.',
    ],
  }
}

interface Scene {
  readonly ruleSet: RuleSet
  readonly history: readonly BenchEvent[]
  readonly expected: ReadonlySet<string>
}

function sceneOf(kind: CatalogueKind, count: number, history: readonly BenchEvent[]): Scene {
  const catalogue = catalogueOfRules(kind, count)
  const expected = countAwards(catalogue, history)
  if (expected.size === 0) throw new Error('Nobody earns anything, so nothing is compared.')
  return { ruleSet: compileBenchRules(catalogue), history, expected }
}

/** From the first event to the last, beginning without any state. */
function runAll({ ruleSet, history, expected }: Scene): StateKeeper {
  const keeper = createStateKeeper(ruleSet)
  for (let from = 0; from < history.length; from += CALL) keeper.take(history.slice(from, from + CALL))
  requireEqual(keeper.awards, expected)
  return keeper
}

const passOf = (scene: Scene) =>
  pass(
    () => scene,
    (given) => {
      runAll(given)
      return given.history.length
    },
  )

/** The events of people who earn something, whole people only, and about so many events. */
function sliceOf(
  catalogue: readonly BenchRule[],
  history: readonly BenchEvent[],
  about: number,
): readonly BenchEvent[] {
  const earners = new Set([...countAwards(catalogue, history)].map((award) => award.split(' ')[0]))
  const chosen = new Set<string>()
  let size = 0
  for (const earner of earners) {
    if (earner === undefined || (chosen.size > 0 && size >= Math.min(about, history.length / 10))) break
    chosen.add(earner)
    size += history.filter(({ subjectId }) => subjectId === earner).length
  }
  return history.filter(({ subjectId }) => chosen.has(subjectId))
}

export function statesOf({ states, forEachState }: StateKeeper): number {
  let count = 0
  for (const ofSubject of states.values())
    forEachState(ofSubject, () => {
      count++
    })
  return count
}

function requireEqual(found: ReadonlySet<string>, expected: ReadonlySet<string>): void {
  if (found.size !== expected.size || [...found].some((award) => !expected.has(award)))
    throw new Error(`There are ${found.size} awards where there should be ${expected.size}, or other ones.`)
}
