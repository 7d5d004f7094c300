import type { StoredEvent } from '#engine/events/learning-event.ts'
import { evaluate } from '#engine/rules/evaluate.ts'
import type { EvaluationResult } from '#engine/rules/evaluation.ts'
import type { AwardId, DecisionId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { backOff } from '#services/awards/back-off.ts'
import type { GrantAwards } from '#services/awards/grant-awards.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { ClaimedEvent, Decision, DueTimer } from '#services/ports/evaluation-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
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
  readonly passSize?: number
}

export interface Passed {
  readonly more: boolean
}

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
  const { database, clock, wakeUps, log, passSize = PASS_SIZE } = needs

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
      for (const [organisationId, events] of groupBy(claimed, (each) => each.organisationId)) {
        const work: Work = { organisationId, events: events.map(({ event }) => event), timers: [] }
        const { matched, decisions } = await evaluateWork(needs, stores, work, now)
        decided += decisions
        await stores.evaluation.finishEvents(
          events.map(({ receivedAt, event }) => ({
            receivedAt,
            id: event.id,
            matched: matched.has(event.id),
          })),
          now,
        )
      }
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
        return { more: (await evaluateClaimed(passSize, remember)) === passSize }
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
              { error: String(error), at, ...(next === undefined ? {} : { next }) },
            )
          })
          log.error('evaluate.event_failed', { event: claimed[0]?.event.id, error })
        }
      }
      return { more: true }
    },

    timers: async (): Promise<Passed> => {
      let decided = 0
      const count = await database.asWorker(async (stores) => {
        const now = clock.now()
        const due = await stores.evaluation.claimTimers(passSize, now)
        decided = 0
        for (const [organisationId, timers] of groupBy(due, (each) => each.organisationId)) {
          const { decisions } = await evaluateWork(needs, stores, { organisationId, events: [], timers }, now)
          decided += decisions
        }
        return due.length
      })
      if (decided > 0) await wakeUps.wake('issue')
      return { more: count === passSize }
    },
  }
}

async function evaluateWork(
  { ruleSets, random, grantAwards }: EvaluateEventsNeeds,
  stores: Stores,
  { organisationId, events, timers }: Work,
  now: Instant,
): Promise<{ readonly matched: ReadonlySet<string>; readonly decisions: number }> {
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
    for (const subjectId of rescanned) {
      await stores.evaluation.dropStates(organisationId, subjectId)
      const isCorrection = attempt.rescan.some((each) => each.subjectId === subjectId)
      results.push(
        evaluate(rules.ruleSet, {
          ...input,
          states: new Map(),
          // A rule that came into force takes nothing back; an event that was taken back may.
          mayRetract: isCorrection,
          events: await stores.evaluation.history(organisationId, subjectId),
          reconsider: timers.filter((timer) => timer.subjectId === subjectId),
        }),
      )
    }
  }

  // 3. Save.
  const matched = new Set<string>()
  let decisions = 0
  for (const result of results) {
    for (const id of result.matched) matched.add(id)
    decisions += result.decisions.length
    await saveResult(stores, organisationId, rules, result, now)
  }
  return { matched, decisions }

  async function saveResult(
    stores: Stores,
    organisationId: OrganisationId,
    rules: RulesInForce,
    result: EvaluationResult,
    now: Instant,
  ) {
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
  }
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

/** The database is away: the events are not at fault. */
const isElsewhere = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'retry' in error && error.retry === true
