import type {
  CompiledGroup,
  CompiledLeafNode,
  CompiledMeasured,
  CompiledNegative,
  CompiledNode,
  CompiledSequence,
  CompiledStretch,
} from '#engine/rules/compile/compiled-rule.ts'
import {
  aidFor,
  clearSpans,
  inTime,
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
} from '#engine/rules/evaluate/judge.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { unreachable } from '#engine/shared/never.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'
import { needOf } from '#engine/state/measure.ts'
import { openStreak } from '#engine/state/open-streak.ts'
import { earliestMet, openWindow, windowEndingAt } from '#engine/state/read-leaf.ts'
import { openSequence, sequenceMet } from '#engine/state/sequence.ts'
import { atLeast, isSoAt, since } from '#engine/state/timeline.ts'
import { type NearMissSource, nearestMiss } from './near-miss.ts'
import { negativeOutlook } from './negative-outlook.ts'
import type { GroupTrace, LeafTrace, Trace } from './trace.ts'

/** What progress tells beside what is kept with a decision: it looks ahead from the moment of the question. */
export interface Outlook {
  readonly nearMisses?: NearMissSource
}

/**
 * Why, why not and how far: the tree of a rule with what was found for each part, in the order of the document. Without
 * an outlook it is the trace of a decision: that says what was so when it was made, and is compared by a replay.
 */
export function traceRule(node: CompiledNode, context: JudgeContext, outlook?: Outlook): Trace {
  if ('children' in node) return traceGroup(node, context, outlook)
  if (node.kind === 'not') return traceNegative(node, undefined, context, outlook)
  return outlook === undefined ? traceLeaf(node, context) : tracePositive(node, context, outlook)
}

function traceGroup(group: CompiledGroup, context: JudgeContext, outlook?: Outlook): GroupTrace {
  const verdict =
    outlook === undefined
      ? judge(group, context)
      : verdictOf(inTime(timelineOf(group, context), context), context.now)
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
    child.kind === 'not' ? traceNegative(child, from, context, outlook) : traceRule(child, context, outlook),
  )
  return {
    kind: group.kind,
    ...named(group.id),
    status: verdict.status,
    have: children.filter((child) => child.status === 'met' && !isTooLate(child)).length,
    need: group.need,
    children,
    ...settling(verdict),
  }
}

/** `from` is when the positive siblings were met; before that, the negative shows how things stand now. */
function traceNegative(
  node: CompiledNegative,
  from: Instant | undefined,
  context: JudgeContext,
  outlook?: Outlook,
): GroupTrace {
  const found: Verdict = from === undefined ? NOT_MET : negativeVerdict(node, from, context)
  // Clear after the deadline is too late.
  const isInTime = found.status !== 'not_met' && inTime(since(found.metAt), context).length > 0
  const verdict = outlook === undefined || isInTime ? found : NOT_MET
  const isClear = verdict.status !== 'not_met'
  const ahead = outlook && negativeOutlook(node, { verdict, from }, context)
  return {
    kind: 'not',
    ...named(node.id),
    status: verdict.status,
    have: isClear ? 1 : 0,
    need: 1,
    children: [traceAgainst(node.leaf, ahead?.at ?? from ?? context.now, context)],
    ...settling(verdict),
    ...ahead?.told,
  }
}

const NOT_MET: Verdict = { status: 'not_met' }

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

/** A part that is asked for, as progress tells it. */
function tracePositive(leaf: CompiledLeafNode, context: JudgeContext, { nearMisses }: Outlook): LeafTrace {
  const found = lookAhead(leaf, traceLeaf(leaf, context), context)
  if (found.status !== 'not_met') {
    const isInTime = inTime(timelineOfLeaf(leaf, context), context).length > 0
    return isInTime ? found : { ...found, tooLate: true }
  }
  if (leaf.form !== 'measured' || nearMisses === undefined) return found
  const nearMiss = nearestMiss(leaf, nearMisses, context)
  return nearMiss === undefined ? found : { ...found, nearMiss }
}

/** Of what is not met: only what can still be gone on with counts, and until when it can. */
function lookAhead(leaf: CompiledLeafNode, found: LeafTrace, context: JudgeContext): LeafTrace {
  if (found.status !== 'not_met') return found
  if (leaf.form === 'sequence') {
    const { reached, expiresAt } = openSequence(
      stepsSinceReset(leaf, context),
      leaf.within,
      leaf.notBefore,
      context.now,
    )
    return withCounted(found, reached.length, reached, expiresAt)
  }
  if (leaf.form !== 'measured') return found
  const { measure } = leaf.reading
  const { held } = openWindow(itemsFor(leaf, context), leaf.reading, context.now, aidFor(leaf, context))
  if (measure.kind === 'streak') {
    const { have, evidence, endsAt } = openStreak(held, measure, context.now)
    const ends = [endsAt, found.expiresAt].flatMap((at) => at ?? [])
    return withCounted(found, have, evidence, ends.length === 0 ? undefined : asInstant(Math.min(...ends)))
  }
  if (!('atLeast' in measure) || held.length >= measure.atLeast) return found
  return { ...found, missingEvents: measure.atLeast - held.length }
}

function withCounted(
  { expiresAt: _, ...found }: LeafTrace,
  have: number,
  counted: readonly LeafItem[],
  expiresAt: Instant | undefined,
): LeafTrace {
  return {
    ...found,
    have,
    evidence: counted.map(({ eventId }) => eventId),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

function traceLeaf(leaf: CompiledLeafNode, context: JudgeContext): LeafTrace {
  switch (leaf.form) {
    case 'measured':
      return traceMeasured(leaf, context)
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

function traceMeasured(leaf: CompiledMeasured, context: JudgeContext): LeafTrace {
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
  return {
    ...leafHead(leaf),
    status: 'not_met',
    have,
    need,
    missing: missingOf(leaf, evidence),
    evidence: evidence.map(({ eventId }) => eventId),
    ...(expiresAt === undefined ? {} : { expiresAt }),
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
  const { reached } = sequenceMet(stepsSinceReset(leaf, context), leaf.within, leaf.notBefore)
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

function stepsSinceReset(leaf: CompiledSequence, context: JudgeContext): readonly (readonly LeafItem[])[] {
  const lastReset = resetMoments(leaf.resets, context).at(-1)
  return leaf.steps.map((step) =>
    context.itemsOf(step).filter(({ time }) => lastReset === undefined || time > lastReset),
  )
}

const isTooLate = (trace: Trace): boolean => 'tooLate' in trace && trace.tooLate === true

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
