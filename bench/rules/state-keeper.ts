import { evaluate } from '#engine/rules/evaluate.ts'
import { type DecisionOutcome, type Holding, outcomeKey, stateKey } from '#engine/rules/evaluation.ts'
import type { RuleSet } from '#engine/rules/rule-set.ts'
import type { SubjectId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { LeafState } from '#engine/state/leaf-state.ts'
import { packState, unpackState } from '#engine/state/packed-state.ts'
import type { BenchEvent } from './history.ts'

/** States as they are kept between calls: for each subject, by turns a leaf's hash and its packed state. */
export type KeptStates = ReadonlyMap<SubjectId, readonly string[]>

export interface StateKeeper {
  /** Evaluates events in one call, as the service does in one transaction: loads, decides, saves. */
  take(events: readonly BenchEvent[]): void
  readonly states: KeptStates
  /** With which texts a leaf's states are packed. */
  known(leafHash: string): readonly string[]
  /** As `SUBJECT RULE`, with the rule's name. */
  readonly awards: ReadonlySet<string>
}

/** Keeps in memory what the service keeps in the database, and loads of it what a call needs. */
export function createStateKeeper(ruleSet: RuleSet): StateKeeper {
  const kept = new Map<SubjectId, readonly string[]>()
  const outcomes = new Map<SubjectId, Map<string, DecisionOutcome>>()
  const holdings = new Map<SubjectId, Holding[]>()
  const awards = new Set<string>()
  const known = createKnownTexts(ruleSet)

  return {
    states: kept,
    known: known.of,
    awards,
    take: (events) => {
      for (const { source } of events) known.learn(source)
      const now = asInstant(events.at(-1)?.time ?? 0)
      const states = new Map<string, LeafState>()
      const decided = new Map<string, DecisionOutcome>()
      for (const subjectId of new Set(events.map((event) => event.subjectId))) {
        forEachState(kept.get(subjectId) ?? [], (leafHash, packed) => {
          states.set(stateKey(leafHash, subjectId), unpackState(packed, known.of(leafHash)))
        })
        for (const [key, outcome] of outcomes.get(subjectId) ?? []) decided.set(key, outcome)
      }
      const result = evaluate(ruleSet, {
        now,
        events,
        reconsider: [],
        states,
        outcomes: decided,
        holdings,
      })
      if (result.rescan.length > 0)
        throw new Error('Nothing is taken back here, so nothing is to be rescanned.')
      for (const { subjectId, leafHash, state } of result.states.values()) {
        const before = kept.get(subjectId) ?? []
        const packed = packState(state, known.of(leafHash))
        const place = before.indexOf(leafHash)
        kept.set(subjectId, place === -1 ? [...before, leafHash, packed] : before.with(place + 1, packed))
      }
      for (const { ruleId, subjectId, occurrence, outcome, achievementId, metAt } of result.decisions) {
        inMap(outcomes, subjectId).set(outcomeKey(ruleId, subjectId, occurrence), outcome)
        if (outcome !== 'award') continue
        awards.add(`${subjectId} ${ruleId.slice('rule-'.length)}`)
        const held = holdings.get(subjectId) ?? []
        held.push({ achievementId, since: metAt, by: ruleId })
        holdings.set(subjectId, held)
      }
    },
  }
}

export function forEachState(
  ofSubject: readonly string[],
  visit: (leafHash: string, packed: string) => void,
): void {
  for (let place = 0; place < ofSubject.length; place += 2)
    visit(ofSubject[place] ?? '', ofSubject[place + 1] ?? '')
}

/** Of each leaf its listed values, which its hash covers, and after them the sources in the order in which they came. */
function createKnownTexts({ rules }: RuleSet) {
  const sources: string[] = []
  const known = new Map<string, string[]>()
  for (const { when } of rules)
    if ('values' in when && 'leafHash' in when) known.set(when.leafHash, [...when.values])
  return {
    of: (leafHash: string): readonly string[] => known.get(leafHash) ?? sources,
    learn: (source: string): void => {
      if (sources.includes(source)) return
      sources.push(source)
      for (const texts of known.values()) texts.push(source)
    },
  }
}

function inMap<Outer, Inner, Value>(map: Map<Outer, Map<Inner, Value>>, key: Outer): Map<Inner, Value> {
  const inner = map.get(key) ?? new Map<Inner, Value>()
  map.set(key, inner)
  return inner
}
