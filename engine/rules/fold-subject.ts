import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import { foldItems, isVoided, withoutItem, withVoid } from '#engine/state/fold-leaf.ts'
import {
  EMPTY_ITEMS,
  type ItemsState,
  type LeafItem,
  type LeafState,
  VOIDS_LEAF_HASH,
  type VoidsState,
} from '#engine/state/leaf-state.ts'
import type { CompiledLeaf } from './compiled-rule.ts'
import { type EvaluationInput, stateKey } from './evaluation.ts'
import type { RuleSet } from './rule-set.ts'

/** What one subject's events did to its states. */
export interface SubjectFold {
  itemsOf(leafHash: string): readonly LeafItem[]
  /** Changed states by leaf hash. */
  readonly changed: ReadonlyMap<string, LeafState>
  readonly matched: ReadonlySet<EventId>
  /** Leaves that events were taken out of: awards that stand on them are looked at again. */
  readonly reduced: ReadonlySet<string>
  /** Leaves of which the state cannot tell any more how things stand. */
  readonly torn: ReadonlySet<string>
}

/** Folds events of one subject, voids first: so it does not matter which of the two came first. */
export function foldSubject(
  ruleSet: RuleSet,
  subjectId: SubjectId,
  events: readonly StoredEvent[],
  input: EvaluationInput,
): SubjectFold {
  const changed = new Map<string, LeafState>()
  const matched = new Set<EventId>()
  const reduced = new Set<string>()
  const torn = new Set<string>()
  const stateOf = (leafHash: string) =>
    changed.get(leafHash) ?? input.states.get(stateKey(leafHash, subjectId))

  let voids = voidsOf(stateOf(VOIDS_LEAF_HASH))
  for (const event of events) {
    if (event.voids === undefined) continue
    const known = voids
    voids = withVoid(voids, event.source, event.voids)
    if (voids === known) continue
    changed.set(VOIDS_LEAF_HASH, voids)
    for (const leafHash of heldHashes(input, changed, subjectId)) {
      const state = itemsState(stateOf(leafHash))
      const without = withoutItem(state, event.source, event.voids)
      if (without === undefined) continue
      changed.set(leafHash, without)
      matched.add(event.id)
      reduced.add(leafHash)
      if (state.dropped === true) torn.add(leafHash)
    }
  }

  const added = new Map<CompiledLeaf, LeafItem[]>()
  for (const event of events) {
    const isTakenBack = isVoided(voids, event.source, event.sourceId)
    for (const leaf of matchingLeaves(ruleSet, event)) {
      const item = itemOf(leaf, event)
      if (item === undefined) continue
      matched.add(event.id)
      if (isTakenBack) reduced.add(leaf.hash)
      else push(added, leaf, item)
    }
  }
  for (const [leaf, items] of added) {
    const before = itemsState(stateOf(leaf.hash))
    const after = foldItems(before, items, leaf.readings, leaf.mayLatch)
    if (after !== before) changed.set(leaf.hash, after)
  }
  return { itemsOf: (leafHash) => itemsState(stateOf(leafHash)).items, changed, matched, reduced, torn }
}

/** The leaves whose predicate the event meets. */
function matchingLeaves({ tree }: RuleSet, event: StoredEvent): readonly CompiledLeaf[] {
  const candidates: CompiledLeaf[] = []
  tree.collect(event, candidates)
  return candidates.filter(({ matches }) => matches(event) === true)
}

function itemOf({ readValue }: CompiledLeaf, event: StoredEvent): LeafItem | undefined {
  const { time, id: eventId, source, sourceId } = event
  if (readValue === undefined) return { time, eventId, source, sourceId }
  const value = readValue(event)
  return value === undefined ? undefined : { time, eventId, source, sourceId, value }
}

const itemsState = (state: LeafState | undefined): ItemsState =>
  state?.kind === 'items' ? state : EMPTY_ITEMS

const voidsOf = (state: LeafState | undefined): VoidsState =>
  state?.kind === 'voids' ? state : { kind: 'voids', voided: [] }

/** All leaves of the subject that have a state, those of rules that are asleep included. O(states read). */
function heldHashes(
  { states }: EvaluationInput,
  changed: ReadonlyMap<string, LeafState>,
  subjectId: SubjectId,
): ReadonlySet<string> {
  const hashes = new Set(changed.keys())
  const suffix = `:${subjectId}`
  for (const key of states.keys()) if (key.endsWith(suffix)) hashes.add(key.slice(0, -suffix.length))
  return hashes
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key)
  if (values === undefined) map.set(key, [value])
  else values.push(value)
}
