import type { CompiledRule } from '#engine/rules/compile/compiled-rule.ts'
import { changedReaders } from '#engine/rules/compile/leaf-readers.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import { evidenceOf } from '#engine/rules/explain/evidence.ts'
import { traceRule } from '#engine/rules/explain/trace-rule.ts'
import { addTerm } from '#engine/shared/calendar-term.ts'
import type { AchievementId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { isSoAt } from '#engine/state/timeline.ts'
import { CASCADE_DEPTH } from './cascade-depth.ts'
import {
  type DecisionOutcome,
  type EvaluationInput,
  type Holding,
  isStanding,
  type Lapse,
  type NewDecision,
} from './evaluation.ts'
import type { SubjectFold } from './fold-subject.ts'
import { type JudgeContext, timelineOfRule, verdictOf } from './judge.ts'
import { blockReason, isLimited, type PastAward } from './limits.ts'
import type { OccurrenceScope } from './occurrence-scope.ts'
import { isOccurrenceOf, type JudgedOccurrence, judgedOccurrences } from './occurrences.ts'
import { contextOf, type SubjectContext } from './subject-context.ts'
import type { SubjectHistory } from './subject-history.ts'

export interface SubjectDecisions {
  readonly decisions: readonly NewDecision[]
  readonly timers: ReadonlyMap<RuleId, Instant>
  readonly rescan: ReadonlySet<RuleId>
  readonly lapsed: readonly Lapse[]
}

export interface SubjectTask {
  readonly fold: SubjectFold
  readonly history: SubjectHistory
  /** Rules to look at although no event touched them. */
  readonly reconsider: readonly RuleId[]
}

const NOTHING_DECIDED: SubjectDecisions = {
  decisions: [],
  timers: new Map(),
  rescan: new Set(),
  lapsed: [],
}

/**
 * Decides for one subject, after its events were folded. Rules are judged by rank, prerequisites first: an award may
 * meet the `holds` of a rule above it, down to `CASCADE_DEPTH`; what lies deeper gets a timer that is due at once.
 */
export function decideSubject(
  ruleSet: RuleSet,
  subjectId: SubjectId,
  { fold, history, reconsider }: SubjectTask,
  input: EvaluationInput,
): SubjectDecisions {
  const first = firstRules(ruleSet, fold, reconsider)
  if (first.size === 0) return NOTHING_DECIDED
  const desk = createDesk(ruleSet, subjectId, fold, history, input)
  for (const rule of first) desk.enqueue(rule)
  for (let rule = desk.next(); rule !== undefined; rule = desk.next()) {
    if (touches(rule, fold.torn)) desk.rescan.add(rule.rule.ruleId)
    else decideRule(rule, desk)
  }
  return desk
}

function decideRule(compiled: CompiledRule, desk: Desk): void {
  const judged = desk.judged(compiled)
  const standing = desk.standingOf(compiled, judged)
  const stands = [...standing.values()].some(isStanding)
  // An earlier event may have come late: who asks for this award may be met earlier, too, and who asks for theirs.
  if (stands && isActive(compiled) && (touches(compiled, desk.fold.changed) || desk.isStirred(compiled)))
    desk.stirAskers(compiled.rule.achievementId)
  if (compiled.occurrence.kind === 'unlimited') {
    decideUnlimited(compiled, judged, standing, desk)
    return
  }
  const seen = new Set<string>()
  for (const each of judged) {
    seen.add(each.occurrence)
    const before = standing.get(each.occurrence)
    // A limit forbade it: first come, first served. But a badge that was held by another road may be held no more.
    if (before === 'blocked' && !desk.isFreed(compiled, each)) continue
    if (isStanding(before)) lookAgain(compiled, each, desk)
    else lookFirst(compiled, each, desk)
  }
  for (const [occurrence, outcome] of standing)
    if (!seen.has(occurrence) && isStanding(outcome) && desk.isShaken(compiled))
      retract(compiled, { occurrence, scope: NOTHING }, desk)
}

/** Of an occurrence none of whose events is left. */
const NOTHING: OccurrenceScope = { itemsIn: () => [], end: undefined }

/** Nothing stands yet, or it was taken back: is the rule met, and may it be said? */
function lookFirst(
  compiled: CompiledRule,
  { occurrence, scope, verdict }: JudgedOccurrence,
  desk: Desk,
): void {
  if (verdict.status === 'settling') desk.wakeAt(compiled.rule.ruleId, verdict.settlesAt)
  if (verdict.status !== 'met') return
  desk.grant(compiled, { occurrence, scope }, verdict.metAt)
}

/** An outcome stands: was something taken away from under it? An edit of the rule alone takes nothing away. */
function lookAgain(compiled: CompiledRule, { occurrence, scope }: JudgedOccurrence, desk: Desk): void {
  if (!desk.isShaken(compiled)) {
    noteLapse(compiled, { occurrence, scope }, desk)
    return
  }
  // It may be met later than it was, even where it still is met: who asks for it is shaken as well.
  if (isActive(compiled)) desk.shakeAskers(compiled.rule.achievementId, desk.mayRetract(compiled))
  const context = desk.standingContext().forRule(compiled, scope)
  const verdict = verdictOf(timelineOfRule(compiled.when, context), context.now)
  if (verdict.status === 'not_met') retract(compiled, { occurrence, scope }, desk)
  else noteLapse(compiled, { occurrence, scope }, desk)
}

function retract(compiled: CompiledRule, { occurrence, scope }: Place, desk: Desk): void {
  const { onRetract, rule } = compiled
  if (!desk.mayRetract(compiled) || (onRetract === 'keep' && isActive(compiled))) return
  desk.decide(compiled, { occurrence, scope }, 'retracted', desk.now)
  if (isActive(compiled) && onRetract === 'revoke') desk.take(rule, occurrence)
}

/**
 * As many awards stand as the rule was met. A late event may move which event completes it: what is awarded stays
 * awarded as long as the number is right.
 */
function decideUnlimited(
  compiled: CompiledRule,
  judged: readonly JudgedOccurrence[],
  standing: ReadonlyMap<string, DecisionOutcome>,
  desk: Desk,
): void {
  for (const { verdict } of judged)
    if (verdict.status === 'settling') desk.wakeAt(compiled.rule.ruleId, verdict.settlesAt)
  const met = judged.filter(({ verdict }) => verdict.status === 'met')
  const given = [...standing].filter(([, outcome]) => isStanding(outcome) || outcome === 'blocked')
  const fresh = met.filter(({ occurrence }) => {
    const outcome = standing.get(occurrence)
    return !isStanding(outcome) && outcome !== 'blocked'
  })
  const owed = met.length - given.length
  for (const { occurrence, scope, verdict } of owed > 0 ? fresh.slice(-owed) : [])
    if (verdict.status === 'met') desk.grant(compiled, { occurrence, scope }, verdict.metAt)
  if (owed >= 0 || !desk.isShaken(compiled)) return
  const names = new Set(met.map(({ occurrence }) => occurrence))
  const unfounded = given.filter(([occurrence, outcome]) => !names.has(occurrence) && isStanding(outcome))
  for (const [occurrence] of unfounded.sort().slice(owed))
    retract(compiled, { occurrence, scope: NOTHING }, desk)
}

/** Tells once that what an award asked for has stopped being so: when the events that were just folded did it. */
function noteLapse(compiled: CompiledRule, { occurrence, scope }: Place, desk: Desk): void {
  if (!compiled.notifiesWhenFalse || !isActive(compiled)) return
  if (!touches(compiled, desk.fold.changed)) return
  const isSo = (context: SubjectContext) =>
    isSoAt(timelineOfRule(compiled.when, context.forRule(compiled, scope)), desk.now)
  if (isSo(desk.contextBefore()) && !isSo(desk.context())) desk.lapse(compiled, occurrence)
}

const isActive = ({ rule }: CompiledRule): boolean => rule.status === 'active'

interface Place {
  readonly occurrence: string
  readonly scope: OccurrenceScope
}

/** What is on the table while one subject is decided on: grows with each decision. */
interface Desk extends SubjectDecisions {
  readonly now: Instant
  mayRetract(rule: CompiledRule): boolean
  readonly fold: SubjectFold
  readonly rescan: Set<RuleId>
  enqueue(rule: CompiledRule): void
  next(): CompiledRule | undefined
  /** They may be met earlier than they were. */
  stirAskers(achievementId: AchievementId): void
  isStirred(rule: CompiledRule): boolean
  /** `mayRetract`: whether they may lose by it what was awarded to them. */
  shakeAskers(achievementId: AchievementId, mayRetract: boolean): void
  isShaken(rule: CompiledRule): boolean
  /** What stands of a rule, by occurrence: of one that awards once, of what is judged; else of all that were. */
  standingOf(rule: CompiledRule, judged: readonly JudgedOccurrence[]): ReadonlyMap<string, DecisionOutcome>
  judged(rule: CompiledRule): readonly JudgedOccurrence[]
  context(): SubjectContext
  /** As it was before the events that were just folded. */
  contextBefore(): SubjectContext
  /** For an award that stands: what was held when it was decided counts, unless it was taken back itself. */
  standingContext(): SubjectContext
  /** Decides what a met rule leads to, within its limits. */
  grant(rule: CompiledRule, place: Place, metAt: Instant): void
  /** Of what was blocked: another road was in its way, and no limit is now. */
  isFreed(rule: CompiledRule, judged: JudgedOccurrence): boolean
  decide(
    rule: CompiledRule,
    place: Place,
    outcome: DecisionOutcome,
    metAt: Instant,
    more?: Pick<NewDecision, 'reason'>,
  ): void
  /** The one award of a rule that was taken back; what is held by another road stays held. */
  take(rule: CompiledRule['rule'], occurrence: string): void
  lapse(rule: CompiledRule, occurrence: string): void
  wakeAt(ruleId: RuleId, at: Instant): void
}

function createDesk(
  ruleSet: RuleSet,
  subjectId: SubjectId,
  fold: SubjectFold,
  history: SubjectHistory,
  input: EvaluationInput,
): Desk {
  const { now, mayRetract = true } = input
  const decisions: NewDecision[] = []
  const lapsed: Lapse[] = []
  const timers = new Map<RuleId, Instant>()
  const rescan = new Set<RuleId>()
  const taken = new Set<AchievementId>()
  const mayLose = new Set<CompiledRule>()
  const shaken = new Set<CompiledRule>()
  const stirred = new Set<CompiledRule>()
  const byRank: Set<CompiledRule>[] = []
  let rank = 0
  let current: CompiledRule[] = []
  let holdings: readonly Holding[] = input.holdings.get(subjectId) ?? []

  const allOf = (compiled: CompiledRule): ReadonlyMap<string, DecisionOutcome> =>
    new Map(
      [...history.outcomesOf(compiled.rule.ruleId)].filter(([occurrence]) =>
        isOccurrenceOf(compiled, occurrence),
      ),
    )
  const standingOf: Desk['standingOf'] = (compiled, judged) => {
    if (compiled.occurrence.kind !== 'once') return allOf(compiled)
    return new Map(
      judged.flatMap(({ occurrence }) => {
        const outcome = history.outcomeOf(compiled.rule.ruleId, occurrence)
        return outcome === undefined ? [] : [[occurrence, outcome] as const]
      }),
    )
  }
  const context = () => contextOf(ruleSet, { now, holdings, itemsOf: fold.itemsOf })
  const isTaken = (achievementId: AchievementId) =>
    taken.has(achievementId) ||
    // What is held by another road than the rule that took it back is not taken.
    (!holdings.some(({ achievementId: held, until }) => held === achievementId && until === undefined) &&
      (ruleSet.awarding.get(achievementId) ?? []).some((awarding) =>
        awarding.occurrence.kind === 'once'
          ? history.outcomeOf(awarding.rule.ruleId, 'once') === 'retracted'
          : [...allOf(awarding).values()].includes('retracted'),
      ))
  const wakeAt = (ruleId: RuleId, at: Instant) => {
    const known = timers.get(ruleId)
    if (known === undefined || at < known) timers.set(ruleId, at)
  }
  const enqueue = (rule: CompiledRule) => {
    const waiting = byRank[rule.rank] ?? new Set()
    byRank[rule.rank] = waiting.add(rule)
  }
  const enqueueOrWake = (rule: CompiledRule) => {
    if (rule.rank <= rank || rule.rank > CASCADE_DEPTH) wakeAt(rule.rule.ruleId, now)
    else enqueue(rule)
  }
  const enqueueAskers = (achievementId: AchievementId) => {
    for (const asker of ruleSet.asking.get(achievementId) ?? []) enqueueOrWake(asker)
  }
  const stirAskers: Desk['stirAskers'] = (achievementId) => {
    for (const asker of ruleSet.asking.get(achievementId) ?? []) stirred.add(asker)
    enqueueAskers(achievementId)
  }
  const shakeAskers: Desk['shakeAskers'] = (achievementId, mayRetractThem) => {
    for (const asker of ruleSet.asking.get(achievementId) ?? []) {
      shaken.add(asker)
      if (mayRetractThem) mayLose.add(asker)
    }
    enqueueAskers(achievementId)
  }
  const pastAwards = (compiled: CompiledRule): readonly PastAward[] =>
    [...allOf(compiled)].flatMap(([occurrence, outcome]) =>
      isStanding(outcome) ? [{ occurrence, metAt: history.momentOf(compiled.rule.ruleId, occurrence) }] : [],
    )
  const reasonAgainst = (compiled: CompiledRule, metAt: Instant) =>
    blockReason(compiled, metAt, {
      past: pastAwards(compiled),
      heldByOther: holdings.some(
        ({ achievementId, by, until }) =>
          achievementId === compiled.rule.achievementId &&
          by !== compiled.rule.ruleId &&
          (until === undefined || until > now),
      ),
      capLeft: history.capLeft(compiled.rule.ruleId),
    })
  const decide: Desk['decide'] = (compiled, { occurrence, scope }, outcome, metAt, more = {}) => {
    history.set(compiled.rule.ruleId, occurrence, outcome, metAt)
    const { ruleId, ruleVersionId, achievementId } = compiled.rule
    const inScope: JudgeContext = context().forRule(compiled, scope)
    const trace = traceRule(compiled.when, inScope)
    const evidence = evidenceOf(compiled, trace)
    decisions.push({
      ruleId,
      ruleVersionId,
      achievementId,
      subjectId,
      occurrence,
      outcome,
      metAt,
      trace,
      ...more,
      ...(evidence === undefined ? {} : { evidence }),
    })
  }

  return {
    now,
    mayRetract: (compiled) =>
      typeof mayRetract === 'boolean'
        ? mayRetract
        : mayRetract(compiled.rule.ruleId) || mayLose.has(compiled),
    fold,
    decisions,
    timers,
    rescan,
    lapsed,
    enqueue,
    stirAskers,
    isStirred: (rule) => stirred.has(rule),
    shakeAskers,
    standingOf,
    context,
    contextBefore: () => contextOf(ruleSet, { now, holdings, itemsOf: fold.itemsBefore }),
    wakeAt,
    decide,
    judged: (rule) => judgedOccurrences(ruleSet, rule, context(), holdings),
    next() {
      while (current.length === 0 && rank < byRank.length) {
        current = [...(byRank[rank] ?? [])].sort((a, b) => b.order - a.order)
        byRank[rank] = new Set()
        if (current.length === 0) rank++
      }
      return current.pop()
    },
    isShaken: (rule) => shaken.has(rule) || isShakenByEvents(rule, fold),
    standingContext: () =>
      contextOf(
        ruleSet,
        { now, holdings, itemsOf: fold.itemsOf },
        (achievementId) => !isTaken(achievementId),
      ),
    isFreed: (compiled, { verdict }) =>
      compiled.isOnePerPerson &&
      verdict.status === 'met' &&
      reasonAgainst(compiled, verdict.metAt) === undefined,
    grant(compiled, place, metAt) {
      const { rule, outcome } = compiled
      const reason = isLimited(compiled) ? reasonAgainst(compiled, metAt) : undefined
      if (reason !== undefined) {
        decide(compiled, place, 'blocked', metAt, { reason })
        return
      }
      decide(compiled, place, outcome, metAt)
      if (outcome !== 'would_award') history.useCap(rule.ruleId)
      // Endorsers may still say no: it is held when the badge is issued, and who asks for it is asked then.
      if (outcome !== 'award' || rule.document.gate?.endorsement !== undefined) return
      const { achievementId, ruleId } = rule
      // It may be over already: events of long ago come in late.
      const until = rule.validFor === undefined ? undefined : addTerm(metAt, rule.validFor)
      const end = until === undefined ? {} : { until }
      const given = { achievementId, since: metAt, by: ruleId, occurrence: place.occurrence, ...end }
      holdings = [...holdings, given]
      taken.delete(achievementId)
      enqueueAskers(achievementId)
      // What renews it may have come with what earned it.
      if (until !== undefined && renews(compiled)) enqueue(compiled)
    },
    take({ ruleId, achievementId }, occurrence) {
      holdings = holdings.filter(
        ({ by, occurrence: given = 'once' }) => by !== ruleId || given !== occurrence,
      )
      if (!holdings.some((holding) => holding.achievementId === achievementId)) taken.add(achievementId)
      shakeAskers(achievementId, true)
      // What this award shut out may be awarded now.
      for (const other of ruleSet.awarding.get(achievementId) ?? [])
        if (other.isOnePerPerson && other.rule.ruleId !== ruleId) enqueueOrWake(other)
    },
    lapse({ rule: { ruleId } }, occurrence) {
      const isTold = lapsed.some((told) => told.ruleId === ruleId && told.occurrence === occurrence)
      if (!isTold) lapsed.push({ ruleId, subjectId, occurrence })
    },
  }
}

const renews = ({ occurrence }: CompiledRule): boolean =>
  occurrence.kind === 'once' && occurrence.renewsBefore !== undefined

function firstRules(
  ruleSet: RuleSet,
  fold: SubjectFold,
  reconsider: readonly RuleId[],
): ReadonlySet<CompiledRule> {
  const rules = new Set<CompiledRule>()
  for (const leafHash of fold.changed.keys())
    if (!fold.reduced.has(leafHash) && !fold.torn.has(leafHash)) {
      const readers = ruleSet.readers.get(leafHash)
      for (const rule of readers?.others ?? []) rules.add(rule)
      for (const plain of readers?.plain ?? [])
        for (const rule of changedReaders(plain, fold.itemsBefore(leafHash), fold.itemsOf(leafHash)))
          rules.add(rule)
    }
  for (const leafHash of [...fold.reduced, ...fold.torn])
    for (const rule of ruleSet.byLeaf.get(leafHash) ?? []) rules.add(rule)
  for (const ruleId of reconsider) for (const rule of ruleSet.byRule.get(ruleId) ?? []) rules.add(rule)
  return rules
}

/** An event was taken out that it counts, or one came that may speak against it. */
const isShakenByEvents = (compiled: CompiledRule, fold: SubjectFold): boolean =>
  touches(compiled, fold.reduced) ||
  [...compiled.fragileHashes].some((leafHash) => fold.changed.has(leafHash))

function touches({ leafHashes }: CompiledRule, leaves: { has(leafHash: string): boolean }): boolean {
  for (const leafHash of leafHashes) if (leaves.has(leafHash)) return true
  return false
}
