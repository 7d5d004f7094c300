import type { StoredEvent } from '#engine/events/learning-event.ts'
import { evaluate } from '#engine/rules/evaluate.ts'
import type { EvaluationResult } from '#engine/rules/evaluation.ts'
import type { AwardId, DecisionId, OrganisationId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { backOff } from '#services/awards/back-off.ts'
import type { GrantAwards } from '#services/awards/grant-awards.ts'
import { failureCode, isElsewhere } from '#services/job-control/failure.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { ClaimedEvent, Decision, DueTimer } from '#services/ports/evaluation-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { createHealthTally } from '#services/rules/count-health.ts'
import type { RuleSets, RulesInForce } from '#services/rules/rule-sets.ts'

/** Events or timers of one pass: 200 are one transaction of some 50 ms, and little to repeat when it fails. */
const PASS_SIZE = 200

export interface EvaluateEventsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly ruleSets: RuleSets
  readonly grantAwards: GrantAwards
  readonly wakeUps: WakeUps
  readonly log: Log
  /** Of the counters of health: this process's own, and two more after it for its other loops. */
  readonly healthSlot: number
}

export interface Passed {
  readonly more: boolean
}

/** People whose whole histories are folded anew at a time: there may be much to read of each. */
const RESCANS = 10
const RESCAN_GROUP = 50

/** What one evaluation looks at, in one organisation. */
interface Work {
  readonly organisationId: OrganisationId
  readonly events: readonly StoredEvent[]
  readonly timers: readonly DueTimer[]
}

/**
 * The evaluate step: claims events and due timers, and writes states, decisions, awards and the events' new state
 * in one transaction under the locks of their subjects. Killed at any line, nothing of it has happened.
 */
export const createEvaluateEvents = (needs: EvaluateEventsNeeds) => {
  const { database, clock, wakeUps, log } = needs

  const evaluateClaimed = async (
    limit: number,
    seen: (events: readonly ClaimedEvent[]) => void,
  ): Promise<number> => {
    let decided = 0
    const count = await database.asWorker(async (stores) => {
      const now = clock.now()
      const claimed = await stores.evaluation.claimEvents(limit, now)
      seen(claimed)
      decided = 0
      const health = createHealthTally()
      for (const [organisationId, events] of groupBy(claimed, (each) => each.organisationId)) {
        const work: Work = { organisationId, events: events.map(({ event }) => event), timers: [] }
        const { matched, decisions, rules } = await evaluateWork(needs, stores, work, now)
        decided += decisions.length
        health.seen(rules.ruleSet, events, clock.now())
        health.decided(organisationId, decisions, now)
        await stores.evaluation.finishEvents(
          events.map(({ receivedAt, event }) => ({
            receivedAt,
            id: event.id,
            matched: matched.has(event.id),
          })),
          now,
        )
      }
      // Last, as nobody else counts in these rows before the commit.
      await stores.health.add(needs.healthSlot, now, health.counts())
      if (claimed.length > 0) crashPoint('evaluate.before-commit')
      return claimed.length
    })
    if (count > 0) crashPoint('evaluate.after-commit')
    if (decided > 0) await wakeUps.wake('issue')
    return count
  }

  return {
    events: async (): Promise<Passed> => {
      let claimed: readonly ClaimedEvent[] = []
      const remember = (events: readonly ClaimedEvent[]) => {
        claimed = events
      }
      try {
        return { more: (await evaluateClaimed(PASS_SIZE, remember)) === PASS_SIZE }
      } catch (error) {
        if (isElsewhere(error) || claimed.length === 0) throw error
        log.warn('evaluate.batch_failed', { events: claimed.length, error })
      }
      // One of them is poison. One by one, so that the others go on and only the bad one waits or is parked.
      for (let left = claimed.length; left > 0; left--) {
        try {
          if ((await evaluateClaimed(1, remember)) === 0) break
        } catch (error) {
          if (isElsewhere(error) || claimed.length === 0) throw error
          const at = clock.now()
          await database.asWorker(async (stores) => {
            const attempts = await stores.evaluation.attempts(
              claimed.map(({ receivedAt, event }) => ({ receivedAt, id: event.id })),
            )
            const next = backOff(attempts, at)
            await stores.evaluation.failEvents(
              claimed.map(({ receivedAt, event }) => ({ receivedAt, id: event.id })),
              { code: failureCode(error), error: String(error), at, ...(next === undefined ? {} : { next }) },
            )
            const health = createHealthTally()
            for (const { organisationId, event } of claimed)
              health.failed(organisationId, (await needs.ruleSets(stores, organisationId)).ruleSet, event)
            await stores.health.add(needs.healthSlot, at, health.counts())
          })
          log.error('evaluate.event_failed', { event: claimed[0]?.event.id, error })
        }
      }
      return { more: true }
    },

    timers: async (): Promise<Passed> => {
      const looked = await passTimers(PASS_SIZE, false)
      // Whole histories come last.
      const folded = looked === PASS_SIZE ? 0 : await passTimers(RESCANS, true)
      return { more: looked === PASS_SIZE || folded === RESCANS }
    },

    /**
     * Folds the whole histories of some people anew, for a rule that came into force, in the caller's transaction.
     * Answers how many decisions followed; where there are some, awards may wait for the issue step.
     */
    rescan: async (
      stores: Stores,
      organisationId: OrganisationId,
      ruleId: RuleId,
      subjectIds: readonly SubjectId[],
    ): Promise<number> => {
      const now = clock.now()
      const timers = subjectIds.map((subjectId) => ({ organisationId, ruleId, subjectId, rescan: true }))
      const { decisions } = await evaluateWork(needs, stores, { organisationId, events: [], timers }, now)
      const health = createHealthTally()
      health.decided(organisationId, decisions, now)
      await stores.health.add(needs.healthSlot + 2, now, health.counts())
      return decisions.length
    },
  }

  /** Answers how many timers were claimed. One that fails is put off, and the others go on. */
  async function passTimers(limit: number, rescan: boolean): Promise<number> {
    let claimed: readonly DueTimer[] = []
    const remember = (timers: readonly DueTimer[]) => {
      claimed = timers
    }
    try {
      return await evaluateTimers(limit, rescan, remember)
    } catch (error) {
      if (isElsewhere(error) || claimed.length === 0) throw error
      log.warn('timers.batch_failed', { timers: claimed.length, error })
    }
    const count = claimed.length
    for (let left = count; left > 0; left--) {
      try {
        if ((await evaluateTimers(1, rescan, remember)) === 0) break
      } catch (error) {
        const [timer] = claimed
        if (isElsewhere(error) || timer === undefined) throw error
        const at = clock.now()
        await database.asWorker((stores) => stores.evaluation.failTimer(timer, { error: String(error), at }))
        log.error('timers.timer_failed', { rule: timer.ruleId, subject: timer.subjectId, error })
      }
    }
    return count
  }

  async function evaluateTimers(
    limit: number,
    rescan: boolean,
    seen: (timers: readonly DueTimer[]) => void,
  ): Promise<number> {
    let decided = 0
    const count = await database.asWorker(async (stores) => {
      const now = clock.now()
      const due = await stores.evaluation.claimTimers(limit, now, rescan)
      seen(due)
      decided = 0
      const health = createHealthTally()
      for (const [organisationId, timers] of groupBy(due, (each) => each.organisationId)) {
        const { decisions } = await evaluateWork(needs, stores, { organisationId, events: [], timers }, now)
        decided += decisions.length
        health.decided(organisationId, decisions, now)
      }
      await stores.health.add(needs.healthSlot + 1, now, health.counts())
      return due.length
    })
    if (decided > 0) await wakeUps.wake('issue')
    return count
  }
}

async function evaluateWork(
  { ruleSets, random, grantAwards }: EvaluateEventsNeeds,
  stores: Stores,
  { organisationId, events, timers }: Work,
  now: Instant,
): Promise<{
  readonly matched: ReadonlySet<string>
  readonly decisions: readonly Decision[]
  readonly rules: RulesInForce
}> {
  // 1. Lock the subjects, then read what is known of them.
  const subjectIds = [...new Set([...events, ...timers].map(({ subjectId }) => subjectId))]
  await stores.evaluation.lockSubjects(organisationId, subjectIds)
  const rules = await ruleSets(stores, organisationId)
  const knowledge = await stores.evaluation.knowledge(organisationId, subjectIds)

  // 2. Decide. Where the states cannot tell any more, from the whole history of the subject.
  const input = { now, ...knowledge }
  const rescanned = new Set<SubjectId>(
    timers.filter(({ rescan }) => rescan).map(({ subjectId }) => subjectId),
  )
  const attempt = evaluate(rules.ruleSet, {
    ...input,
    events: events.filter(({ subjectId }) => !rescanned.has(subjectId)),
    reconsider: timers.filter(({ subjectId }) => !rescanned.has(subjectId)),
  })
  for (const { subjectId } of attempt.rescan) rescanned.add(subjectId)
  const results: EvaluationResult[] = []
  if (rescanned.size === 0) results.push(attempt)
  else {
    results.push(
      evaluate(rules.ruleSet, {
        ...input,
        events: events.filter(({ subjectId }) => !rescanned.has(subjectId)),
        reconsider: timers.filter(({ subjectId }) => !rescanned.has(subjectId)),
      }),
    )
    const corrected = new Set(attempt.rescan.map(({ subjectId }) => subjectId))
    await stores.evaluation.dropStates(organisationId, [...rescanned])
    for (const [some, isCorrection] of rescanGroups(rescanned, corrected))
      results.push(
        evaluate(rules.ruleSet, {
          ...input,
          states: new Map(),
          // A rule that came into force takes nothing back; an event that was taken back may.
          mayRetract: isCorrection,
          events: [...(await stores.evaluation.histories(organisationId, some)).values()].flat(),
          reconsider: timers.filter(({ subjectId }) => some.includes(subjectId)),
        }),
      )
  }

  // 3. Save.
  const matched = new Set<string>()
  const decisions: Decision[] = []
  for (const result of results) {
    for (const id of result.matched) matched.add(id)
    decisions.push(...(await saveResult(stores, organisationId, rules, result, now)))
  }
  return { matched, decisions, rules }

  async function saveResult(
    stores: Stores,
    organisationId: OrganisationId,
    rules: RulesInForce,
    result: EvaluationResult,
    now: Instant,
  ): Promise<readonly Decision[]> {
    const decided = result.decisions.map(
      (decision): Decision => ({
        ...decision,
        id: random.rowId() as DecisionId,
        decidedAt: now,
        ...(decision.outcome === 'award' || decision.outcome === 'needs_review'
          ? { awardId: random.rowId() as AwardId }
          : {}),
      }),
    )
    await stores.evaluation.saveStates(organisationId, result.states, now)
    await stores.evaluation.saveTimers(organisationId, result.timers, false)
    await grantAwards(stores, organisationId, rules, decided, now)
    await stores.evaluation.saveDecisions(organisationId, decided)
    return decided
  }
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

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return groups
}
