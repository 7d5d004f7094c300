import type { CompiledRule } from '#engine/rules/compile/compiled-rule.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import {
  type BlockReason,
  type DecisionOutcome,
  isStanding,
  outcomeKey,
} from '#engine/rules/evaluate/evaluation.ts'
import type { Verdict } from '#engine/rules/evaluate/judge.ts'
import { blockReason, cooldownEnd, type PastAward } from '#engine/rules/evaluate/limits.ts'
import { ALL_OF_IT } from '#engine/rules/evaluate/occurrence-scope.ts'
import {
  eventItems,
  isOccurrenceOf,
  type JudgedOccurrence,
  judgedOccurrences,
  judgeOccurrence,
  periodOccurrence,
  renewable,
  scopeOfNext,
  scopeOfPeriod,
} from '#engine/rules/evaluate/occurrences.ts'
import type { SubjectContext } from '#engine/rules/evaluate/subject-context.ts'
import { type CalendarUnit, type Period, periodAt } from '#engine/shared/calendar.ts'
import type { RuleId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { unreachable } from '#engine/shared/never.ts'
import { answering, contextFor, type Progress, type ProgressInput, progressOn } from './explain.ts'
import type { Trace } from './trace.ts'

export interface OccasionInput extends ProgressInput {
  /** What was decided on the rule's occurrences, by `outcomeKey`, and when each was met in event time. */
  readonly outcomes: ReadonlyMap<string, DecisionOutcome>
  readonly moments: ReadonlyMap<string, Instant>
  /** How many awards a rule with a cap had left when it was looked; undefined: there is no cap, or it is not known. */
  readonly capLeft?: number
  /** Why occurrences of the rule were blocked, by occurrence. */
  readonly blocked?: ReadonlyMap<string, BlockReason>
}

/** One occasion on which a rule may award, and all that is to be said of it. */
export interface OccasionProgress extends Progress {
  readonly state: OccasionState
  /** What was decided on it last. It stands whatever the trace says now. */
  /** `metAt` in event time; of `retracted`, when that was decided. */
  readonly decided?: { readonly outcome: DecisionOutcome; readonly metAt?: Instant }
  /** After which moment it cannot be met any more. */
  readonly closes?: { readonly at: Instant; readonly by: 'deadline' | 'period' }
  readonly part: OccasionPart
  /** Which limit forbids an award: of what was blocked, or of what would be if it were met now. */
  readonly limit?: { readonly reason: BlockReason; readonly until?: Instant }
}

/** What an occasion is one of. */
export type OccasionPart =
  | { readonly kind: 'once' }
  /** `from`: what happens from then on counts. */
  | {
      readonly kind: 'renewal'
      readonly renews: string
      readonly since: Instant
      readonly until: Instant
      readonly from: Instant
    }
  | ({ readonly kind: 'period'; readonly unit: CalendarUnit; readonly zone: string } & Period)
  /** The JCS of the context's value; undefined where none of the events given tells it. */
  | { readonly kind: 'context'; readonly value: string | undefined }
  /** `given`: how many awards stand. */
  | { readonly kind: 'completion'; readonly isNext: boolean; readonly given: number }

export type OccasionState =
  /** It can be met. */
  | 'open'
  /** Met, and not decided yet. */
  | 'met'
  /** Met, but what speaks against it may still come. */
  | 'settling'
  /** Its deadline or period is over: only what is told late, or joined to what happened before, can still make it met. */
  | 'closed'
  /** Something stands against it for good. */
  | 'lost'
  | 'awarded'
  | 'in_review'
  | 'suggested'
  | 'blocked'

/** More contexts of one person are not told: those with the latest events are. */
const MOST_CONTEXTS = 50

/**
 * How far one subject is with each occasion that matters now: the one award or its renewal; the current period, and
 * earlier ones that are still to be decided; each context; the way to the next award of a rule without limit.
 * Undefined where the rule is not in the set.
 */
export function occasionProgress(
  ruleSet: RuleSet,
  ruleId: RuleId,
  input: OccasionInput,
): readonly OccasionProgress[] | undefined {
  const rule = answering(ruleSet, ruleId)
  if (rule === undefined) return undefined
  const context = contextFor(ruleSet, input)
  const judged = judgedOccurrences(ruleSet, rule, context, input.holdings)
  const standing = new Map(
    [...input.outcomes].flatMap(([key, outcome]) => {
      const prefix = outcomeKey(ruleId, input.subjectId, '')
      const occurrence = key.slice(prefix.length)
      return key.startsWith(prefix) && isOccurrenceOf(rule, occurrence)
        ? [[occurrence, outcome] as const]
        : []
    }),
  )
  const asked: Asked = { ruleSet, rule, context, judged, standing, input }
  return occasionsOf(asked).map(({ occasion, part }) => tell(asked, occasion, part))
}

interface Asked {
  readonly ruleSet: RuleSet
  readonly rule: CompiledRule
  readonly context: SubjectContext
  readonly judged: readonly JudgedOccurrence[]
  /** By occurrence. */
  readonly standing: ReadonlyMap<string, DecisionOutcome>
  readonly input: OccasionInput
}

interface Occasion {
  readonly occasion: JudgedOccurrence
  readonly part: OccasionPart
}

function occasionsOf(asked: Asked): readonly Occasion[] {
  const { rule, context } = asked
  const { occurrence } = rule
  switch (occurrence.kind) {
    case 'once':
      return onceOrRenewal(asked, occurrence.renewsBefore)
    case 'period':
      return periods(asked, occurrence)
    case 'context':
      return contexts(asked)
    case 'unlimited': {
      const { judged, standing } = asked
      const given = [...standing.values()].filter(isStanding).length
      const next = judgeOccurrence(rule, context, '', scopeOfNext(rule, occurrence.trigger, context))
      // Reached once more than awards stand, and nothing came of it: a part beside it is missing, or a limit forbade it.
      // Which event completed an award may have moved since, as one came late: the number counts.
      const last = judged
        .slice(given)
        .slice(-1)
        .filter((each) => !isStanding(standing.get(each.occurrence)))
      return [...last, next].map((occasion) => ({
        occasion,
        part: { kind: 'completion', isNext: occasion === next, given },
      }))
    }
    default:
      return unreachable(occurrence)
  }
}

function onceOrRenewal({ rule, judged, input }: Asked, renewsBefore = 0): readonly Occasion[] {
  const last = judged.at(-1)
  if (last === undefined) return []
  const own = renewable(rule, input.holdings)
  const renewed = last.occurrence === 'once' ? undefined : own[Number(last.occurrence.split(':').at(-1)) - 1]
  if (renewed?.until === undefined) return [{ occasion: last, part: { kind: 'once' } }]
  const { since, until, occurrence: renews = 'once' } = renewed
  const from = asInstant(Math.max(until - renewsBefore, since))
  return [{ occasion: last, part: { kind: 'renewal', renews, since, until, from } }]
}

function periods(
  { rule, context, judged, standing, input }: Asked,
  { unit, zone }: { readonly unit: CalendarUnit; readonly zone: string },
): readonly Occasion[] {
  const current = periodAt(input.now, unit, zone)
  const found = new Map(
    eventItems(rule, context).map(({ time }) => {
      const period = periodAt(time, unit, zone)
      return [periodOccurrence(period, zone), period]
    }),
  )
  const undecided = judged.flatMap((occasion): readonly Occasion[] => {
    const period = found.get(occasion.occurrence)
    if (period === undefined || period.index === current.index) return []
    const isOpen = occasion.verdict.status !== 'not_met' && !standing.has(occasion.occurrence)
    return isOpen ? [{ occasion, part: { kind: 'period', unit, zone, ...period } }] : []
  })
  const name = periodOccurrence(current, zone)
  const occasion =
    judged.find(({ occurrence }) => occurrence === name) ??
    judgeOccurrence(rule, context, name, scopeOfPeriod(current))
  return [{ occasion, part: { kind: 'period', unit, zone, ...current } }, ...undecided]
}

function contexts({ ruleSet, rule, context, judged, input }: Asked): readonly Occasion[] {
  const nothing: Occasion = {
    occasion: judgeOccurrence(rule, context, '', ALL_OF_IT),
    part: { kind: 'context', value: undefined },
  }
  if (judged.length === 0) return [nothing]
  const values = new Map<string, string>()
  for (const { hash } of rule.eventLeaves) {
    const leaf = ruleSet.leaves.get(hash)
    for (const event of leaf === undefined ? [] : (input.events ?? [])) {
      const value = leaf?.capture.context?.(event)
      if (leaf !== undefined && value !== undefined) values.set(leaf.nameContext(value), value)
    }
  }
  const latest = new Map<string, Instant>()
  for (const { context: name = '', time } of eventItems(rule, context))
    latest.set(name, asInstant(Math.max(latest.get(name) ?? time, time)))
  const timeOf = ({ occurrence }: JudgedOccurrence) => latest.get(occurrence) ?? 0
  return [...judged]
    .sort((a, b) => timeOf(b) - timeOf(a))
    .slice(0, MOST_CONTEXTS)
    .map((occasion) => ({
      occasion,
      part: { kind: 'context', value: values.get(occasion.occurrence) },
    }))
}

function tell(asked: Asked, occasion: JudgedOccurrence, part: OccasionPart): OccasionProgress {
  const { ruleSet, rule, context, standing, input } = asked
  const found = progressOn(ruleSet, rule, context, occasion, input)
  const outcome = standing.get(occasion.occurrence)
  const metAt = input.moments.get(outcomeKey(rule.rule.ruleId, input.subjectId, occasion.occurrence))
  const closes = closingOf(rule, part)
  const limit = limitOf(asked, { occurrence: occasion.occurrence, outcome, metAt })
  const isOver = closes !== undefined && input.now > closes.at
  return {
    ...found,
    part,
    state: stateOf({ outcome, verdict: occasion.verdict, isOver, trace: found.trace }),
    ...(outcome === undefined ? {} : { decided: { outcome, ...(metAt === undefined ? {} : { metAt }) } }),
    ...(closes === undefined ? {} : { closes }),
    ...(limit === undefined ? {} : { limit }),
  }
}

/** The last moment that counts: of the period, or of the rule where that comes first. */
function closingOf({ deadline }: CompiledRule, part: OccasionPart): OccasionProgress['closes'] {
  const periodEnd = part.kind === 'period' ? asInstant(part.end - 1) : undefined
  if (periodEnd !== undefined && (deadline === undefined || periodEnd <= deadline))
    return { at: periodEnd, by: 'period' }
  return deadline === undefined ? undefined : { at: deadline, by: 'deadline' }
}

/**
 * Which limit forbade the award; or would forbid one that was met now. How many awards are left of a cap is known for
 * certain only when one is decided: others may be faster, and one that is taken back may come free.
 */
function limitOf(
  { rule, standing, input }: Asked,
  {
    occurrence,
    outcome,
    metAt,
  }: {
    readonly occurrence: string
    readonly outcome: DecisionOutcome | undefined
    readonly metAt: Instant | undefined
  },
): OccasionProgress['limit'] {
  if (isStanding(outcome)) return undefined
  const { ruleId, achievementId } = rule.rule
  const past: readonly PastAward[] = [...standing]
    .filter(([, each]) => isStanding(each))
    .map(([other]) => ({
      occurrence: other,
      metAt: input.moments.get(outcomeKey(ruleId, input.subjectId, other)),
    }))
  const at = outcome === 'blocked' ? (metAt ?? input.now) : input.now
  const heldByOther = input.holdings.some(
    (holding) =>
      holding.achievementId === achievementId &&
      holding.by !== ruleId &&
      (holding.until === undefined || holding.until > input.now),
  )
  const reason =
    outcome === 'blocked'
      ? input.blocked?.get(occurrence)
      : blockReason(rule, at, { past, heldByOther, capLeft: input.capLeft ?? 1 })
  if (reason === undefined) return undefined
  const { cooldownMs } = rule.limits
  const until =
    reason === 'cooldown' && cooldownMs !== undefined ? cooldownEnd(cooldownMs, at, past) : undefined
  return { reason, ...(until === undefined ? {} : { until }) }
}

function stateOf({
  outcome,
  verdict,
  isOver,
  trace,
}: {
  readonly outcome: DecisionOutcome | undefined
  readonly verdict: Verdict
  readonly isOver: boolean
  readonly trace: Trace
}): OccasionState {
  if (outcome !== undefined && outcome !== 'retracted') return DECIDED[outcome]
  if (verdict.status !== 'not_met') return verdict.status
  if (isOver) return 'closed'
  return isLost(trace) ? 'lost' : 'open'
}

const DECIDED = {
  award: 'awarded',
  needs_review: 'in_review',
  would_award: 'suggested',
  blocked: 'blocked',
} as const

/** Whether too few parts are left that can still be met. */
function isLost(trace: Trace): boolean {
  if (!('children' in trace)) return trace.tooLate === true
  if (trace.kind === 'not') return trace.against?.forGood === true
  return trace.children.filter((child) => !isLost(child)).length < trace.need
}
