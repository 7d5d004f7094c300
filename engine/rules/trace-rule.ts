import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { unreachable } from '#engine/shared/never.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'
import { needOf } from '#engine/state/measure.ts'
import { earliestMet, openWindow, windowEndingAt } from '#engine/state/read-leaf.ts'
import { sequenceMet } from '#engine/state/sequence.ts'
import { atLeast, isSoAt } from '#engine/state/timeline.ts'
import type {
  CompiledGroup,
  CompiledLeaf,
  CompiledLeafNode,
  CompiledMeasured,
  CompiledNegative,
  CompiledNode,
  CompiledSequence,
  CompiledStretch,
} from './compiled-rule.ts'
import { ACTOR } from './event-actor.ts'
import {
  aidFor,
  clearSpans,
  itemsFor,
  type JudgeContext,
  joinedTo,
  judge,
  resetMoments,
  stretchMetAt,
  timelineOf,
  timelineOfLeaf,
  type Verdict,
  verdictOf,
} from './judge.ts'
import { onlyFailure } from './near-miss.ts'
import type { GroupTrace, LeafTrace, Trace } from './trace.ts'

/** What is looked through for near misses; without it a trace has none. */
export interface NearMissSource {
  readonly events: readonly StoredEvent[]
  readonly leaves: ReadonlyMap<string, CompiledLeaf>
}

/** Why, why not and how far: the tree of a rule with what was found for each part, in the order of the document. */
export function traceRule(node: CompiledNode, context: JudgeContext, nearMisses?: NearMissSource): Trace {
  if ('children' in node) return traceGroup(node, context, nearMisses)
  if (node.kind === 'not') return traceNegative(node, undefined, context)
  return traceLeaf(node, context, nearMisses)
}

function traceGroup(group: CompiledGroup, context: JudgeContext, nearMisses?: NearMissSource): GroupTrace {
  const verdict = judge(group, context)
  const positives = group.children.filter(({ kind }) => kind !== 'not')
  const base = verdictOf(
    atLeast(
      positives.length,
      positives.map((child) => timelineOf(child, context)),
    ),
    context.now,
  )
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
  const verdict: Verdict = from === undefined ? { status: 'not_met' } : negativeVerdict(node, from, context)
  const isClear = verdict.status !== 'not_met'
  return {
    kind: 'not',
    ...named(node.id),
    status: verdict.status,
    have: isClear ? 1 : 0,
    need: 1,
    children: [traceAgainst(node.leaf, from ?? context.now, context)],
    ...settling(verdict),
  }
}

/** The earliest moment from `from` on at which nothing stands against it, and whether that may be said. */
function negativeVerdict(node: CompiledNegative, from: Instant, context: JudgeContext): Verdict {
  for (const span of clearSpans(node, context)) {
    if (span.to <= from) continue
    const metAt = span.from > from ? span.from : from
    const settlesAt = Math.max(span.certainAt, metAt + node.settle) as Instant
    return settlesAt <= context.now ? { status: 'met', metAt } : { status: 'settling', metAt, settlesAt }
  }
  return { status: 'not_met' }
}

/** What stands against a negative at a moment. */
function traceAgainst(leaf: CompiledLeafNode, at: Instant, context: JudgeContext): LeafTrace {
  if (leaf.form === 'measured' && leaf.leaf.isEvent) {
    const against = windowEndingAt(itemsFor(leaf, context), leaf.reading, at, aidFor(leaf, context))
    const need = needOf(leaf.reading.measure)
    return {
      ...leafHead(leaf),
      status: against.length >= need ? 'met' : 'not_met',
      have: against.length,
      need,
      missing: [],
      evidence: against.map(({ eventId }) => eventId),
    }
  }
  const found = traceLeaf(leaf, context)
  return { ...found, status: isSoAt(timelineOfLeaf(leaf, context), at) ? 'met' : 'not_met' }
}

function traceLeaf(leaf: CompiledLeafNode, context: JudgeContext, nearMisses?: NearMissSource): LeafTrace {
  switch (leaf.form) {
    case 'measured':
      return traceMeasured(leaf, context, nearMisses)
    case 'stretch':
      return traceStretch(leaf, context)
    case 'sequence':
      return traceSequence(leaf, context)
    case 'holds':
      return traceHeld(leaf, leaf.achievement.slug, [], context)
    case 'foreign':
      return traceHeld(leaf, leaf.foreign, context.itemsOf(leaf.leaf), context)
    default:
      return unreachable(leaf)
  }
}

function traceHeld(
  leaf: Extract<CompiledLeafNode, { kind: 'holds' }>,
  what: string,
  items: readonly LeafItem[],
  context: JudgeContext,
): LeafTrace {
  const isHeld = timelineOfLeaf(leaf, context).length > 0
  return {
    ...leafHead(leaf),
    status: isHeld ? 'met' : 'not_met',
    have: isHeld ? 1 : 0,
    need: 1,
    missing: isHeld ? [] : [what],
    evidence: isHeld ? items.slice(-1).map(({ eventId }) => eventId) : [],
  }
}

function traceMeasured(
  leaf: CompiledMeasured,
  context: JudgeContext,
  nearMisses?: NearMissSource,
): LeafTrace {
  const { reading } = leaf
  const items = itemsFor(leaf, context)
  const aid = aidFor(leaf, context)
  const need = needOf(reading.measure)
  const met = earliestMet(items, reading, aid)
  const isMet =
    reading.measure.kind === 'last' ? isSoAt(timelineOfLeaf(leaf, context), context.now) : met !== undefined
  if (isMet) {
    const counted = reading.measure.kind === 'last' ? items.slice(-1) : (met?.evidence ?? [])
    const joined = joinedTo(leaf, counted, context)
    return {
      ...leafHead(leaf),
      status: 'met',
      have: met === undefined || !COUNTED.has(reading.measure.kind) ? need : met.evidence.length,
      need,
      missing: [],
      evidence: counted.map(({ eventId }) => eventId),
      ...(joined.length === 0 ? {} : { joined: joined.map(({ eventId }) => eventId) }),
    }
  }
  const { have, evidence, expiresAt } = openWindow(items, reading, context.now, aid)
  const nearMiss = nearMisses && nearestMiss(leaf, items, nearMisses)
  return {
    ...leafHead(leaf),
    status: 'not_met',
    have,
    need,
    missing: missingOf(leaf, evidence),
    evidence: evidence.map(({ eventId }) => eventId),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(nearMiss === undefined ? {} : { nearMiss }),
  }
}

/** Measures of which the evidence is as many items as are asked for. */
const COUNTED: ReadonlySet<string> = new Set(['count', 'distinct'])

function missingOf({ values, about }: CompiledMeasured, evidence: readonly LeafItem[]): readonly string[] {
  if (about !== undefined) return [about]
  const found = new Set(evidence.map(({ value }) => value))
  return values.filter((value) => !found.has(value))
}

function traceStretch(leaf: CompiledStretch, context: JudgeContext): LeafTrace {
  const metAt = stretchMetAt(leaf, context)
  const isMet = metAt !== undefined && metAt <= context.now
  const anchors = leaf.anchor === undefined ? [] : context.itemsOf(leaf.anchor)
  return {
    ...leafHead(leaf),
    status: isMet ? 'met' : metAt === undefined ? 'not_met' : 'settling',
    have: isMet ? 1 : 0,
    need: 1,
    missing: [],
    evidence: (leaf.kind === 'anniversary' ? context.itemsOf(leaf.leaf) : anchors)
      .slice(leaf.pick === 'first' ? 0 : -1)
      .slice(0, 1)
      .map(({ eventId }) => eventId),
    ...(metAt === undefined || isMet ? {} : { settlesAt: metAt }),
  }
}

function traceSequence(leaf: CompiledSequence, context: JudgeContext): LeafTrace {
  const lastReset = resetMoments(leaf.resets, context).at(-1)
  const steps = leaf.steps.map((step) =>
    context.itemsOf(step).filter(({ time }) => lastReset === undefined || time > lastReset),
  )
  const { reached } = sequenceMet(steps, leaf.within, leaf.notBefore)
  const isMet = timelineOfLeaf(leaf, context).length > 0
  const need = leaf.steps.length
  return {
    ...leafHead(leaf),
    status: isMet ? 'met' : 'not_met',
    have: isMet ? need : reached.length,
    need,
    missing: [],
    evidence: reached.map(({ eventId }) => eventId),
  }
}

/** The latest event that failed on one condition only. O(events × conditions). */
function nearestMiss(
  { leaf: { hash }, reading }: CompiledMeasured,
  items: readonly LeafItem[],
  { events, leaves }: NearMissSource,
): LeafTrace['nearMiss'] {
  const leaf = leaves.get(hash)
  if (leaf === undefined || leaf.conjuncts.length < 2) return undefined
  const counted = new Set(items.map(({ eventId }) => eventId))
  let nearest: { readonly event: StoredEvent; readonly conjunct: string } | undefined
  for (const event of events) {
    // What names somebody by one path says nothing of a rule that looks for them by another, or as who did it.
    if ((event.recipient ?? ACTOR) !== leaf.recipient) continue
    if (counted.has(event.id) || (reading.notBefore !== undefined && event.time < reading.notBefore)) continue
    if (nearest !== undefined && nearest.event.time >= event.time) continue
    const conjunct = onlyFailure(leaf, event)
    if (conjunct !== undefined) nearest = { event, conjunct }
  }
  return nearest && { eventId: nearest.event.id, conjunct: nearest.conjunct }
}

function leafHead(leaf: CompiledLeafNode) {
  return { kind: leaf.kind, ...named(leaf.id), leafHash: hashOf(leaf) }
}

function hashOf(leaf: CompiledLeafNode): string {
  switch (leaf.form) {
    case 'holds':
      return leaf.hash
    case 'sequence':
      return leaf.steps[0]?.hash ?? ''
    default:
      return leaf.leaf.hash
  }
}

const named = (id: string | undefined) => (id === undefined ? {} : { id })

const settling = (verdict: Verdict) => (verdict.status === 'settling' ? { settlesAt: verdict.settlesAt } : {})
