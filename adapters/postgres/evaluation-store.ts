import type { LearningEvent, StoredEvent } from '#engine/events/learning-event.ts'
import { type DecisionOutcome, type Holding, outcomeKey, stateKey } from '#engine/rules/evaluation.ts'
import type { Trace } from '#engine/rules/trace.ts'
import type {
  AchievementId,
  AwardId,
  DecisionId,
  EventId,
  OrganisationId,
  RuleId,
  RuleVersionId,
  SubjectId,
} from '#engine/shared/ids.ts'
import type { LeafState } from '#engine/state/leaf-state.ts'
import type { decision as DecisionRow } from '#prisma'
import type { Decision, EvaluationStore } from '#services/ports/evaluation-store.ts'
import { after, date, dateOrNull, instant, instantOrNull, known, page, type Transaction } from './rows.ts'

export function evaluationStore(tx: Transaction): EvaluationStore {
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
    claimTimers: async (limit, now) => {
      const rows = await tx.$queryRaw<
        { organisation_id: string; rule_id: string; subject_id: string; rescan: boolean }[]
      >`
        DELETE FROM evaluation_timer WHERE (organisation_id, rule_id, subject_id) IN (
          SELECT organisation_id, rule_id, subject_id FROM evaluation_timer
          WHERE due_at <= ${date(now)} ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
        ) RETURNING organisation_id::text, rule_id::text, subject_id::text, rescan`
      return rows.map((row) => ({
        organisationId: row.organisation_id as OrganisationId,
        ruleId: row.rule_id as RuleId,
        subjectId: row.subject_id as SubjectId,
        rescan: row.rescan,
      }))
    },
    lockSubjects: async (organisationId, subjectIds) => {
      // The order of the list is the order of the locks: sorted, so that two batches cannot wait for each other.
      await tx.$queryRaw`
        SELECT count(pg_advisory_xact_lock(hashtextextended('evaluate:' || ${organisationId} || ':' || id, 0)))
        FROM unnest(${[...subjectIds].sort()}::text[]) AS subject (id)`
    },
    knowledge: async (organisationId, subjectIds) => {
      const where = { organisation_id: organisationId, subject_id: { in: [...subjectIds] } }
      // Sent together: three answers for one round trip.
      const [states, outcomes, held] = await Promise.all([
        tx.leaf_state.findMany({ where }),
        tx.occurrence_key.findMany({ where }),
        // Ended ones too, with their end: a correction may reach back to when they were held.
        tx.award.findMany({
          where: { ...where, state: { in: ['granted', 'due', 'issued', 'revoked', 'expired'] } },
          select: { subject_id: true, achievement_id: true, awarded_at: true, ended_at: true, rule_id: true },
        }),
      ])
      const holdings = new Map<SubjectId, Holding[]>()
      for (const row of held) {
        const of = holdings.get(row.subject_id as SubjectId) ?? []
        of.push({
          ...known({ until: instantOrNull(row.ended_at), by: row.rule_id as RuleId | null }),
          achievementId: row.achievement_id as AchievementId,
          since: instant(row.awarded_at),
        })
        holdings.set(row.subject_id as SubjectId, of)
      }
      return {
        states: new Map(
          states.map((row) => [
            stateKey(row.leaf_hash, row.subject_id as SubjectId),
            row.state as unknown as LeafState,
          ]),
        ),
        outcomes: new Map(
          outcomes.map((row) => [
            outcomeKey(row.rule_id as RuleId, row.subject_id as SubjectId, row.occurrence),
            row.outcome as DecisionOutcome,
          ]),
        ),
        holdings,
      }
    },
    history: async (organisationId, subjectId) => {
      const rows = await tx.$queryRaw<EventFields[]>`
        SELECT organisation_id::text, received_at, id::text, subject_id::text, normal FROM event
        WHERE organisation_id = ${organisationId}::uuid AND subject_id = ${subjectId}::uuid
          AND state <> 'quarantined'
        ORDER BY occurred_at, id`
      return rows.map(storedEvent)
    },

    saveStates: async (organisationId, states, at) => {
      if (states.size === 0) return
      const rows = [...states.values()]
      await tx.$executeRaw`
        INSERT INTO leaf_state (organisation_id, subject_id, leaf_hash, state, updated_at)
        SELECT ${organisationId}::uuid, subject_id, leaf_hash, state::jsonb, ${date(at)}
        FROM unnest(${rows.map((row) => row.subjectId)}::uuid[], ${rows.map((row) => row.leafHash)}::text[], ${rows.map((row) => JSON.stringify(row.state))}::text[])
          AS new (subject_id, leaf_hash, state)
        ON CONFLICT (organisation_id, subject_id, leaf_hash) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at`
    },
    dropStates: async (organisationId, subjectId) => {
      await tx.leaf_state.deleteMany({ where: { organisation_id: organisationId, subject_id: subjectId } })
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
    rescanEverybody: (organisationId, ruleId, at) => tx.$executeRaw`
        INSERT INTO evaluation_timer (organisation_id, rule_id, subject_id, due_at, rescan)
        SELECT organisation_id, ${ruleId}::uuid, id, ${date(at)}, true FROM subject
        WHERE organisation_id = ${organisationId}::uuid AND canonical_id = id
        ON CONFLICT (organisation_id, rule_id, subject_id)
        DO UPDATE SET due_at = least(evaluation_timer.due_at, excluded.due_at), rescan = true`,
    saveDecisions: async (organisationId, decisions) => {
      if (decisions.length === 0) return
      await tx.$executeRaw`
        INSERT INTO decision (organisation_id, received_at, id, rule_id, rule_version_id, achievement_id, subject_id, occurrence,
                              outcome, met_at, award_id, trace)
        SELECT ${organisationId}::uuid, received_at, id, rule_id, rule_version_id, achievement_id, subject_id, occurrence,
               outcome, met_at, award_id, trace::jsonb
        FROM unnest(
          ${decisions.map((each) => date(each.decidedAt))}::timestamptz[], ${decisions.map((each) => each.id)}::uuid[],
          ${decisions.map((each) => each.ruleId)}::uuid[], ${decisions.map((each) => each.ruleVersionId)}::uuid[],
          ${decisions.map((each) => each.achievementId)}::uuid[], ${decisions.map((each) => each.subjectId)}::uuid[],
          ${decisions.map((each) => each.occurrence)}::text[], ${decisions.map((each) => each.outcome)}::text[],
          ${decisions.map((each) => date(each.metAt))}::timestamptz[], ${decisions.map((each) => each.awardId ?? null)}::uuid[],
          ${decisions.map((each) => JSON.stringify(each.trace))}::text[]
        ) AS new (received_at, id, rule_id, rule_version_id, achievement_id, subject_id, occurrence, outcome, met_at, award_id, trace)`
      const last = lastOfEachOccurrence(decisions)
      await tx.$executeRaw`
        INSERT INTO occurrence_key (organisation_id, rule_id, subject_id, occurrence, outcome, decision_id, award_id, updated_at)
        SELECT ${organisationId}::uuid, * FROM unnest(
          ${last.map((each) => each.ruleId)}::uuid[], ${last.map((each) => each.subjectId)}::uuid[],
          ${last.map((each) => each.occurrence)}::text[], ${last.map((each) => each.outcome)}::text[],
          ${last.map((each) => each.id)}::uuid[], ${last.map((each) => each.awardId ?? null)}::uuid[],
          ${last.map((each) => date(each.decidedAt))}::timestamptz[])
        ON CONFLICT (organisation_id, rule_id, subject_id, occurrence) DO UPDATE
        SET outcome = excluded.outcome, decision_id = excluded.decision_id, updated_at = excluded.updated_at,
            award_id = coalesce(occurrence_key.award_id, excluded.award_id)`
    },
    finishEvents: async (events, at) => {
      if (events.length === 0) return
      await tx.$executeRaw`
        UPDATE event SET state = CASE WHEN done.matched THEN 'evaluated' ELSE 'unmatched' END, evaluated_at = ${date(at)}
        FROM unnest(${events.map((each) => date(each.receivedAt))}::timestamptz[], ${events.map((each) => each.id)}::uuid[], ${events.map((each) => each.matched)}::boolean[])
          AS done (received_at, id, matched)
        WHERE event.received_at = done.received_at AND event.id = done.id AND event.state = 'received'`
    },
    failEvents: async (events, { error, next, at }) => {
      await tx.$executeRaw`
        UPDATE event SET attempts = attempts + 1, last_error = ${error.slice(0, 500)}, next_attempt_at = ${dateOrNull(next)},
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

    findDecision: async (organisationId, id) => {
      const row = await tx.decision.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : toDecision(row)
    },
    listDecisions: async (organisationId, request, { ruleId, subjectId, outcome }) => {
      const rows = await tx.decision.findMany({
        where: {
          organisation_id: organisationId,
          ...(ruleId === undefined ? {} : { rule_id: ruleId }),
          ...(subjectId === undefined ? {} : { subject_id: subjectId }),
          ...(outcome === undefined ? {} : { outcome }),
          ...after('received_at', request),
        },
        orderBy: [{ received_at: 'desc' }, { id: 'desc' }],
        take: request.limit + 1,
      })
      return page(rows.map(toDecision), request.limit, (each) => each.decidedAt)
    },
    rulesRevision: async (organisationId) => {
      const [row] = await tx.$queryRaw<{ revision: string | null }[]>`
        SELECT string_agg(id::text || state, ',' ORDER BY id) AS revision FROM rule_version
        WHERE organisation_id = ${organisationId}::uuid AND state IN ('active', 'shadow')`
      return row?.revision ?? ''
    },
  }
}

/** One statement writes a row once: of decisions about the same occurrence the last one counts, with the first award. */
function lastOfEachOccurrence(decisions: readonly Decision[]): readonly Decision[] {
  const last = new Map<string, Decision>()
  for (const decision of decisions) {
    const key = outcomeKey(decision.ruleId, decision.subjectId, decision.occurrence)
    const awardId = last.get(key)?.awardId ?? decision.awardId
    last.set(key, { ...decision, ...(awardId === undefined ? {} : { awardId }) })
  }
  return [...last.values()]
}

interface EventFields {
  organisation_id: string
  received_at: Date
  id: string
  subject_id: string
  normal: unknown
}

const storedEvent = (row: EventFields): StoredEvent => ({
  ...(row.normal as LearningEvent),
  id: row.id as EventId,
  subjectId: row.subject_id as SubjectId,
})

const toDecision = (row: DecisionRow): Decision => ({
  ...known({ awardId: row.award_id as AwardId | null }),
  id: row.id as DecisionId,
  decidedAt: instant(row.received_at),
  ruleId: row.rule_id as RuleId,
  ruleVersionId: row.rule_version_id as RuleVersionId,
  achievementId: row.achievement_id as AchievementId,
  subjectId: row.subject_id as SubjectId,
  occurrence: row.occurrence,
  outcome: row.outcome as DecisionOutcome,
  metAt: instant(row.met_at),
  trace: row.trace as unknown as Trace,
})
