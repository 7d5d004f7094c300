import type { CompiledLeafNode, CompiledNegative } from '#engine/rules/compile/compiled-rule.ts'
import { itemsFor, type JudgeContext, standingAgainst, type Verdict } from '#engine/rules/evaluate/judge.ts'
import type { EventId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'
import { END, type Span, type Timeline } from '#engine/state/timeline.ts'
import type { GroupTrace } from './trace.ts'

export interface NegativeOutlook {
  /** The moment for which it is shown what stands against it. */
  readonly at: Instant
  readonly told: Pick<GroupTrace, 'against' | 'until'>
}

/**
 * What becomes of a negative: whether something stands against it, since when, for how long, or for good; and where it
 * lasts until an end, up to when it can still be broken. `from` is when its positive siblings were met.
 */
export function negativeOutlook(
  node: CompiledNegative,
  { verdict, from }: { readonly verdict: Verdict; readonly from: Instant | undefined },
  context: JudgeContext,
): NegativeOutlook {
  const against = standingAgainst(node.leaf, context)
  const { now } = context
  if (node.until === 'satisfied') {
    // The moment at which it was clear is told, and not an earlier one at which something still stood against it.
    if (verdict.status !== 'not_met') return { at: verdict.metAt, told: {} }
    const at = from ?? now
    const span = spanAt(against, at)
    return { at, told: span === undefined ? {} : { against: tell(span, lastMoment(context)) } }
  }
  const end = endOf(node, context)
  if (end === undefined) return { at: from ?? now, told: {} }
  const atEnd = spanAt(against, end)
  const canStillBreak = now <= end ? { until: end } : {}
  if (atEnd !== undefined) {
    const broken = tell(atEnd, end)
    return { at: end, told: { against: broken, ...(broken.forGood ? {} : canStillBreak) } }
  }
  const at = asInstant(Math.min(now, end))
  const span = spanAt(against, at)
  return { at, told: { ...(span === undefined ? {} : { against: tell(span, end) }), ...canStillBreak } }

  /** `last`: the moment after which being clear does not help any more. */
  function tell({ from: since, to }: Span, last: Instant | undefined): NonNullable<GroupTrace['against']> {
    const event = eventAt(node.leaf, since, context)
    const staysBeyond = to === END || (last !== undefined && to > last)
    const isOver = last !== undefined && now > last
    return {
      since,
      ...(event === undefined ? {} : { eventId: event }),
      ...(to === END ? {} : { until: to }),
      forGood: staysBeyond && (isOver || isLasting(node.leaf)),
    }
  }
}

/** The period's end is the first moment after it, the deadline the last one that counts. */
function endOf({ until }: CompiledNegative, { deadline, periodEnd }: JudgeContext): Instant | undefined {
  if (until === 'deadline') return deadline
  return periodEnd === undefined ? undefined : asInstant(periodEnd - 1)
}

function lastMoment({ deadline, periodEnd }: JudgeContext): Instant | undefined {
  if (deadline === undefined && periodEnd === undefined) return undefined
  return asInstant(Math.min(deadline ?? END, periodEnd === undefined ? END : periodEnd - 1))
}

const spanAt = (timeline: Timeline, at: Instant): Span | undefined =>
  timeline.find(({ from, to }) => from <= at && at < to)

/** What one more event cannot undo, unless it takes others back. */
const LASTING: ReadonlySet<string> = new Set(['count', 'distinct', 'max'])

function isLasting(leaf: CompiledLeafNode): boolean {
  switch (leaf.form) {
    case 'measured':
      return (
        LASTING.has(leaf.reading.measure.kind) &&
        leaf.join === undefined &&
        !(leaf.reading.window.kind === 'since' && leaf.reading.window.pick === 'last')
      )
    case 'sequence':
      return leaf.resets.length === 0
    case 'stretch':
      return leaf.pick === 'first'
    default:
      return leaf.validAt === 'ever'
  }
}

/** The event that came when something began to stand against it. */
function eventAt(leaf: CompiledLeafNode, since: Instant, context: JudgeContext): EventId | undefined {
  return itemsOf(leaf, context).findLast(({ time }) => time === since)?.eventId
}

function itemsOf(leaf: CompiledLeafNode, context: JudgeContext): readonly LeafItem[] {
  switch (leaf.form) {
    case 'measured':
      return itemsFor(leaf, context)
    case 'sequence':
      return leaf.steps.flatMap((step) => context.itemsOf(step))
    case 'holds':
      return []
    default:
      return context.itemsOf(leaf.leaf)
  }
}
