import type { AwardGate } from '#engine/awards/award-gate.ts'
import type { EvidenceEvent } from '#engine/decisions/decision-document.ts'
import type { LearningEvent, StoredEvent } from '#engine/events/learning-event.ts'
import {
  type BlockReason,
  type DecisionOutcome,
  type Holding,
  outcomeKey,
  stateKey,
} from '#engine/rules/evaluation.ts'
import type { MappedResult } from '#engine/rules/results.ts'
import type { Trace } from '#engine/rules/trace.ts'
import { toHex } from '#engine/shared/bytes.ts'
import type {
  AchievementId,
  AwardId,
  DecisionId,
  EventId,
  JobId,
  OrganisationId,
  RuleId,
  RuleVersionId,
  SubjectId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { unpackedOnDemand } from '#engine/state/leaf-states.ts'
import { packState, unpackState } from '#engine/state/packed-state.ts'
import type { decision as DecisionRow } from '#prisma'
import type { Decision, EvaluationStore } from '#services/ports/evaluation-store.ts'
import {
  after,
  bytes,
  date,
  dateOrNull,
  instant,
  instantOrNull,
  known,
  page,
  type Transaction,
} from './rows.ts'

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
    knowledge: async (organisationId, subjectIds) => {
      const where = { organisation_id: organisationId, subject_id: { in: [...subjectIds] } }
      // Sent together: three answers for one round trip.
      const [states, outcomes, held] = await Promise.all([
        tx.leaf_state.findMany({ where }),
        tx.occurrence_key.findMany({ where }),
        // Ended ones too, with their end: a correction may reach back to when they were held.
        tx.award.findMany({
          where: {
            ...where,
            state: { in: ['granted', 'due', 'issued', 'revoked', 'expired', 'superseded'] },
          },
          select: {
            subject_id: true,
            achievement_id: true,
            awarded_at: true,
            ended_at: true,
            valid_until: true,
            rule_id: true,
            occurrence: true,
            state: true,
            gate: true,
          },
        }),
      ])
      const holdings = new Map<SubjectId, Holding[]>()
      for (const row of held) {
        // Endorsers may still say no.
        if (row.state === 'due' && (row.gate as AwardGate | null)?.endorsement !== undefined) continue
        const of = holdings.get(row.subject_id as SubjectId) ?? []
        of.push({
          ...known({
            until: endOf(row),
            by: row.rule_id as RuleId | null,
            occurrence: row.occurrence,
          }),
          ...(row.state === 'revoked' ? { isRevoked: true } : {}),
          achievementId: row.achievement_id as AchievementId,
          since: instant(row.awarded_at),
        })
        holdings.set(row.subject_id as SubjectId, of)
      }
      return {
        states: unpackedOnDemand(
          new Map(
            states.map((row) => [stateKey(row.leaf_hash, row.subject_id as SubjectId), row.state] as const),
          ),
          (packed) => unpackState(packed),
        ),
        outcomes: new Map(
          outcomes.map((row) => [
            outcomeKey(row.rule_id as RuleId, row.subject_id as SubjectId, row.occurrence),
            row.outcome as DecisionOutcome,
          ]),
        ),
        moments: new Map(
          outcomes.flatMap((row) =>
            row.met_at === null
              ? []
              : [
                  [
                    outcomeKey(row.rule_id as RuleId, row.subject_id as SubjectId, row.occurrence),
                    instant(row.met_at),
                  ] as const,
                ],
          ),
        ),
        holdings,
      }
    },
    saveRecipients: async (organisationId, recipients) => {
      if (recipients.length === 0) return []
      const rows = await tx.$queryRaw<{ subject_id: string; event_id: string; path: string }[]>`
        INSERT INTO event_recipient (organisation_id, subject_id, event_id, path)
        SELECT ${organisationId}::uuid, subject_id, event_id, path
        FROM unnest(${recipients.map(({ subjectId }) => subjectId)}::uuid[], ${recipients.map(({ eventId }) => eventId)}::uuid[], ${recipients.map(({ path }) => path)}::text[])
          AS new (subject_id, event_id, path)
        -- In one order, so that two who find the same people cannot wait for each other.
        ORDER BY subject_id, event_id, path
        ON CONFLICT DO NOTHING RETURNING subject_id::text, event_id::text, path`
      return rows.map((row) => ({
        subjectId: row.subject_id as SubjectId,
        eventId: row.event_id as EventId,
        path: row.path,
      }))
    },
    namedInVoided: async (organisationId, voids) => {
      if (voids.length === 0) return []
      const rows = await tx.$queryRaw<{ void_id: string; subject_id: string; path: string }[]>`
        SELECT DISTINCT void.id::text AS void_id, named.subject_id::text, named.path
        FROM unnest(${voids.map(({ id }) => id)}::uuid[], ${voids.map(({ source }) => source)}::text[], ${voids.map((each) => each.voids ?? '')}::text[])
          AS void (id, source, voids)
        JOIN source ON source.organisation_id = ${organisationId}::uuid AND source.uri = void.source
        JOIN event_key key ON key.organisation_id = source.organisation_id AND key.source_id = source.id
          AND key.source_event_id = void.voids
        JOIN event_recipient named ON named.organisation_id = source.organisation_id AND named.event_id = key.event_id`
      return rows.map((row) => ({
        eventId: row.void_id as EventId,
        subjectId: row.subject_id as SubjectId,
        path: row.path,
      }))
    },
    history: async (organisationId, subjectId) =>
      (await histories(tx, organisationId, [subjectId])).get(subjectId) ?? [],
    histories: (organisationId, subjectIds, claimed) =>
      histories(tx, organisationId, subjectIds, { claimed }),
    historiesFor: ({ organisationId, id }, subjectIds) =>
      histories(tx, organisationId, subjectIds, { jobId: id }),

    evaluatedSince: async (organisationId, ids, since) => {
      if (ids.length === 0) return new Set()
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT event.id::text FROM event_key key
        JOIN event ON event.received_at = key.received_at AND event.id = key.event_id
        WHERE key.organisation_id = ${organisationId}::uuid AND key.event_id = ANY(${[...ids]}::uuid[])
          AND (event.evaluated_at IS NULL OR event.evaluated_at >= ${date(since)})`
      return new Set(rows.map(({ id }) => id as EventId))
    },
    saveStates: async (organisationId, states, at) => {
      if (states.size === 0) return
      const rows = [...states.values()]
      await tx.$executeRaw`
        INSERT INTO leaf_state (organisation_id, subject_id, leaf_hash, state, updated_at)
        SELECT ${organisationId}::uuid, subject_id, leaf_hash, state, ${date(at)}
        FROM unnest(${rows.map((row) => row.subjectId)}::uuid[], ${rows.map((row) => row.leafHash)}::text[], ${rows.map((row) => packState(row.state))}::text[])
          AS new (subject_id, leaf_hash, state)
        ON CONFLICT (organisation_id, subject_id, leaf_hash) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at`
    },
    dropStates: async (organisationId, subjectIds) => {
      await tx.leaf_state.deleteMany({
        where: { organisation_id: organisationId, subject_id: { in: [...subjectIds] } },
      })
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
    evidence: async (organisationId, subjectIds, ids) => {
      if (ids.length === 0) return new Map()
      // By subject, because that is how events are found; their ids alone would be looked for in every month.
      const rows = await tx.$queryRaw<
        { id: string; source: string; source_event_id: string; digest: Uint8Array }[]
      >`
        SELECT id::text, normal->>'source' AS source, source_event_id, digest FROM event
        WHERE organisation_id = ${organisationId}::uuid AND subject_id = ANY(${[...subjectIds]}::uuid[])
          AND id = ANY(${[...ids]}::uuid[])
        UNION
        SELECT event.id::text, normal->>'source', event.source_event_id, event.digest
        FROM event_recipient named
        JOIN event_key key ON key.event_id = named.event_id
        JOIN event ON event.received_at = key.received_at AND event.id = key.event_id
        WHERE named.organisation_id = ${organisationId}::uuid AND named.subject_id = ANY(${[...subjectIds]}::uuid[])
          AND named.event_id = ANY(${[...ids]}::uuid[])`
      return new Map(
        rows.map((row): [EventId, EvidenceEvent] => [
          row.id as EventId,
          {
            id: row.id as EventId,
            source: row.source,
            sourceId: row.source_event_id,
            digest: toHex(row.digest),
          },
        ]),
      )
    },
    saveDecisions: async (organisationId, decisions) => {
      if (decisions.length === 0) return
      await tx.$executeRaw`
        INSERT INTO decision (organisation_id, received_at, id, rule_id, rule_version_id, achievement_id, subject_id, occurrence,
                              outcome, met_at, award_id, trace, results, evidence, reason, document)
        SELECT ${organisationId}::uuid, received_at, id, rule_id, rule_version_id, achievement_id, subject_id, occurrence,
               outcome, met_at, award_id, trace::jsonb, results::jsonb, evidence::jsonb, reason, document
        FROM unnest(
          ${decisions.map((each) => date(each.decidedAt))}::timestamptz[], ${decisions.map((each) => each.id)}::uuid[],
          ${decisions.map((each) => each.ruleId)}::uuid[], ${decisions.map((each) => each.ruleVersionId)}::uuid[],
          ${decisions.map((each) => each.achievementId)}::uuid[], ${decisions.map((each) => each.subjectId)}::uuid[],
          ${decisions.map((each) => each.occurrence)}::text[], ${decisions.map((each) => each.outcome)}::text[],
          ${decisions.map((each) => date(each.metAt))}::timestamptz[], ${decisions.map((each) => each.awardId ?? null)}::uuid[],
          ${decisions.map((each) => JSON.stringify(each.trace))}::text[],
          ${decisions.map((each) => jsonOrNull(each.results))}::text[], ${decisions.map((each) => jsonOrNull(each.evidence))}::text[],
          ${decisions.map((each) => each.reason ?? null)}::text[], ${decisions.map((each) => bytes(each.document))}::bytea[]
        ) AS new (received_at, id, rule_id, rule_version_id, achievement_id, subject_id, occurrence, outcome, met_at, award_id, trace,
                  results, evidence, reason, document)`
      const last = lastOfEachOccurrence(decisions)
      await tx.$executeRaw`
        INSERT INTO occurrence_key (organisation_id, rule_id, subject_id, occurrence, outcome, decision_id, award_id, met_at, updated_at)
        SELECT ${organisationId}::uuid, * FROM unnest(
          ${last.map((each) => each.ruleId)}::uuid[], ${last.map((each) => each.subjectId)}::uuid[],
          ${last.map((each) => each.occurrence)}::text[], ${last.map((each) => each.outcome)}::text[],
          ${last.map((each) => each.id)}::uuid[], ${last.map((each) => each.awardId ?? null)}::uuid[],
          ${last.map((each) => date(each.metAt))}::timestamptz[], ${last.map((each) => date(each.decidedAt))}::timestamptz[])
        ON CONFLICT (organisation_id, rule_id, subject_id, occurrence) DO UPDATE
        SET outcome = excluded.outcome, decision_id = excluded.decision_id, met_at = excluded.met_at, updated_at = excluded.updated_at,
            -- What was taken back may be awarded again, by a new award.
            award_id = CASE WHEN occurrence_key.outcome = 'retracted' THEN coalesce(excluded.award_id, occurrence_key.award_id)
                            ELSE coalesce(occurrence_key.award_id, excluded.award_id) END`
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

    linkAward: async (organisationId, { id, ruleId, subjectId, occurrence }, awardId) => {
      const { count } = await tx.occurrence_key.updateMany({
        where: {
          organisation_id: organisationId,
          rule_id: ruleId,
          subject_id: subjectId,
          occurrence,
          decision_id: id,
          award_id: null,
        },
        data: { award_id: awardId },
      })
      if (count === 1)
        await tx.decision.updateMany({
          where: { organisation_id: organisationId, id },
          data: { award_id: awardId },
        })
      return count === 1
    },
    findDecision: async (organisationId, id) => {
      const row = await tx.decision.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : toDecision(row)
    },
    listDecisions: async (organisationId, request, { ruleId, ruleVersionId, subjectId, outcome }) => {
      const rows = await tx.decision.findMany({
        where: {
          organisation_id: organisationId,
          ...(ruleId === undefined ? {} : { rule_id: ruleId }),
          ...(ruleVersionId === undefined ? {} : { rule_version_id: ruleVersionId }),
          ...(subjectId === undefined ? {} : { subject_id: subjectId }),
          ...(outcome === undefined ? {} : { outcome }),
          ...after('received_at', request),
        },
        orderBy: [{ received_at: 'desc' }, { id: 'desc' }],
        take: request.limit + 1,
        // As large as all the rest, and not shown in a list.
        omit: { document: true },
      })
      return page(
        rows.map((row) => toDecision({ ...row, document: null })),
        request.limit,
        (each) => each.decidedAt,
      )
    },
    compareShadow: async (organisationId, ruleId, { ruleVersionId, since }) => {
      const shadow = `shadow:${ruleVersionId}`
      const rows = await tx.$queryRaw<{ side: string; n: number; subjects: string[] }[]>`
        SELECT side, count(*)::int AS n, (array_agg(subject_id::text ORDER BY subject_id))[1:20] AS subjects
        FROM (
          SELECT subject_id,
                 CASE WHEN bool_and(starts_with(occurrence, ${shadow})) THEN 'shadow'
                      WHEN bool_or(starts_with(occurrence, ${shadow})) THEN 'both' ELSE 'active' END AS side
          FROM occurrence_key
          WHERE organisation_id = ${organisationId}::uuid AND rule_id = ${ruleId}::uuid
            AND ((starts_with(occurrence, ${shadow}) AND outcome = 'would_award')
              OR (occurrence NOT LIKE 'shadow:%' AND outcome IN ('award', 'needs_review')))
          GROUP BY subject_id
          -- What the active version decided before says nothing about the shadow, unless they agree.
          HAVING bool_or(starts_with(occurrence, ${shadow})) OR max(updated_at) >= ${date(since)}
        ) AS people
        GROUP BY side`
      const of = (side: string) => rows.find((row) => row.side === side)
      return {
        both: of('both')?.n ?? 0,
        onlyShadow: of('shadow')?.n ?? 0,
        onlyActive: of('active')?.n ?? 0,
        sample: {
          onlyShadow: (of('shadow')?.subjects ?? []) as SubjectId[],
          onlyActive: (of('active')?.subjects ?? []) as SubjectId[],
        },
      }
    },
    recent: async (organisationId, since, limit) => {
      const rows = await tx.$queryRaw<EventFields[]>`
        SELECT organisation_id::text, received_at, id::text, subject_id::text, normal FROM event
        WHERE organisation_id = ${organisationId}::uuid AND received_at >= ${date(since)} AND subject_id IS NOT NULL
        ORDER BY received_at DESC, id DESC LIMIT ${limit}`
      return rows.map(storedEvent)
    },
    rulesRevision: async (organisationId) => {
      const [row] = await tx.$queryRaw<{ revision: string | null }[]>`
        SELECT string_agg(id::text || state, ',' ORDER BY id) AS revision FROM rule_version
        WHERE organisation_id = ${organisationId}::uuid AND state IN ('active', 'shadow')`
      return row?.revision ?? ''
    },
  }
}

async function histories(
  tx: Transaction,
  organisationId: OrganisationId,
  subjectIds: readonly SubjectId[],
  { claimed = [], jobId }: { readonly claimed?: readonly EventId[] | undefined; readonly jobId?: JobId } = {},
): Promise<ReadonlyMap<SubjectId, readonly StoredEvent[]>> {
  // An event that fails would make every look at the history fail: it counts when it was evaluated itself, or is now.
  const rows = await tx.$queryRaw<(EventFields & { recipient: string | null })[]>`
    WITH named AS (
      SELECT organisation_id, subject_id, event_id, path FROM event_recipient
      WHERE ${jobId ?? null}::uuid IS NULL
        AND organisation_id = ${organisationId}::uuid AND subject_id = ANY(${[...subjectIds]}::uuid[])
      UNION ALL
      SELECT organisation_id, subject_id, event_id, path FROM job_recipient
      WHERE job_id = ${jobId ?? null}::uuid
        AND organisation_id = ${organisationId}::uuid AND subject_id = ANY(${[...subjectIds]}::uuid[])
    )
    SELECT organisation_id::text, received_at, id::text, subject_id::text, normal, recipient FROM (
      SELECT organisation_id, received_at, id, subject_id, normal, NULL AS recipient, occurred_at, state, attempts FROM event
      WHERE organisation_id = ${organisationId}::uuid AND subject_id = ANY(${[...subjectIds]}::uuid[])
      UNION ALL
      SELECT named.organisation_id, event.received_at, event.id, named.subject_id, normal, path, occurred_at, state, attempts
      FROM named
      JOIN event_key key ON key.event_id = named.event_id
      JOIN event ON event.received_at = key.received_at AND event.id = key.event_id
      UNION ALL
      -- What takes back an event that names somebody is kept with its actor.
      SELECT named.organisation_id, void.received_at, void.id, named.subject_id, void.normal, path, void.occurred_at, void.state, void.attempts
      FROM named
      JOIN event_key key ON key.event_id = named.event_id
      JOIN event ON event.received_at = key.received_at AND event.id = key.event_id
      JOIN event void ON void.organisation_id = named.organisation_id AND void.subject_id = event.subject_id
        AND void.normal->>'voids' IS NOT NULL
        AND void.normal->>'voids' = event.source_event_id AND void.normal->>'source' = event.normal->>'source'
    ) AS history
    WHERE state <> 'quarantined' AND (NOT (state = 'received' AND attempts > 0) OR id = ANY(${[...claimed]}::uuid[]))
    ORDER BY occurred_at, id`
  const found = new Map<SubjectId, StoredEvent[]>(subjectIds.map((id) => [id, []]))
  for (const row of rows)
    found
      .get(row.subject_id as SubjectId)
      ?.push({ ...storedEvent(row), ...known({ recipient: row.recipient }) })
  return found
}

const jsonOrNull = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))

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

/** When a badge is no longer held. One that was renewed is as true as before, until it is over by itself. */
function endOf(row: {
  readonly state: string
  readonly ended_at: Date | null
  readonly valid_until: Date | null
}): Instant | null {
  const { state, ended_at: ended, valid_until: over } = row
  if (ended === null || over === null) return instantOrNull(ended ?? over)
  return instant(state !== 'superseded' && ended < over ? ended : over)
}

const storedEvent = (row: EventFields): StoredEvent => ({
  ...(row.normal as LearningEvent),
  id: row.id as EventId,
  subjectId: row.subject_id as SubjectId,
})

const toDecision = (row: DecisionRow): Decision => ({
  ...known({
    awardId: row.award_id as AwardId | null,
    results: row.results as unknown as readonly MappedResult[] | null,
    evidence: row.evidence as unknown as readonly EventId[] | null,
    reason: row.reason as BlockReason | null,
    document: row.document,
  }),
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
