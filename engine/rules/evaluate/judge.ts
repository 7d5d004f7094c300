import type { StoredEvent } from '#engine/events/learning-event.ts'
import type {
  CompiledForeign,
  CompiledGroup,
  CompiledLeaf,
  CompiledLeafNode,
  CompiledMeasured,
  CompiledNegative,
  CompiledNode,
  CompiledSequence,
  CompiledStretch,
  LeafRef,
} from '#engine/rules/compile/compiled-rule.ts'
import type { AchievementId } from '#engine/shared/ids.ts'
import { asInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import { unreachable } from '#engine/shared/never.ts'
import { absenceMetAt } from '#engine/state/absence.ts'
import { anniversaryMetAt } from '#engine/state/anniversary.ts'
import { itemsJoinedTo, type Join, joinedItems } from '#engine/state/join-items.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'
import { heldSpans, type ReadingAid, spansOf } from '#engine/state/read-leaf.ts'
import { sequenceMet } from '#engine/state/sequence.ts'
import {
  atLeast,
  BEGINNING,
  clip,
  complement,
  END,
  latched,
  NEVER,
  type Span,
  since,
  type Timeline,
} from '#engine/state/timeline.ts'

/** Whether a part of a rule is met, since when in event time, and whether that may be said already. */
export type Verdict =
  | { readonly status: 'met'; readonly metAt: Instant }
  /** Met unless an event still comes: may be said from `settlesAt` on. */
  | { readonly status: 'settling'; readonly metAt: Instant; readonly settlesAt: Instant }
  | { readonly status: 'not_met' }

/** What a verdict depends on: one subject's items and holdings, one occurrence, and the clock for what must settle. */
export interface JudgeContext {
  readonly now: Instant
  /** In order; only those that count in the occurrence. */
  itemsOf(leaf: LeafRef): readonly LeafItem[]
  /** Since when the subject holds it; undefined where it does not. */
  heldSince(achievementId: AchievementId, validAt: 'award' | 'ever'): Instant | undefined
  /** Of the rule: its deadline; and the end of the period where it awards once a period. */
  readonly deadline: Instant | undefined
  readonly periodEnd: Instant | undefined
  /** What is known already, as it is the same in several contexts: when a part is met, and when a negative is clear. */
  readonly known?: ReadonlyMap<CompiledNode, Timeline>
  /** Whether an event would count in the occurrence if it met the leaf. */
  isInScope(event: StoredEvent, leaf: CompiledLeaf, ref: LeafRef): boolean
}

const NOT_MET: Verdict = { status: 'not_met' }

/** Judges a part of a rule by what is known now. Depends on the set of events only, never on their order of arrival. */
export const judge = (node: CompiledNode, context: JudgeContext): Verdict =>
  verdictOf(timelineOf(node, context), context.now)

/** The earliest moment that may be said now, or else the one that may be said first. */
export function verdictOf(timeline: Timeline, now: Instant): Verdict {
  let settling: Span | undefined
  for (const span of timeline) {
    if (span.certainAt <= now) return { status: 'met', metAt: span.from }
    if (settling === undefined || span.certainAt < settling.certainAt) settling = span
  }
  return settling === undefined
    ? NOT_MET
    : { status: 'settling', metAt: settling.from, settlesAt: settling.certainAt }
}

/** When a part is met. A `not` is judged with the group that it stands in. O(n log n) in the items of its leaves. */
export function timelineOf(node: CompiledNode, context: JudgeContext): Timeline {
  const known = context.known?.get(node)
  if (known !== undefined) return known
  if ('children' in node) return timelineOfGroup(node, context)
  if (node.kind === 'not') return NEVER
  return timelineOfLeaf(node, context)
}

function timelineOfGroup(group: CompiledGroup, context: JudgeContext): Timeline {
  const positives = group.children.filter(({ kind }) => kind !== 'not')
  const timelines = positives.map((child) => timelineOf(child, context))
  const negatives = group.children.filter((child) => child.kind === 'not')
  if (negatives.length === 0) return atLeast(group.need, timelines)
  const base = atLeast(positives.length, timelines)
  return latched(
    settled(
      base,
      negatives.map((negative) => ({
        isClear: context.known?.get(negative) ?? clearSpans(negative, context),
        settle: negative.settle,
      })),
    ),
  )
}

/**
 * What of the base lies where no negative stands against it. It may be said when the earliest moment of each stretch,
 * and then the time to settle, are over: until then an event may still come.
 */
function settled(
  base: Timeline,
  negatives: readonly { readonly isClear: Timeline; readonly settle: number }[],
): Timeline {
  if (base.length === 0) return NEVER
  const both = atLeast(negatives.length + 1, [base, ...negatives.map(({ isClear }) => isClear)])
  const longest = Math.max(...negatives.map(({ settle }) => settle))
  return both.map((span) => ({
    ...span,
    certainAt: asInstant(Math.max(span.certainAt, span.from + longest)),
  }))
}

/** When nothing stands against it. One that lasts until an end is known there, and not before. */
export function clearSpans(negative: CompiledNegative, context: JudgeContext): Timeline {
  const isClear = complement(standingAgainst(negative.leaf, context))
  if (negative.until === 'satisfied') return isClear
  const end = negative.until === 'deadline' ? context.deadline : context.periodEnd
  if (end === undefined) return NEVER
  // The period's end is the first moment after it, the deadline the last one that counts.
  const last = negative.until === 'period' ? asInstant(end - 1) : end
  return isClear.some(({ from, to }) => from <= last && last < to) ? since(end, end) : NEVER
}

/** When enough is there to make a negative untrue. */
export function standingAgainst(leaf: CompiledLeafNode, context: JudgeContext): Timeline {
  return leaf.form === 'measured' && leaf.leaf.isEvent
    ? heldSpans(itemsFor(leaf, context), leaf.reading, aidFor(leaf, context))
    : timelineOfLeaf(leaf, context)
}

export function timelineOfLeaf(leaf: CompiledLeafNode, context: JudgeContext): Timeline {
  switch (leaf.form) {
    case 'measured':
      return spansOf(itemsFor(leaf, context), leaf.reading, aidFor(leaf, context))
    case 'stretch': {
      const metAt = stretchMetAt(leaf, context)
      return metAt === undefined ? NEVER : since(metAt, metAt)
    }
    case 'sequence':
      return timelineOfSequence(leaf, context)
    case 'holds': {
      const held = context.heldSince(leaf.achievement.id, leaf.validAt)
      return held === undefined ? NEVER : since(held)
    }
    case 'foreign':
      return timelineOfForeign(leaf, context)
    default:
      return unreachable(leaf)
  }
}

/** The items of a leaf, once what is joined to them is known. */
export function itemsFor({ leaf, join }: CompiledMeasured, context: JudgeContext): readonly LeafItem[] {
  const items = context.itemsOf(leaf)
  return join === undefined ? items : joinedItems(items, joinsOf(join, context), join.passes)
}

/** What is joined to some of the items. */
export const joinedTo = (
  { join }: CompiledMeasured,
  items: readonly LeafItem[],
  context: JudgeContext,
): readonly LeafItem[] => (join === undefined ? [] : itemsJoinedTo(items, joinsOf(join, context)))

const joinsOf = ({ joins }: NonNullable<CompiledMeasured['join']>, context: JudgeContext): readonly Join[] =>
  joins.map(({ name, leaf, within, pick }) => ({ name, items: context.itemsOf(leaf), within, pick }))

export const aidFor = ({ anchor, resets }: CompiledMeasured, context: JudgeContext): ReadingAid => ({
  anchors: anchor === undefined ? [] : context.itemsOf(anchor),
  resets: resetMoments(resets, context),
})

export function stretchMetAt(leaf: CompiledStretch, context: JudgeContext): Instant | undefined {
  const counts = ({ time }: LeafItem) => leaf.notBefore === undefined || time >= leaf.notBefore
  const items = context.itemsOf(leaf.leaf).filter(counts)
  if (leaf.kind === 'anniversary') return anniversaryMetAt(items, leaf.after, leaf.zone, leaf.pick)
  const anchors = leaf.anchor === undefined ? undefined : context.itemsOf(leaf.anchor).filter(counts)
  return absenceMetAt(items, leaf.length, anchors, leaf.pick)
}

function timelineOfSequence(leaf: CompiledSequence, context: JudgeContext): Timeline {
  const steps = leaf.steps.map((step) => context.itemsOf(step))
  const spans: Span[] = []
  let from = BEGINNING
  for (const end of [...resetMoments(leaf.resets, context), END]) {
    const begin = from
    const { met } = sequenceMet(
      steps.map((items) => items.filter(({ time }) => time > begin && time <= end)),
      leaf.within,
      leaf.notBefore,
    )
    if (met !== undefined && met.metAt < end) spans.push({ from: met.metAt, to: end, certainAt: BEGINNING })
    from = end
  }
  return spans
}

function timelineOfForeign({ leaf, validAt }: CompiledForeign, context: JudgeContext): Timeline {
  const held = context.itemsOf(leaf).map((item): Timeline => {
    const until = parseInstant(item.value ?? '') ?? END
    if (validAt === 'award' && until <= context.now) return NEVER
    return since(item.time)
  })
  return held.length === 0 ? NEVER : atLeast(1, held)
}

/** When penalties came, each moment once, in order. */
export function resetMoments(resets: readonly LeafRef[], context: JudgeContext): readonly Instant[] {
  if (resets.length === 0) return []
  const moments = new Set(resets.flatMap((reset) => context.itemsOf(reset).map(({ time }) => time)))
  return [...moments].sort((a, b) => a - b)
}

/** The whole rule: not after its deadline, nor outside its period. */
export const timelineOfRule = (when: CompiledNode, context: JudgeContext): Timeline =>
  inTime(timelineOf(when, context), context)

/** What of it lies before the deadline is over, and before the period is. */
export function inTime(whole: Timeline, { deadline, periodEnd }: JudgeContext): Timeline {
  if (deadline === undefined && periodEnd === undefined) return whole
  const last = Math.min(deadline ?? END, periodEnd ?? END)
  return last >= END ? whole : clip(whole, BEGINNING, asInstant(last + 1))
}
