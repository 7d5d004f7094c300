import type { OrganisationId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { ClaimedWork } from '#services/ports/evaluation-store.ts'
import { type EventFields, storedEvent } from './evaluated-event.ts'
import { date, dateOrNull, instant, type Transaction } from './rows.ts'

/** Waiting events and due timers: claimed by one worker, and finished or put off. */
export function claimedWork(tx: Transaction): ClaimedWork {
  return {
    claimEvents: async (limit, now) => {
      const rows = await tx.$queryRaw<EventFields[]>`
        SELECT organisation_id::text, received_at, id::text, subject_id::text, normal FROM event
        WHERE state = 'received' AND parked_at IS NULL AND (next_attempt_at IS NULL OR next_attempt_at <= ${date(now)})
        ORDER BY received_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED`
      return rows.map((row) => ({
        organisationId: row.organisation_id as OrganisationId,
        receivedAt: instant(row.received_at),
        event: storedEvent(row),
      }))
    },
    claimTimers: async (limit, now, rescan) => {
      const rows = await tx.$queryRaw<
        { organisation_id: string; rule_id: string; subject_id: string; rescan: boolean }[]
      >`
        DELETE FROM evaluation_timer WHERE (organisation_id, rule_id, subject_id) IN (
          SELECT organisation_id, rule_id, subject_id FROM evaluation_timer
          WHERE due_at <= ${date(now)} AND rescan = ${rescan} ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
        ) RETURNING organisation_id::text, rule_id::text, subject_id::text, rescan`
      return rows.map((row) => ({
        organisationId: row.organisation_id as OrganisationId,
        ruleId: row.rule_id as RuleId,
        subjectId: row.subject_id as SubjectId,
        rescan: row.rescan,
      }))
    },
    failTimer: async ({ organisationId, ruleId, subjectId }, { error, at }) => {
      // 1, 2, 4 … seconds, and then every hour: a timer is never given up, as an award may hang on it.
      await tx.$executeRaw`
        UPDATE evaluation_timer
        SET attempts = attempts + 1, last_error = ${error.slice(0, 500)},
            due_at = ${date(at)}::timestamptz + make_interval(secs => least(3600, power(2, least(attempts, 12))))
        WHERE organisation_id = ${organisationId}::uuid AND rule_id = ${ruleId}::uuid AND subject_id = ${subjectId}::uuid`
    },
    isBusy: async (now) => {
      const rows = await tx.$queryRaw<unknown[]>`
        SELECT 1 AS found FROM event
        WHERE state = 'received' AND parked_at IS NULL AND (next_attempt_at IS NULL OR next_attempt_at <= ${date(now)})
        LIMIT 1`
      return rows.length > 0
    },
    lockSubjects: async (organisationId, subjectIds) => {
      // The order of the list is the order of the locks: sorted, so that two batches cannot wait for each other.
      await tx.$queryRaw`
        SELECT count(pg_advisory_xact_lock(hashtextextended('evaluate:' || ${organisationId} || ':' || id, 0)))
        FROM unnest(${[...subjectIds].sort()}::text[]) AS subject (id)`
    },
    saveTimers: async (organisationId, timers, rescan) => {
      if (timers.length === 0) return
      await tx.$executeRaw`
        INSERT INTO evaluation_timer (organisation_id, rule_id, subject_id, due_at, rescan)
        SELECT ${organisationId}::uuid, rule_id, subject_id, min(due_at), ${rescan}
        FROM unnest(${timers.map((timer) => timer.ruleId)}::uuid[], ${timers.map((timer) => timer.subjectId)}::uuid[], ${timers.map((timer) => date(timer.at))}::timestamptz[])
          AS new (rule_id, subject_id, due_at)
        GROUP BY rule_id, subject_id
        ON CONFLICT (organisation_id, rule_id, subject_id)
        DO UPDATE SET due_at = least(evaluation_timer.due_at, excluded.due_at), rescan = evaluation_timer.rescan OR excluded.rescan`
    },
    finishEvents: async (events, at) => {
      if (events.length === 0) return
      await tx.$executeRaw`
        UPDATE event SET state = CASE WHEN done.matched THEN 'evaluated' ELSE 'unmatched' END, evaluated_at = ${date(at)}
        FROM unnest(${events.map((each) => date(each.receivedAt))}::timestamptz[], ${events.map((each) => each.id)}::uuid[], ${events.map((each) => each.matched)}::boolean[])
          AS done (received_at, id, matched)
        WHERE event.received_at = done.received_at AND event.id = done.id AND event.state = 'received'`
    },
    failEvents: async (events, { code, error, next, at }) => {
      await tx.$executeRaw`
        UPDATE event SET attempts = attempts + 1, error_code = ${code}, last_error = ${error.slice(0, 500)}, next_attempt_at = ${dateOrNull(next)},
                         parked_at = CASE WHEN ${next === undefined} THEN ${date(at)}::timestamptz END
        FROM unnest(${events.map((each) => date(each.receivedAt))}::timestamptz[], ${events.map((each) => each.id)}::uuid[]) AS failed (received_at, id)
        WHERE event.received_at = failed.received_at AND event.id = failed.id AND event.state = 'received'`
    },
    attempts: async (events) => {
      const rows = await tx.event.findMany({
        where: { id: { in: events.map(({ id }) => id) } },
        select: { attempts: true },
      })
      return Math.max(0, ...rows.map((row) => row.attempts))
    },
  }
}
