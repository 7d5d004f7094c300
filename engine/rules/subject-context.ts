import type { AchievementId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'
import { CASCADE_DEPTH } from './check-rule.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { Holding } from './evaluation.ts'
import { type JudgeContext, judge } from './judge.ts'
import type { RuleSet } from './rule-set.ts'

/** How one subject stands. Holdings grow while awards cascade. */
export interface SubjectStanding {
  readonly now: Instant
  readonly holdings: readonly Holding[]
  itemsOf(leafHash: string): readonly LeafItem[]
}

/** When everything has settled: what is met then depends on the events only, and not on the clock. */
const END_OF_TIME = asInstant(8_640_000_000_000_000)

/**
 * Makes a subject's standing a context to judge in. `countsEnded` names achievements that count although they are held
 * no more: an award stands on what was held when it was decided. Cost: where a holding names its rule, that of judging it.
 */
export function contextOf(
  ruleSet: RuleSet,
  standing: SubjectStanding,
  countsEnded: (achievementId: AchievementId) => boolean = () => false,
  depth = 0,
): JudgeContext {
  const { now } = standing
  const holdings = standing.holdings.filter(
    ({ achievementId, until }) =>
      depth > 0 || until === undefined || until > now || countsEnded(achievementId),
  )
  const sinceOf = ({ since, by }: Holding): Instant => {
    const rule = by === undefined ? undefined : ruleSet.byRule.get(by)?.find(isActive)
    if (rule === undefined || depth >= CASCADE_DEPTH) return since
    const settled = contextOf(ruleSet, { ...standing, holdings, now: END_OF_TIME }, countsEnded, depth + 1)
    const verdict = judge(rule.when, settled)
    return verdict.status === 'met' ? verdict.metAt : since
  }
  return {
    now,
    itemsOf: standing.itemsOf,
    heldSince(achievementId) {
      const moments = holdings.filter((holding) => holding.achievementId === achievementId).map(sinceOf)
      return moments.length === 0 ? undefined : asInstant(Math.min(...moments))
    },
  }
}

const isActive = ({ rule }: CompiledRule): boolean => rule.status === 'active'
