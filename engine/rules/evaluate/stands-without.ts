import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import type { EventId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { type Holding, isStanding, outcomeKey } from './evaluation.ts'
import { simulate } from './simulate.ts'

/** `unknown`: not even with all events does the rule lead to it today, so its absence would say nothing. */
export type WithoutVerdict = 'stands' | 'falls' | 'unknown'

/**
 * Whether an occasion of a rule would still be met had some events never come: the whole history of one person, folded
 * with and without them. Cost: twice that of a dry run of the rule over the history.
 */
export function standsWithout(
  ruleSet: RuleSet,
  occasion: { readonly ruleId: RuleId; readonly subjectId: SubjectId; readonly occurrence: string },
  history: readonly StoredEvent[],
  {
    without,
    until,
    holdings,
  }: {
    readonly without: (event: StoredEvent) => boolean
    readonly until: Instant
    /** What they hold by other roads than this rule. */
    readonly holdings: readonly Holding[]
  },
): WithoutVerdict {
  const { ruleId, subjectId, occurrence } = occasion
  const isMet = (events: readonly StoredEvent[]): boolean => {
    const { outcomes } = simulate(ruleSet, events, { until, holdings: new Map([[subjectId, holdings]]) })
    return isStanding(outcomes.get(outcomeKey(ruleId, subjectId, occurrence)))
  }
  if (!isMet(history)) return 'unknown'
  const gone = new Set<EventId>(history.filter(without).map(({ id }) => id))
  return isMet(history.filter(({ id }) => !gone.has(id))) ? 'stands' : 'falls'
}
