import type { AchievementId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'
import { CASCADE_DEPTH } from './check-rule.ts'
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
 * Makes a subject's standing a context to judge in.
 *
 * Since when an achievement is held is asked of the rule that awards it, too: its award may have been recorded before
 * an earlier event arrived late, and the order of arrival must not matter. `countsEnded` names achievements that
 * count although they are held no more: an award stands on what was held when it was decided.
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
  return {
    now,
    itemsOf: standing.itemsOf,
    heldSince(achievementId) {
      let since: Instant | undefined
      for (const holding of holdings) {
        if (holding.achievementId !== achievementId) continue
        if (since === undefined || holding.since < since) since = holding.since
      }
      if (since === undefined || depth >= CASCADE_DEPTH) return since
      for (const { when } of ruleSet.awarding.get(achievementId) ?? []) {
        const verdict = judge(
          when,
          contextOf(ruleSet, { ...standing, holdings, now: END_OF_TIME }, countsEnded, depth + 1),
        )
        if (verdict.status === 'met' && verdict.metAt < since) since = verdict.metAt
      }
      return since
    },
  }
}
