import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import { evaluate } from '#engine/rules/evaluate/evaluate.ts'
import {
  type DecisionOutcome,
  type Holding,
  leafOfKey,
  outcomeKey,
  stateKey,
  subjectOfKey,
} from '#engine/rules/evaluate/evaluation.ts'
import type { SubjectId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { type LeafState, VOIDS_LEAF_HASH } from '#engine/state/leaf-state.ts'
import type { LeafStates } from '#engine/state/leaf-states.ts'
import { packState, unpackState } from '#engine/state/packed-state.ts'
import type { BenchEvent } from './history.ts'

/** States as they are kept between calls: one text a subject, in which `forEachState` finds each of them. */
export type KeptStates = ReadonlyMap<SubjectId, string>

export interface StateKeeper {
  /** Evaluates events in one call, as the service does in one transaction: loads, decides, saves. */
  take(events: readonly BenchEvent[]): void
  readonly states: KeptStates
  forEachState(ofSubject: string, visit: (leafHash: string, state: LeafState) => void): void
  /** As `SUBJECT RULE`, with the rule's name. */
  readonly awards: ReadonlySet<string>
}

/** Keeps in memory what the service keeps in the database, and loads of it what a call needs. */
export function createStateKeeper(ruleSet: RuleSet): StateKeeper {
  const kept = new Map<SubjectId, string>()
  const leaves = [...ruleSet.leaves.keys(), VOIDS_LEAF_HASH]
  const numbers = new Map(leaves.map((leafHash, number) => [leafHash, number]))
  const outcomes = new Map<SubjectId, Map<string, DecisionOutcome>>()
  const holdings = new Map<SubjectId, Holding[]>()
  const awards = new Set<string>()
  const known = createKnownTexts(ruleSet)

  /** As the service's: unpacked where they are asked for. */
  function statesOf(subjectIds: ReadonlySet<SubjectId>): LeafStates {
    const found = new Map<SubjectId, ReadonlyMap<number, string>>()
    const partsOf = (subjectId: SubjectId) => {
      const parts = found.get(subjectId) ?? partsIn(kept.get(subjectId) ?? '')
      found.set(subjectId, parts)
      return parts
    }
    const unpacked = new Map<string, LeafState>()
    return {
      get(key) {
        const before = unpacked.get(key)
        if (before !== undefined) return before
        const leafHash = leafOfKey(key)
        const packed = partsOf(subjectOfKey(key)).get(numbers.get(leafHash) ?? -1)
        if (packed === undefined) return undefined
        const state = unpackState(packed, known.of(leafHash))
        unpacked.set(key, state)
        return state
      },
      keys: () =>
        [...subjectIds].flatMap((subjectId) =>
          [...partsOf(subjectId).keys()].map((number) => stateKey(leaves[number] ?? '', subjectId)),
        ),
    }
  }

  return {
    states: kept,
    forEachState: (ofSubject, visit) =>
      forEachPart(ofSubject, (number, packed) => {
        const leafHash = leaves[number] ?? ''
        visit(leafHash, unpackState(packed, known.of(leafHash)))
      }),
    awards,
    take: (events) => {
      for (const { source } of events) known.learn(source)
      const now = asInstant(events.at(-1)?.time ?? 0)
      const subjectIds = new Set(events.map((event) => event.subjectId))
      const decided = new Map<string, DecisionOutcome>()
      for (const subjectId of subjectIds)
        for (const [key, outcome] of outcomes.get(subjectId) ?? []) decided.set(key, outcome)
      const result = evaluate(ruleSet, {
        now,
        events,
        reconsider: [],
        states: statesOf(subjectIds),
        outcomes: decided,
        holdings,
      })
      if (result.rescan.length > 0)
        throw new Error('Nothing is taken back here, so nothing is to be rescanned.')
      for (const { subjectId, leafHash, state } of result.states.values()) {
        const number = numbers.get(leafHash) ?? -1
        kept.set(subjectId, withPart(kept.get(subjectId) ?? '', number, packState(state, known.of(leafHash))))
      }
      for (const { ruleId, subjectId, occurrence, outcome, achievementId, metAt } of result.decisions) {
        inMap(outcomes, subjectId).set(outcomeKey(ruleId, subjectId, occurrence), outcome)
        if (outcome !== 'award') continue
        awards.add(`${subjectId} ${ruleId.slice('rule-'.length)}`)
        const held = holdings.get(subjectId) ?? []
        held.push({ achievementId, since: metAt, by: ruleId, occurrence })
        holdings.set(subjectId, held)
      }
    },
  }
}

/** `NUMBER,LENGTH,PACKED` of each state, one after the other: the leaf's number in the rule set, how long, and the state. */
function forEachPart(text: string, visit: (number: number, packed: string) => void): void {
  for (let at = 0; at < text.length; ) {
    const afterNumber = text.indexOf(',', at)
    const afterLength = text.indexOf(',', afterNumber + 1)
    const end = afterLength + 1 + Number(text.slice(afterNumber + 1, afterLength))
    visit(Number(text.slice(at, afterNumber)), text.slice(afterLength + 1, end))
    at = end
  }
}

function partsIn(text: string): ReadonlyMap<number, string> {
  const parts = new Map<number, string>()
  forEachPart(text, (number, packed) => void parts.set(number, packed))
  return parts
}

function withPart(text: string, number: number, packed: string): string {
  const parts = [`${number},${packed.length},`, packed]
  forEachPart(text, (other, kept) => {
    if (other !== number) parts.push(`${other},${kept.length},`, kept)
  })
  return parts.join('')
}

/** Of each leaf its listed values, which its hash covers, and after them the sources in the order in which they came. */
function createKnownTexts({ rules }: RuleSet) {
  const sources: string[] = []
  const known = new Map<string, string[]>()
  for (const { when } of rules)
    if ('form' in when && when.form === 'measured') known.set(when.leaf.hash, [...when.values])
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
