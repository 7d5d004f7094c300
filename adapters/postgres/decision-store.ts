import { type BlockReason, type DecisionOutcome, outcomeKey } from '#engine/rules/evaluate/evaluation.ts'
import type { MappedResult } from '#engine/rules/evaluate/results.ts'
import type { Trace } from '#engine/rules/explain/trace.ts'
import type {
  AchievementId,
  AwardId,
  DecisionId,
  EventId,
  RuleId,
  RuleVersionId,
  SubjectId,
} from '#engine/shared/ids.ts'
import type { decision as DecisionRow, Prisma } from '#prisma'
import type { Decision, DecisionStore } from '#services/ports/evaluation-store.ts'
import { bytes, date, instant, known, newestFirst, ofAchievements, page, type Transaction } from './rows.ts'

export function decisionStore(tx: Transaction): DecisionStore {
  return {
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
    listDecisions: async (organisationId, request, { ruleId, ruleVersionId, subjectId, outcome, among }) => {
      const rows = await tx.decision.findMany({
        ...newestFirst<Prisma.decisionWhereInput>('received_at', request, {
          organisation_id: organisationId,
          ...(ruleId === undefined ? {} : { rule_id: ruleId }),
          ...(ruleVersionId === undefined ? {} : { rule_version_id: ruleVersionId }),
          ...(subjectId === undefined ? {} : { subject_id: subjectId }),
          ...(outcome === undefined ? {} : { outcome }),
          AND: [ofAchievements(among)],
        }),
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
  }
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
