import type { OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import { backOff } from '#services/awards/back-off.ts'
import { failureCode, isElsewhere } from '#services/job-control/failure.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { ClaimedEvent, DueTimer } from '#services/ports/evaluation-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { RescanOf } from '#services/rules/backfill-job.ts'
import { createHealthTally } from '#services/rules/count-health.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import type { EvaluateSubjects } from './evaluate-subjects.ts'

/** Events or timers of one pass: 200 are one transaction of some 50 ms, and little to repeat when it fails. */
const PASS_SIZE = 200

export interface EvaluateEventsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly ruleSets: RuleSets
  readonly evaluateSubjects: EvaluateSubjects
  readonly wakeUps: WakeUps
  readonly log: Log
  /** Of the counters of health: this process's own, and two more after it for its other loops. */
  readonly healthSlot: number
  readonly passSize?: number
}

export interface Passed {
  readonly more: boolean
}

/** People whose whole histories are folded anew at a time: there may be much to read of each. */
const RESCANS = 10

/**
 * The evaluate step: claims events and due timers, and writes states, decisions, awards and the events' new state
 * in one transaction under the locks of their subjects. Killed at any line, nothing of it has happened.
 */
export const createEvaluateEvents = (needs: EvaluateEventsNeeds) => {
  const { database, clock, wakeUps, log, evaluateSubjects, passSize = PASS_SIZE } = needs

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
        const { matched, decisions, leftOut, rules, at } = await evaluateSubjects(stores, {
          organisationId,
          events,
          timers: [],
        })
        decided += decisions.length
        health.seen(rules.ruleSet, events, clock.now(), leftOut)
        health.decided(organisationId, decisions, at)
        await stores.evaluation.finishEvents(
          events.map(({ receivedAt, event }) => ({
            receivedAt,
            id: event.id,
            matched: matched.has(event.id),
          })),
          at,
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
      const looked = await passTimers(passSize, false)
      // Whole histories come last.
      const folded = looked === passSize ? 0 : await passTimers(RESCANS, true)
      return { more: looked === passSize || folded === RESCANS }
    },

    /**
     * Folds the whole histories of some people anew, for a rule that came into force or was resumed, in the caller's
     * transaction.
     * Answers how many decisions followed; where there are some, awards may wait for the issue step.
     */
    rescan: async (
      stores: Stores,
      organisationId: OrganisationId,
      { ruleId, missedSince }: RescanOf,
      subjectIds: readonly SubjectId[],
    ): Promise<number> => {
      const now = clock.now()
      const timers = subjectIds.map((subjectId) => ({ organisationId, ruleId, subjectId, rescan: true }))
      const { decisions } = await evaluateSubjects(stores, {
        organisationId,
        events: [],
        timers,
        ...(missedSince === undefined ? {} : { missed: { by: ruleId, since: missedSince } }),
      })
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
        const { decisions } = await evaluateSubjects(stores, { organisationId, events: [], timers })
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

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return groups
}
