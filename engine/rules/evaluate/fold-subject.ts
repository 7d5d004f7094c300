import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { CompiledLeaf } from '#engine/rules/compile/compiled-rule.ts'
import { ACTOR } from '#engine/rules/compile/event-actor.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
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
import { type EvaluationInput, leafOfKey, stateKey, subjectOfKey } from './evaluation.ts'

/** What one subject's events did to its states. */
export interface SubjectFold {
  itemsOf(leafHash: string): readonly LeafItem[]
  /** As they were before these events. */
  itemsBefore(leafHash: string): readonly LeafItem[]
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
  heldHashes: HeldHashes,
): SubjectFold {
  const changed = new Map<string, LeafState>()
  const matched = new Set<EventId>()
  const reduced = new Set<string>()
  const torn = new Set<string>()
  const stateOf = (leafHash: string) =>
    changed.get(leafHash) ?? input.states.get(stateKey(leafHash, subjectId))

  let voids: VoidsState | undefined
  for (const event of events) {
    if (event.voids === undefined) continue
    voids ??= voidsOf(stateOf(VOIDS_LEAF_HASH))
    const known = voids
    voids = withVoid(voids, event.source, event.voids)
    if (voids === known) continue
    changed.set(VOIDS_LEAF_HASH, voids)
    for (const leafHash of new Set([...heldHashes(subjectId), ...changed.keys()])) {
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
    const leaves = matchingLeaves(ruleSet, event)
    if (leaves.length === 0) continue
    voids ??= voidsOf(stateOf(VOIDS_LEAF_HASH))
    const isTakenBack = isVoided(voids, event.source, event.sourceId)
    for (const leaf of leaves) {
      const item = itemOf(leaf, event)
      if (item === undefined) continue
      matched.add(event.id)
      if (isTakenBack) reduced.add(leaf.hash)
      else push(added, leaf, item)
    }
  }
  for (const [leaf, items] of added) {
    const before = itemsState(stateOf(leaf.hash))
    const after = foldItems(before, items, leaf.keeping, input.now)
    if (after.state !== before) changed.set(leaf.hash, after.state)
    if (after.isTorn) torn.add(leaf.hash)
  }
  return {
    itemsOf: (leafHash) => itemsState(stateOf(leafHash)).items,
    itemsBefore: (leafHash) => itemsState(input.states.get(stateKey(leafHash, subjectId))).items,
    changed,
    matched,
    reduced,
    torn,
  }
}

/** The leaves whose predicate the event meets, and that are about this person because of it. */
function matchingLeaves({ tree }: RuleSet, event: StoredEvent): readonly CompiledLeaf[] {
  const met: CompiledLeaf[] = []
  tree.match(event, met)
  const { recipient = ACTOR } = event
  return met.every((leaf) => leaf.recipient === recipient)
    ? met
    : met.filter((leaf) => leaf.recipient === recipient)
}

/** What is kept of the event; undefined where something that has to be kept has no value. */
function itemOf({ capture, nameContext }: CompiledLeaf, event: StoredEvent): LeafItem | undefined {
  const { time, id: eventId, source, sourceId } = event
  const item: { -readonly [Name in keyof LeafItem]: LeafItem[Name] } = { time, eventId, source, sourceId }
  if (capture.value !== undefined) {
    const value = capture.value(event)
    if (value === undefined) return undefined
    item.value = value
  }
  if (capture.number !== undefined) {
    const number = capture.number(event)
    if (number === undefined) return undefined
    item.number = number
  }
  if (capture.context !== undefined) {
    const context = capture.context(event)
    if (context === undefined) return undefined
    item.context = nameContext(context)
  }
  if (capture.key !== undefined) {
    const key = capture.key(event)
    if (key !== undefined) item.key = key
  }
  return item
}

const itemsState = (state: LeafState | undefined): ItemsState =>
  state?.kind === 'items' ? state : EMPTY_ITEMS

const voidsOf = (state: LeafState | undefined): VoidsState =>
  state?.kind === 'voids' ? state : { kind: 'voids', voided: [] }

/** All leaves of a subject that have a state, those of rules that are asleep included. */
export type HeldHashes = (subjectId: SubjectId) => readonly string[]

/** Sorted by subject the first time that it is asked: only a void asks. O(states read). */
export function heldHashesOf({ states }: EvaluationInput): HeldHashes {
  let bySubject: Map<string, string[]> | undefined
  return (subjectId) => {
    if (bySubject === undefined) {
      bySubject = new Map()
      for (const key of states.keys()) push(bySubject, subjectOfKey(key), leafOfKey(key))
    }
    return bySubject.get(subjectId) ?? []
  }
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key)
  if (values === undefined) map.set(key, [value])
  else values.push(value)
}
