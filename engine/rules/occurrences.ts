import { periodAt } from '#engine/shared/calendar.ts'
import { compareItems, type LeafItem } from '#engine/state/leaf-state.ts'
import { firstTimeMet } from '#engine/state/read-leaf.ts'
import type { CompiledMeasured, CompiledRule } from './compiled-rule.ts'
import type { Holding } from './evaluation.ts'
import { aidFor, itemsFor, timelineOfRule, type Verdict, verdictOf } from './judge.ts'
import { ALL_OF_IT, type OccurrenceScope } from './occurrence-scope.ts'
import type { RuleSet } from './rule-set.ts'
import type { SubjectContext } from './subject-context.ts'

/** One occasion on which a rule may award, and how it stands with it. */
export interface JudgedOccurrence {
  readonly occurrence: string
  readonly scope: OccurrenceScope
  readonly verdict: Verdict
}

/**
 * The occasions on which a rule may award a subject: one, one for each period or context in which an event of it lies,
 * or as many as it has been met. A shadow version has occurrences of its own, so that it neither hides nor repeats what
 * the active version of the same lineage decided.
 */
export function judgedOccurrences(
  ruleSet: RuleSet,
  rule: CompiledRule,
  context: SubjectContext,
  holdings: readonly Holding[],
): readonly JudgedOccurrence[] {
  const judged = (occurrence: string, scope: OccurrenceScope): JudgedOccurrence => {
    const inScope = context.forRule(rule, scope)
    return { occurrence, scope, verdict: verdictOf(timelineOfRule(rule.when, inScope), inScope.now) }
  }
  const named = (occurrence: string) => nameOf(rule, occurrence)
  switch (rule.occurrence.kind) {
    case 'once':
      return [judged(named('once'), ALL_OF_IT), ...renewals(rule, holdings, judged)]
    case 'period': {
      const { unit, zone } = rule.occurrence
      const periods = new Map(
        eventItems(rule, context).map(({ time }) => {
          const period = periodAt(time, unit, zone)
          return [period.name, period]
        }),
      )
      return [...periods.values()]
        .sort((a, b) => a.start - b.start)
        .map(({ name, start, end }) =>
          judged(named(`period:${name}@${zone}`), {
            counts: ({ time }) => start <= time && time < end,
            end,
          }),
        )
    }
    case 'context': {
      const contexts = new Set(eventItems(rule, context).flatMap((item) => item.context ?? []))
      return [...contexts]
        .sort()
        .map((name) => judged(named(name), { counts: (item) => item.context === name, end: undefined }))
    }
    case 'unlimited':
      return completions(ruleSet, rule, rule.occurrence.trigger, context)
  }
}

/** An award that expires can be earned again by events from so long before it does. */
function renewals(
  rule: CompiledRule,
  holdings: readonly Holding[],
  judged: (occurrence: string, scope: OccurrenceScope) => JudgedOccurrence,
): readonly JudgedOccurrence[] {
  if (rule.occurrence.kind !== 'once' || rule.occurrence.renewsBefore === undefined) return []
  const before = rule.occurrence.renewsBefore
  const own = holdings
    .filter(({ by, isRevoked }) => by === rule.rule.ruleId && isRevoked !== true)
    .sort((a, b) => a.since - b.since)
  return own.flatMap(({ since, until }, index) => {
    if (until === undefined) return []
    const from = until - before
    // What earned a badge does not earn its renewal, however early that may be.
    const scope: OccurrenceScope = { counts: ({ time }) => time >= from && time > since, end: undefined }
    const renewal = judged(nameOf(rule, `renewal:${index + 1}`), scope)
    const { verdict } = renewal
    // Met by what is known of a person alone, it was met before: nothing has been done for the renewal.
    const isBefore = verdict.status === 'met' && verdict.metAt <= since
    return [isBefore ? { ...renewal, verdict: { status: 'not_met' } } : renewal]
  })
}

/**
 * Each time the trigger is met, counting anew after each: what was counted for one award is not counted for the next.
 * The other parts must be met then too, or come to be before the next time.
 */
function completions(
  ruleSet: RuleSet,
  rule: CompiledRule,
  trigger: CompiledMeasured,
  context: SubjectContext,
): readonly JudgedOccurrence[] {
  const whole = context.forRule(rule)
  const items = itemsFor(trigger, whole)
  const aid = aidFor(trigger, whole)
  const found: JudgedOccurrence[] = []
  for (let from = 0; from < items.length; ) {
    const rest = items.slice(from)
    const met = firstTimeMet(rest, trigger.reading, aid)
    const [first] = rest
    if (met === undefined || first === undefined) break
    const scope: OccurrenceScope = {
      counts: (item, leaf) => leaf !== trigger.leaf || compareItems(item, first) >= 0,
      end: undefined,
    }
    const inScope = context.forRule(rule, scope)
    const event = ruleSet.hashOf([met.by.source, met.by.sourceId])
    found.push({
      occurrence: nameOf(rule, `event:${event}`),
      scope,
      verdict: verdictOf(timelineOfRule(rule.when, inScope), inScope.now),
    })
    from += rest.indexOf(met.by) + 1
  }
  return found
}

const eventItems = (rule: CompiledRule, context: SubjectContext): readonly LeafItem[] => {
  const whole = context.forRule(rule)
  return rule.eventLeaves.flatMap((leaf) => whole.itemsOf(leaf))
}

/** Whether an occurrence that was decided on belongs to this version of the rule. */
export const isOccurrenceOf = ({ rule }: CompiledRule, occurrence: string): boolean =>
  rule.status === 'shadow'
    ? occurrence === `shadow:${rule.ruleVersionId}` || occurrence.startsWith(`shadow:${rule.ruleVersionId}:`)
    : !occurrence.startsWith('shadow:')

const nameOf = ({ rule }: CompiledRule, occurrence: string): string => {
  if (rule.status !== 'shadow') return occurrence
  return occurrence === 'once' ? `shadow:${rule.ruleVersionId}` : `shadow:${rule.ruleVersionId}:${occurrence}`
}
