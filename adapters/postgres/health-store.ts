import type { OrganisationId, RuleId, RuleVersionId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { noLatencies } from '#engine/shared/latency.ts'
import type { HealthStore, RuleCounts, RuleHealthDelta, SilentRule } from '#services/ports/health-store.ts'
import { date, dateOrNull, instant, instantOrNull, known, type Transaction } from './rows.ts'

export function healthStore(tx: Transaction): HealthStore {
  return {
    add: async (slot, at, { rules, events }) => {
      const day = dayOf(date(at))
      if (events.length > 0) await addEvents(tx, slot, day, events)
      if (rules.length > 0) await addRules(tx, slot, day, rules)
    },
    ofRules: async (organisationId, since) => {
      const rows = await tx.$queryRaw<(CountRow & { rule_version_id: string })[]>`
        SELECT rule_version_id::text, sum(matched)::int AS matched, sum(near_misses)::int AS near_misses,
               sum(awarded)::int AS awarded, sum(needs_review)::int AS needs_review, sum(blocked)::int AS blocked,
               sum(retracted)::int AS retracted, sum(would_award)::int AS would_award, sum(errors)::int AS errors,
               sum(left_out)::int AS left_out,
               (SELECT array_agg(total ORDER BY place) FROM (
                  SELECT place, sum(value)::int AS total
                  FROM rule_health_day each, unnest(each.latency) WITH ORDINALITY AS bucket (value, place)
                  WHERE each.organisation_id = ${organisationId}::uuid AND each.rule_version_id = day.rule_version_id
                    AND each.day >= ${dayOf(date(since))}::date
                  GROUP BY place) AS sums) AS latency,
               max(last_match_at) AS last_match_at, max(last_award_at) AS last_award_at
        FROM rule_health_day day
        WHERE organisation_id = ${organisationId}::uuid AND day >= ${dayOf(date(since))}::date
        GROUP BY rule_version_id`
      return new Map(rows.map((row) => [row.rule_version_id as RuleVersionId, toCounts(row)]))
    },
    lastOf: async (organisationId) => {
      const rows = await tx.rule_health_day.groupBy({
        by: ['rule_version_id'],
        where: { organisation_id: organisationId },
        _max: { last_match_at: true, last_award_at: true },
      })
      return new Map(
        rows.map((row) => [
          row.rule_version_id as RuleVersionId,
          known({
            lastMatchAt: instantOrNull(row._max.last_match_at),
            lastAwardAt: instantOrNull(row._max.last_award_at),
          }),
        ]),
      )
    },
    ofEvents: async (organisationId, since) => {
      const rows = await tx.event_health_day.findMany({
        where: { organisation_id: organisationId, day: { gte: dayStart(date(since)) } },
      })
      return rows.map(({ day, seen, errors, latency }) => ({ day: instant(day), seen, errors, latency }))
    },
    parked: (organisationId) =>
      tx.event.count({ where: { organisation_id: organisationId, parked_at: { not: null } } }),
    silentRules: async (now, organisationId) => {
      const rows = await tx.$queryRaw<
        { organisation_id: string; rule_id: string; name: string; silent_since: Date; days: number }[]
      >`
        SELECT * FROM (
          SELECT rule.organisation_id::text, rule.id::text AS rule_id, rule.name,
                 greatest(version.activated_at, version.resumed_at, health.last_match_at) AS silent_since,
                 coalesce(setting.dead_rule_days, 30) AS days
          FROM rule_version version
          JOIN rule ON rule.organisation_id = version.organisation_id AND rule.id = version.rule_id
          LEFT JOIN organisation_setting setting ON setting.organisation_id = rule.organisation_id
          LEFT JOIN LATERAL (
            SELECT max(last_match_at) AS last_match_at FROM rule_health_day
            WHERE organisation_id = version.organisation_id AND rule_version_id = version.id
          ) AS health ON true
          WHERE version.state = 'active'
            AND (${organisationId ?? null}::uuid IS NULL OR rule.organisation_id = ${organisationId ?? null}::uuid)
        ) AS each
        WHERE silent_since < ${date(now)}::timestamptz - make_interval(days => days)
        ORDER BY organisation_id, rule_id`
      return rows.map(
        (row): SilentRule => ({
          organisationId: row.organisation_id as OrganisationId,
          ruleId: row.rule_id as RuleId,
          name: row.name,
          silentSince: instant(row.silent_since),
          days: row.days,
        }),
      )
    },
    tellSilence: async ({ ruleId, silentSince }, at) => {
      const { count } = await tx.rule.updateMany({
        where: {
          id: ruleId,
          OR: [{ silence_told_at: null }, { silence_told_at: { lt: date(silentSince) } }],
        },
        data: { silence_told_at: date(at) },
      })
      return count === 1
    },
  }
}

/** In the order of the key, so that two transactions that share a slot after all cannot wait for each other. */
async function addRules(
  tx: Transaction,
  slot: number,
  day: string,
  deltas: readonly RuleHealthDelta[],
): Promise<void> {
  const rules = [...deltas].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  await tx.$executeRaw`
    INSERT INTO rule_health_day AS known (organisation_id, rule_version_id, day, slot, rule_id, matched, near_misses, awarded,
      needs_review, blocked, retracted, would_award, errors, left_out, latency, last_match_at, last_award_at)
    SELECT organisation_id, rule_version_id, ${day}::date, ${slot}::smallint, rule_id, matched, near_misses, awarded,
           needs_review, blocked, retracted, would_award, errors, left_out, latency::integer[], last_match_at, last_award_at
    FROM unnest(
      ${rules.map((each) => each.organisationId)}::uuid[], ${rules.map((each) => each.ruleVersionId)}::uuid[],
      ${rules.map((each) => each.ruleId)}::uuid[], ${rules.map((each) => each.matched)}::int[],
      ${rules.map((each) => each.nearMisses)}::int[], ${rules.map((each) => each.awarded)}::int[],
      ${rules.map((each) => each.needsReview)}::int[], ${rules.map((each) => each.blocked)}::int[],
      ${rules.map((each) => each.retracted)}::int[], ${rules.map((each) => each.wouldAward)}::int[],
      ${rules.map((each) => each.errors)}::int[], ${rules.map((each) => each.leftOut)}::int[], ${rules.map((each) => arrayText(each.latency))}::text[],
      ${rules.map((each) => dateOrNull(each.lastMatchAt))}::timestamptz[], ${rules.map((each) => dateOrNull(each.lastAwardAt))}::timestamptz[]
    ) AS new (organisation_id, rule_version_id, rule_id, matched, near_misses, awarded, needs_review, blocked, retracted,
              would_award, errors, left_out, latency, last_match_at, last_award_at)
    ON CONFLICT (organisation_id, rule_version_id, day, slot) DO UPDATE SET
      matched = known.matched + excluded.matched, near_misses = known.near_misses + excluded.near_misses,
      awarded = known.awarded + excluded.awarded, needs_review = known.needs_review + excluded.needs_review,
      blocked = known.blocked + excluded.blocked, retracted = known.retracted + excluded.retracted,
      would_award = known.would_award + excluded.would_award, errors = known.errors + excluded.errors,
      left_out = known.left_out + excluded.left_out,
      latency = add_counts(known.latency, excluded.latency),
      last_match_at = greatest(known.last_match_at, excluded.last_match_at),
      last_award_at = greatest(known.last_award_at, excluded.last_award_at)`
}

async function addEvents(
  tx: Transaction,
  slot: number,
  day: string,
  deltas: Parameters<HealthStore['add']>[2]['events'],
): Promise<void> {
  const events = [...deltas].sort((a, b) => (a.organisationId < b.organisationId ? -1 : 1))
  await tx.$executeRaw`
    INSERT INTO event_health_day AS known (organisation_id, day, slot, seen, errors, latency)
    SELECT organisation_id, ${day}::date, ${slot}::smallint, seen, errors, latency::integer[]
    FROM unnest(${events.map((each) => each.organisationId)}::uuid[], ${events.map((each) => each.seen)}::int[],
                ${events.map((each) => each.errors)}::int[], ${events.map((each) => arrayText(each.latency))}::text[])
      AS new (organisation_id, seen, errors, latency)
    ON CONFLICT (organisation_id, day, slot) DO UPDATE SET
      seen = known.seen + excluded.seen, errors = known.errors + excluded.errors,
      latency = add_counts(known.latency, excluded.latency)`
}

interface CountRow {
  matched: number
  near_misses: number
  awarded: number
  needs_review: number
  blocked: number
  retracted: number
  would_award: number
  errors: number
  left_out: number
  latency: number[] | null
  last_match_at: Date | null
  last_award_at: Date | null
}

const toCounts = (row: CountRow): RuleCounts => ({
  ...known({
    lastMatchAt: instantOrNull(row.last_match_at),
    lastAwardAt: instantOrNull(row.last_award_at),
  }),
  matched: row.matched,
  nearMisses: row.near_misses,
  awarded: row.awarded,
  needsReview: row.needs_review,
  blocked: row.blocked,
  retracted: row.retracted,
  wouldAward: row.would_award,
  errors: row.errors,
  leftOut: row.left_out,
  latency: row.latency ?? noLatencies(),
})

const keyOf = ({ organisationId, ruleVersionId }: RuleHealthDelta) => `${organisationId}:${ruleVersionId}`
/** An array of arrays is no type of PostgreSQL: each goes as its text. */
const arrayText = (values: readonly number[]): string => `{${values.join(',')}}`
const dayOf = (at: Date): string => at.toISOString().slice(0, 10)
const dayStart = (at: Date): Date => date(asInstant(Date.parse(dayOf(at))))
