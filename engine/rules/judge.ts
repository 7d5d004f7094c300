import type { AchievementId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { unreachable } from '#engine/shared/never.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'
import { earliestClear, earliestMet } from '#engine/state/leaf-window.ts'
import type { CompiledGroup, CompiledNegative, CompiledNode } from './compiled-rule.ts'

/** Whether a part of a rule is met, since when in event time, and whether that may be said already. */
export type Verdict =
  | { readonly status: 'met'; readonly metAt: Instant }
  /** Met unless a late event still comes: may be said from `settlesAt` on. */
  | { readonly status: 'settling'; readonly metAt: Instant; readonly settlesAt: Instant }
  | { readonly status: 'not_met' }

/** What a verdict depends on: one subject's items and holdings, and the clock for what must settle. */
export interface JudgeContext {
  readonly now: Instant
  itemsOf(leafHash: string): readonly LeafItem[]
  /** Since when the subject holds it; undefined where it does not. */
  heldSince(achievementId: AchievementId): Instant | undefined
}

const NOT_MET: Verdict = { status: 'not_met' }

/**
 * Judges a part of a rule by what is known now. Depends on the set of events only, never on their order of arrival.
 * A `not` is judged by `judgeNegative`, from the group that it stands in. Linear in the items of its leaves.
 */
export function judge(node: CompiledNode, context: JudgeContext): Verdict {
  switch (node.kind) {
    case 'all':
    case 'any':
    case 'nOf':
      return judgeGroup(node, context)
    case 'event':
    case 'count':
    case 'distinctOf': {
      const met = earliestMet(context.itemsOf(node.leafHash), node.reading)
      return met === undefined ? NOT_MET : { status: 'met', metAt: met.metAt }
    }
    case 'holds': {
      const since = context.heldSince(node.achievement.id)
      return since === undefined ? NOT_MET : { status: 'met', metAt: since }
    }
    case 'not':
      return NOT_MET
    default:
      return unreachable(node)
  }
}

function judgeGroup(group: CompiledGroup, context: JudgeContext): Verdict {
  const positives = group.children.filter(({ kind }) => kind !== 'not').map((child) => judge(child, context))
  if (group.kind !== 'all') return chooseBest(positives, group.need)
  const base = chooseBest(positives, positives.length)
  if (base.status === 'not_met') return NOT_MET
  const verdicts: Verdict[] = [base]
  for (const child of group.children)
    if (child.kind === 'not') verdicts.push(judgeNegative(child, base.metAt, context))
  return chooseBest(verdicts, verdicts.length)
}

/**
 * A negative is satisfied at the earliest moment, not before its positive siblings are (`from`), at which the window
 * that ends there holds too few of its events. It may be said when that moment and then `settle` are over.
 */
export function judgeNegative(
  { leaf, settle }: CompiledNegative,
  from: Instant,
  context: JudgeContext,
): Verdict {
  const metAt = earliestClear(context.itemsOf(leaf.leafHash), leaf.reading, from)
  if (metAt === undefined) return NOT_MET
  const settlesAt = asInstant(metAt + settle)
  return settlesAt <= context.now ? { status: 'met', metAt } : { status: 'settling', metAt, settlesAt }
}

/** The earliest moment at which `need` of the verdicts hold: of what may be said now, or else of what may be said first. */
function chooseBest(verdicts: readonly Verdict[], need: number): Verdict {
  const met = verdicts.filter((verdict) => verdict.status === 'met')
  const inOrder = met.map(({ metAt }) => metAt).sort((a, b) => a - b)
  const last = inOrder[need - 1]
  if (last !== undefined) return { status: 'met', metAt: last }
  const settling = verdicts
    .filter((verdict) => verdict.status === 'settling')
    .sort((a, b) => a.settlesAt - b.settlesAt)
    .slice(0, need - met.length)
  const final = settling[need - met.length - 1]
  if (final === undefined) return NOT_MET
  const metAt = asInstant(Math.max(...inOrder, ...settling.map((verdict) => verdict.metAt)))
  return { status: 'settling', metAt, settlesAt: final.settlesAt }
}
