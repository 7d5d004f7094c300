import type { LearningEvent, StoredEvent } from '#engine/events/learning-event.ts'
import type { CompiledLeaf, CompiledMeasured } from '#engine/rules/compile/compiled-rule.ts'
import { ACTOR } from '#engine/rules/compile/event-actor.ts'
import { itemsFor, type JudgeContext } from '#engine/rules/evaluate/judge.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'
import type { LeafTrace } from './trace.ts'

/** What is looked through for near misses; without it a trace has none. */
export interface NearMissSource {
  readonly events: readonly StoredEvent[]
  readonly leaves: ReadonlyMap<string, CompiledLeaf>
}

/**
 * The latest event that failed on one condition only: one of the part's own, or what is asked of the values that are
 * joined to it. An event of another type came close to nothing, nor did one that is there to be looked up by a join.
 * O(events × conditions).
 */
export function nearestMiss(
  part: CompiledMeasured,
  { events, leaves }: NearMissSource,
  context: JudgeContext,
): LeafTrace['nearMiss'] {
  const leaf = leaves.get(part.leaf.hash)
  if (leaf === undefined) return undefined
  const { notBefore } = part.reading
  const lookedUp = (part.join?.joins ?? []).flatMap((join) => leaves.get(join.leaf.hash) ?? [])
  const unjoined = failedJoins(part, context)
  let nearest: { readonly event: StoredEvent; readonly conjunct: string } | undefined
  for (const event of events) {
    // What names somebody by one path says nothing of a rule that looks for them by another, or as who did it.
    if ((event.recipient ?? ACTOR) !== leaf.recipient) continue
    if (notBefore !== undefined && event.time < notBefore) continue
    if (nearest !== undefined && nearest.event.time >= event.time) continue
    if (!context.isInScope(event, leaf, part.leaf)) continue
    const conjunct = unjoined.has(event.id) ? part.join?.condition : onlyFailure(leaf, event)
    if (conjunct === undefined) continue
    if (!unjoined.has(event.id) && lookedUp.some((other) => meets(other, event))) continue
    nearest = { event, conjunct }
  }
  return nearest && { eventId: nearest.event.id, conjunct: nearest.conjunct }
}

/** Items that meet all that is asked of the event itself, and not what is asked of the values joined to it. */
function failedJoins(part: CompiledMeasured, context: JudgeContext): ReadonlySet<LeafItem['eventId']> {
  if (part.join === undefined) return new Set()
  const passed = new Set(itemsFor(part, context).map(({ eventId }) => eventId))
  const all = context.itemsOf(part.leaf).map(({ eventId }) => eventId)
  return new Set(all.filter((eventId) => !passed.has(eventId)))
}

/** The one condition that an event failed; undefined where it failed none, several, or that on its type. */
export function onlyFailure({ conjuncts }: CompiledLeaf, event: LearningEvent): string | undefined {
  if (conjuncts.length < 2) return undefined
  const failed = conjuncts.filter(({ test }) => test(event) !== true)
  const [only] = failed
  return failed.length !== 1 || only === undefined || only.isOnType ? undefined : only.text
}

const meets = ({ conjuncts }: CompiledLeaf, event: StoredEvent): boolean =>
  conjuncts.every(({ test }) => test(event) === true)
