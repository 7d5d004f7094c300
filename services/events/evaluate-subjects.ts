import type { StoredEvent } from '#engine/events/learning-event.ts'
import { catchUp } from '#engine/rules/evaluate/catch-up.ts'
import { evaluate } from '#engine/rules/evaluate/evaluate.ts'
import {
  type EvaluationInput,
  type EvaluationResult,
  subjectOfKey,
} from '#engine/rules/evaluate/evaluation.ts'
import type { AwardId, DecisionId, EventId, OrganisationId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { withoutStates } from '#engine/state/leaf-states.ts'
import type { GrantAwards } from '#services/awards/grant-awards.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { ClaimedEvent, Decision, DueTimer, SubjectKnowledge } from '#services/ports/evaluation-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RuleSets, RulesInForce } from '#services/rules/rule-sets.ts'
import { capsLeft, takePlaces } from './caps.ts'
import { documentDecisions } from './document-decisions.ts'
import { fillInResults } from './fill-in-results.ts'
import { type Spread, spreadToRecipients, spreadVoids, withoutVoided } from './spread-to-recipients.ts'
import type { TellLapses } from './tell-lapses.ts'

export interface EvaluateSubjectsNeeds {
  readonly clock: Clock
  readonly random: Random
  readonly ruleSets: RuleSets
  readonly grantAwards: GrantAwards
  readonly tellLapses: TellLapses
}

/** What one evaluation looks at, in one organisation. */
export interface Work {
  readonly organisationId: OrganisationId
  readonly events: readonly ClaimedEvent[]
  readonly timers: readonly DueTimer[]
  /** Which rule may have missed what was evaluated from then on: it was paused. */
  readonly missed?: { readonly by: RuleId; readonly since: Instant }
}

export interface Evaluated {
  /** Ids of the events that met a leaf. */
  readonly matched: ReadonlySet<string>
  readonly decisions: readonly Decision[]
  /** Of the events of the work: entries where a rule looks for people, and that led to nobody. */
  readonly leftOut: Spread['leftOut']
  readonly rules: RulesInForce
  readonly at: Instant
}

/** People whose histories are held in memory at once. */
const RESCAN_GROUP = 50

export type EvaluateSubjects = (stores: Stores, work: Work) => Promise<Evaluated>

/** Evaluates events and timers in the caller's transaction, under the locks of their subjects. */
export const createEvaluateSubjects =
  ({ clock, random, ruleSets, grantAwards, tellLapses }: EvaluateSubjectsNeeds): EvaluateSubjects =>
  async (stores, { organisationId, events: claimed, timers, missed }) => {
    // 1. Whom do the events concern? Lock them all, then read what is known of them.
    const before = await ruleSets(stores, organisationId)
    const own = claimed.map(({ event }) => event)
    const spread = await spreadToRecipients(stores, organisationId, before, own, random)
    const voids = await spreadVoids(stores, organisationId, own)
    const concerned = idsOf([...own, ...spread.events, ...voids, ...timers])
    await stores.evaluation.lockSubjects(organisationId, concerned)
    // While we waited, an event that we take back may have found more people.
    const late = (await spreadVoids(stores, organisationId, own)).filter(
      ({ subjectId }) => !concerned.includes(subjectId),
    )
    await stores.evaluation.lockSubjects(organisationId, idsOf(late))
    const subjectIds = [...concerned, ...idsOf(late)]
    // Again: while we waited, a rule may have been paused or brought into force.
    const rules = await ruleSets(stores, organisationId)
    // Only now: under the lock, a subject's events and decisions have their times in the order in which they were seen,
    // so that a replay can tell what was known to a decision.
    const now = clock.now()
    const knowledge = await stores.evaluation.knowledge(organisationId, subjectIds)
    const events = [...own, ...withoutVoided(spread.events, own, knowledge), ...voids, ...late]
    const capLeft = await capsLeft(stores, organisationId, rules, { events, timers })

    // 2. Decide. Where the states cannot tell any more, from the whole history of the subject.
    const input = { now, ...knowledge, capLeft }
    const rescanned = new Set<SubjectId>(
      timers.filter(({ rescan }) => rescan).map(({ subjectId }) => subjectId),
    )
    const besides = (): Pick<EvaluationInput, 'events' | 'reconsider'> => ({
      events: events.filter(({ subjectId }) => !rescanned.has(subjectId)),
      reconsider: timers.filter(({ subjectId }) => !rescanned.has(subjectId)),
    })
    const attempt = evaluate(rules.ruleSet, { ...input, ...besides() })
    const corrected = new Set(attempt.rescan.map(({ subjectId }) => subjectId))
    for (const subjectId of corrected) rescanned.add(subjectId)

    const matched = new Set<string>()
    const decisions: Decision[] = []
    // Where everything was folded anew, what was folded before is known no more.
    const known = rescanned.size === 0 ? knowledge : withoutStatesOf(rescanned, knowledge)
    const save = async (result: EvaluationResult) => {
      for (const id of result.matched) matched.add(id)
      decisions.push(...(await saveResult(stores, organisationId, { rules, known, result, now })))
    }
    if (rescanned.size === 0) {
      await save(attempt)
      return { matched, decisions, leftOut: spread.leftOut, rules, at: now }
    }
    await save(evaluate(rules.ruleSet, { ...input, ...besides() }))
    await stores.evaluation.dropStates(organisationId, [...rescanned])
    for (const [some, isCorrection] of rescanGroups(rescanned, corrected)) {
      const histories = await stores.evaluation.histories(
        organisationId,
        some,
        own.map(({ id }) => id),
      )
      const all: readonly StoredEvent[] = [...histories.values()].flat()
      await lookAtFoundPeople(all)
      const whole = {
        ...input,
        capLeft: await capsLeft(stores, organisationId, rules, { events: all, timers }),
        states: new Map(),
        // A rule that came into force takes nothing back; an event that was taken back may.
        mayRetract: isCorrection,
        events: all,
        reconsider: timers.filter(({ subjectId }) => some.includes(subjectId)),
      }
      const unseen = isCorrection ? NONE : await unseenOf(all)
      await save(
        missed === undefined || unseen.size === 0
          ? evaluate(rules.ruleSet, whole)
          : catchUp(rules.ruleSet, whole, { by: missed.by, events: unseen }),
      )
    }
    return { matched, decisions, leftOut: spread.leftOut, rules, at: now }

    async function unseenOf(history: readonly StoredEvent[]): Promise<ReadonlySet<EventId>> {
      if (missed === undefined) return NONE
      const ids = history.map(({ id }) => id)
      return stores.evaluation.evaluatedSince(organisationId, ids, missed.since)
    }

    /** A rule that came into force may find people in events from before: their histories have changed. */
    async function lookAtFoundPeople(history: readonly StoredEvent[]) {
      const { fresh } = await spreadToRecipients(stores, organisationId, rules, history, random)
      const found = fresh.flatMap(({ subjectId, path }) =>
        rules.ruleSet.rules
          .filter(({ rule }) => rule.document.recipient === path)
          .map(({ rule }) => ({ ruleId: rule.ruleId, subjectId, at: now })),
      )
      await stores.evaluation.saveTimers(organisationId, found, true)
    }

    async function saveResult(
      stores: Stores,
      organisationId: OrganisationId,
      { rules, known, result, now }: Decided,
    ): Promise<readonly Decision[]> {
      const made = result.decisions.map(
        (decision): Decision => ({
          ...decision,
          id: random.rowId() as DecisionId,
          decidedAt: now,
          ...(decision.outcome === 'award' || decision.outcome === 'needs_review'
            ? { awardId: random.rowId() as AwardId }
            : {}),
        }),
      )
      const decisions = await fillInResults(stores, organisationId, rules, made)
      await stores.evaluation.saveStates(organisationId, result.states, now)
      await stores.evaluation.saveTimers(organisationId, result.timers, false)
      await takePlaces(stores, organisationId, rules, decisions)
      const documented = await documentDecisions(stores, {
        organisationId,
        rules,
        knowledge: known,
        result,
        decisions,
      })
      const granted = await grantAwards(stores, organisationId, rules, documented, now)
      await stores.evaluation.saveDecisions(organisationId, granted)
      await tellLapses(stores, organisationId, result.lapsed, now)
      return decisions
    }
  }

const NONE: ReadonlySet<EventId> = new Set()

const idsOf = (concerned: readonly { readonly subjectId: SubjectId }[]): readonly SubjectId[] => [
  ...new Set(concerned.map(({ subjectId }) => subjectId)),
]

interface Decided {
  readonly rules: RulesInForce
  readonly known: SubjectKnowledge
  readonly result: EvaluationResult
  readonly now: Instant
}

function withoutStatesOf(
  subjects: ReadonlySet<SubjectId>,
  { states, ...others }: SubjectKnowledge,
): SubjectKnowledge {
  return { ...others, states: withoutStates(states, (key) => subjects.has(subjectOfKey(key))) }
}

/** A few subjects at a time, as their histories are held in memory; corrections apart, as they may take back. */
function rescanGroups(
  rescanned: ReadonlySet<SubjectId>,
  corrected: ReadonlySet<SubjectId>,
): readonly (readonly [readonly SubjectId[], boolean])[] {
  const ids = [...rescanned].sort()
  return [true, false].flatMap((isCorrection) => {
    const all = ids.filter((id) => corrected.has(id) === isCorrection)
    return Array.from(
      { length: Math.ceil(all.length / RESCAN_GROUP) },
      (_, at) => [all.slice(at * RESCAN_GROUP, (at + 1) * RESCAN_GROUP), isCorrection] as const,
    )
  })
}
