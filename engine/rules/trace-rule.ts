import type { LearningEvent, StoredEvent } from '#engine/events/learning-event.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'
import { earliestMet, openWindow, windowEndingAt } from '#engine/state/leaf-window.ts'
import type {
  CompiledEventLeaf,
  CompiledGroup,
  CompiledHolds,
  CompiledLeaf,
  CompiledNegative,
  CompiledNode,
} from './compiled-rule.ts'
import { type JudgeContext, judge, judgeNegative, type Verdict } from './judge.ts'
import type { GroupTrace, LeafTrace, Trace } from './trace.ts'

/** What is looked through for near misses; without it a trace has none. */
export interface NearMissSource {
  readonly events: readonly StoredEvent[]
  readonly leaves: ReadonlyMap<string, CompiledLeaf>
}

/** Why, why not and how far: the tree of a rule with what was found for each part, in the order of the document. */
export function traceRule(node: CompiledNode, context: JudgeContext, nearMisses?: NearMissSource): Trace {
  switch (node.kind) {
    case 'all':
    case 'any':
    case 'nOf':
      return traceGroup(node, context, nearMisses)
    case 'not':
      return traceNegative(node, undefined, context)
    case 'holds':
      return traceHolds(node, context)
    default:
      return traceLeaf(node, context, nearMisses)
  }
}

function traceGroup(group: CompiledGroup, context: JudgeContext, nearMisses?: NearMissSource): GroupTrace {
  const verdict = judge(group, context)
  const positives = { ...group, children: group.children.filter(({ kind }) => kind !== 'not') }
  const base = judge({ ...positives, need: positives.children.length }, context)
  const from = base.status === 'not_met' ? undefined : base.metAt
  const children = group.children.map((child) =>
    child.kind === 'not' ? traceNegative(child, from, context) : traceRule(child, context, nearMisses),
  )
  return {
    kind: group.kind,
    ...named(group.id),
    status: verdict.status,
    have: children.filter(({ status }) => status === 'met').length,
    need: group.need,
    children,
    ...settling(verdict),
  }
}

/** `from` is when the positive siblings were met; before that, the negative shows how things stand now. */
function traceNegative(node: CompiledNegative, from: Instant | undefined, context: JudgeContext): GroupTrace {
  const verdict: Verdict = from === undefined ? { status: 'not_met' } : judgeNegative(node, from, context)
  const { leaf } = node
  const against = windowEndingAt(context.itemsOf(leaf.leafHash), leaf.reading, from ?? context.now)
  const child: LeafTrace = {
    ...leafHead(leaf),
    status: against.length >= leaf.reading.need ? 'met' : 'not_met',
    have: against.length,
    need: leaf.reading.need,
    missing: [],
    evidence: against.map(({ eventId }) => eventId),
  }
  const isClear = verdict.status !== 'not_met'
  return {
    kind: 'not',
    ...named(node.id),
    status: verdict.status,
    have: isClear ? 1 : 0,
    need: 1,
    children: [child],
    ...settling(verdict),
  }
}

function traceHolds(node: CompiledHolds, context: JudgeContext): LeafTrace {
  const isHeld = context.heldSince(node.achievement.id) !== undefined
  return {
    kind: 'holds',
    ...named(node.id),
    leafHash: node.leafHash,
    status: isHeld ? 'met' : 'not_met',
    have: isHeld ? 1 : 0,
    need: 1,
    missing: isHeld ? [] : [node.achievement.slug],
    evidence: [],
  }
}

function traceLeaf(leaf: CompiledEventLeaf, context: JudgeContext, nearMisses?: NearMissSource): LeafTrace {
  const { reading } = leaf
  const items = context.itemsOf(leaf.leafHash)
  const met = earliestMet(items, reading)
  if (met !== undefined)
    return {
      ...leafHead(leaf),
      status: 'met',
      have: met.evidence.length,
      need: reading.need,
      missing: [],
      evidence: met.evidence.map(({ eventId }) => eventId),
    }
  const { have, evidence, expiresAt } = openWindow(items, reading, context.now)
  const nearMiss = nearMisses && nearestMiss(leaf, items, nearMisses)
  return {
    ...leafHead(leaf),
    status: 'not_met',
    have,
    need: reading.need,
    missing: openValues(leaf, evidence),
    evidence: evidence.map(({ eventId }) => eventId),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(nearMiss === undefined ? {} : { nearMiss }),
  }
}

function openValues({ values }: CompiledEventLeaf, evidence: readonly LeafItem[]): readonly string[] {
  const found = new Set(evidence.map(({ value }) => value))
  return values.filter((value) => !found.has(value))
}

/** The latest event that failed on one condition only. O(events × conditions). */
function nearestMiss(
  { leafHash, reading }: CompiledEventLeaf,
  items: readonly LeafItem[],
  { events, leaves }: NearMissSource,
): LeafTrace['nearMiss'] {
  const leaf = leaves.get(leafHash)
  if (leaf === undefined || leaf.conjuncts.length < 2) return undefined
  const counted = new Set(items.map(({ eventId }) => eventId))
  let nearest: { readonly event: StoredEvent; readonly conjunct: string } | undefined
  for (const event of events) {
    if (counted.has(event.id) || (reading.notBefore !== undefined && event.time < reading.notBefore)) continue
    if (nearest !== undefined && nearest.event.time >= event.time) continue
    const conjunct = onlyFailure(leaf, event)
    if (conjunct !== undefined) nearest = { event, conjunct }
  }
  return nearest && { eventId: nearest.event.id, conjunct: nearest.conjunct }
}

function onlyFailure(leaf: CompiledLeaf, event: LearningEvent): string | undefined {
  const failed = leaf.conjuncts.filter(({ test }) => test(event) !== true)
  const [only] = failed
  return failed.length === 1 ? only?.text : undefined
}

const leafHead = ({ kind, id, leafHash }: CompiledEventLeaf) => ({ kind, ...named(id), leafHash })

const named = (id: string | undefined) => (id === undefined ? {} : { id })

const settling = (verdict: Verdict) => (verdict.status === 'settling' ? { settlesAt: verdict.settlesAt } : {})
