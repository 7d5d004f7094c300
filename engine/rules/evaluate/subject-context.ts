import type { CompiledRule, LeafRef } from '#engine/rules/compile/compiled-rule.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import type { AchievementId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'
import { END } from '#engine/state/timeline.ts'
import { CASCADE_DEPTH } from './cascade-depth.ts'
import type { Holding } from './evaluation.ts'
import { type JudgeContext, timelineOfRule, verdictOf } from './judge.ts'
import { ALL_OF_IT, type OccurrenceScope } from './occurrence-scope.ts'

/** How one subject stands. Holdings grow while awards cascade. */
export interface SubjectStanding {
  readonly now: Instant
  readonly holdings: readonly Holding[]
  itemsOf(leafHash: string): readonly LeafItem[]
}

/** What a subject's rules are judged in: a context for each (rule, occurrence). */
export interface SubjectContext {
  forRule(rule: CompiledRule, scope?: OccurrenceScope): JudgeContext
}

/** When everything has settled: what is met then depends on the events only, and not on the clock. */
const END_OF_TIME = END

/**
 * Makes a subject's standing a context to judge in. `countsEnded` names achievements that count although they are held
 * no more: an award stands on what was held when it was decided. Cost: where a holding names its rule, that of judging it.
 */
export function contextOf(
  ruleSet: RuleSet,
  standing: SubjectStanding,
  countsEnded: (achievementId: AchievementId) => boolean = () => false,
  depth = 0,
  settledAt: Map<CompiledRule, Instant | undefined> = new Map(),
): SubjectContext {
  const { now } = standing
  const isHeld = ({ achievementId, until }: Holding) =>
    depth > 0 || until === undefined || until > now || countsEnded(achievementId)
  const sinceOf = ({ since, by, occurrence = 'once' }: Holding): Instant => {
    const rule = by === undefined ? undefined : ruleSet.byRule.get(by)?.find(isActive)
    if (rule === undefined || rule.occurrence.kind !== 'once' || occurrence !== 'once') return since
    if (depth >= CASCADE_DEPTH) return since
    // Asked once for each rule: many badges may rest on the same few.
    if (!settledAt.has(rule)) {
      const settled = contextOf(ruleSet, { ...standing, now: END_OF_TIME }, countsEnded, depth + 1, settledAt)
      const verdict = verdictOf(timelineOfRule(rule.when, settled.forRule(rule)), END_OF_TIME)
      settledAt.set(rule, verdict.status === 'met' ? verdict.metAt : undefined)
    }
    return settledAt.get(rule) ?? since
  }
  return {
    forRule: ({ deadline }, scope = ALL_OF_IT) => ({
      now,
      deadline,
      periodEnd: scope.end,
      itemsOf: (leaf: LeafRef) => {
        const items = standing.itemsOf(leaf.hash)
        return leaf.isEvent && scope.itemsIn !== undefined ? scope.itemsIn(items, leaf) : items
      },
      isInScope(event, { capture, nameContext }, leaf) {
        const { itemsIn } = scope
        if (!leaf.isEvent || itemsIn === undefined) return true
        const text = capture.context?.(event)
        const { id: eventId, time, source, sourceId } = event
        const context = text === undefined ? {} : { context: nameContext(text) }
        return itemsIn([{ eventId, time, source, sourceId, ...context }], leaf).length > 0
      },
      heldSince(achievementId, validAt) {
        const moments = standing.holdings
          .filter((holding) => holding.achievementId === achievementId)
          .filter((holding) => validAt === 'ever' || isHeld(holding))
          .map(sinceOf)
        return moments.length === 0 ? undefined : asInstant(Math.min(...moments))
      },
    }),
  }
}

const isActive = ({ rule }: CompiledRule): boolean => rule.status === 'active'
