import type { CompiledMeasured, CompiledNode, CompiledRule } from '#engine/rules/compile/compiled-rule.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import { type Period, periodAt } from '#engine/shared/calendar.ts'
import { compareItems, type LeafItem } from '#engine/state/leaf-state.ts'
import { timesMet } from '#engine/state/read-leaf.ts'
import type { Timeline } from '#engine/state/timeline.ts'
import type { Holding } from './evaluation.ts'
import {
  aidFor,
  clearSpans,
  itemsFor,
  type JudgeContext,
  timelineOf,
  timelineOfRule,
  type Verdict,
  verdictOf,
} from './judge.ts'
import { ALL_OF_IT, type OccurrenceScope } from './occurrence-scope.ts'
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
  const judged = (occurrence: string, scope: OccurrenceScope) =>
    judgeOccurrence(rule, context, occurrence, scope)
  const named = (occurrence: string) => nameOf(rule, occurrence)
  switch (rule.occurrence.kind) {
    case 'once':
      return [judged(named('once'), ALL_OF_IT), ...renewals(rule, holdings, judged)]
    case 'period': {
      const { unit, zone } = rule.occurrence
      const byPeriod = sorter(({ time }) => periodAt(time, unit, zone).name)
      return [...firstItems(rule, context, byPeriod).values()]
        .map(({ time }) => periodAt(time, unit, zone))
        .sort((a, b) => a.start - b.start)
        .map((period) =>
          judged(named(periodOccurrence(period, zone)), {
            itemsIn: (items) => byPeriod(items).get(period.name) ?? [],
            end: period.end,
          }),
        )
    }
    case 'context': {
      const byContext = sorter((item) => item.context)
      return [...firstItems(rule, context, byContext).keys()]
        .sort()
        .map((name) =>
          judged(named(name), { itemsIn: (items) => byContext(items).get(name) ?? [], end: undefined }),
        )
    }
    case 'unlimited':
      return completions(ruleSet, rule, rule.occurrence.trigger, context)
  }
}

export function judgeOccurrence(
  rule: CompiledRule,
  context: SubjectContext,
  occurrence: string,
  scope: OccurrenceScope,
): JudgedOccurrence {
  const inScope = context.forRule(rule, scope)
  return { occurrence, scope, verdict: verdictOf(timelineOfRule(rule.when, inScope), inScope.now) }
}

export const periodOccurrence = ({ name }: Period, zone: string): string => `period:${name}@${zone}`

export const scopeOfPeriod = ({ start, end }: Period): OccurrenceScope => ({
  itemsIn: (items) => items.filter(({ time }) => start <= time && time < end),
  end,
})

/** An award that expires can be earned again by events from so long before it does. */
function renewals(
  rule: CompiledRule,
  holdings: readonly Holding[],
  judged: (occurrence: string, scope: OccurrenceScope) => JudgedOccurrence,
): readonly JudgedOccurrence[] {
  if (rule.occurrence.kind !== 'once' || rule.occurrence.renewsBefore === undefined) return []
  const before = rule.occurrence.renewsBefore
  return renewable(rule, holdings).flatMap(({ since, until }, index) => {
    if (until === undefined) return []
    const from = until - before
    // What earned a badge does not earn its renewal, however early that may be.
    const counts = ({ time }: LeafItem) => time >= from && time > since
    const scope: OccurrenceScope = { itemsIn: (items) => items.filter(counts), end: undefined }
    const renewal = judged(nameOf(rule, `renewal:${index + 1}`), scope)
    const { verdict } = renewal
    // Met by what is known of a person alone, it was met before: nothing has been done for the renewal.
    const isBefore = verdict.status === 'met' && verdict.metAt <= since
    return [isBefore ? { ...renewal, verdict: { status: 'not_met' } } : renewal]
  })
}

/** What the rule awarded, oldest first: the renewal of number n renews the one at place n - 1. */
export const renewable = ({ rule }: CompiledRule, holdings: readonly Holding[]): readonly Holding[] =>
  holdings
    .filter(({ by, isRevoked }) => by === rule.ruleId && isRevoked !== true)
    .sort((a, b) => a.since - b.since)

/**
 * Each time the trigger is met, counting anew after each: what was counted for one award is not counted for the next.
 * The other parts must be met then too, or come to be before the next time. One sweep over the trigger's items; the
 * other parts are looked at once.
 */
function completions(
  ruleSet: RuleSet,
  rule: CompiledRule,
  trigger: CompiledMeasured,
  context: SubjectContext,
): readonly JudgedOccurrence[] {
  const whole = context.forRule(rule)
  const times = timesOf(trigger, whole)
  const others = times.length === 0 ? [] : [...timelinesBeside(trigger, rule.when, whole)]
  return times.map(({ by, timeline }, at) => {
    const scope = scopeBehind(trigger, times[at - 1]?.by)
    const known = new Map(timeline === undefined ? others : [...others, [trigger, timeline] as const])
    const inScope = { ...context.forRule(rule, scope), known }
    return {
      occurrence: nameOf(rule, `event:${ruleSet.hashOf([by.source, by.sourceId])}`),
      scope,
      verdict: verdictOf(timelineOfRule(rule.when, inScope), inScope.now),
    }
  })
}

/** What may count for the next completion: all that came after the last one. */
export const scopeOfNext = (
  rule: CompiledRule,
  trigger: CompiledMeasured,
  context: SubjectContext,
): OccurrenceScope => scopeBehind(trigger, timesOf(trigger, context.forRule(rule)).at(-1)?.by)

const timesOf = (trigger: CompiledMeasured, whole: JudgeContext) =>
  timesMet(itemsFor(trigger, whole), trigger.reading, aidFor(trigger, whole))

/** Of the trigger only what lies behind an item; of the other parts everything. */
function scopeBehind(trigger: CompiledMeasured, last: LeafItem | undefined): OccurrenceScope {
  if (last === undefined) return ALL_OF_IT
  return {
    itemsIn: (items, leaf) =>
      leaf === trigger.leaf ? items.filter((item) => compareItems(item, last) > 0) : items,
    end: undefined,
  }
}

/** The largest parts that the trigger is no part of, each with its timeline; a negative with when it is clear. */
function timelinesBeside(
  trigger: CompiledMeasured,
  when: CompiledNode,
  context: JudgeContext,
): ReadonlyMap<CompiledNode, Timeline> {
  const beside = new Map<CompiledNode, Timeline>()
  const visit = (node: CompiledNode): void => {
    if (node === trigger) return
    if ('children' in node && holds(node, trigger)) node.children.forEach(visit)
    else beside.set(node, node.kind === 'not' ? clearSpans(node, context) : timelineOf(node, context))
  }
  visit(when)
  return beside
}

const holds = (node: CompiledNode, trigger: CompiledMeasured): boolean =>
  node === trigger || ('children' in node && node.children.some((child) => holds(child, trigger)))

/** Sorts items by a name; each list of items once, whoever asks. Items without a name are left out. */
type Sorter = (items: readonly LeafItem[]) => ReadonlyMap<string, readonly LeafItem[]>

function sorter(nameOfItem: (item: LeafItem) => string | undefined): Sorter {
  const sorted = new WeakMap<readonly LeafItem[], ReadonlyMap<string, readonly LeafItem[]>>()
  return (items) => {
    const known = sorted.get(items)
    if (known !== undefined) return known
    const groups = new Map<string, LeafItem[]>()
    for (const item of items) {
      const name = nameOfItem(item)
      if (name === undefined) continue
      const group = groups.get(name)
      if (group === undefined) groups.set(name, [item])
      else group.push(item)
    }
    sorted.set(items, groups)
    return groups
  }
}

/** Of each name one item, out of the leaves that look at events. */
function firstItems(
  rule: CompiledRule,
  context: SubjectContext,
  sorted: Sorter,
): ReadonlyMap<string, LeafItem> {
  const whole = context.forRule(rule)
  const firsts = new Map<string, LeafItem>()
  for (const leaf of rule.eventLeaves)
    for (const [name, [first]] of sorted(whole.itemsOf(leaf)))
      if (first !== undefined) firsts.set(name, first)
  return firsts
}

/** The items that tell periods and contexts. */
export const eventItems = (rule: CompiledRule, context: SubjectContext): readonly LeafItem[] => {
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
