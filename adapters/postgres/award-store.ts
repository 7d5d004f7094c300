import type { AwardCorrection } from '#engine/awards/award-correction.ts'
import type { AwardEvidence } from '#engine/awards/award-evidence.ts'
import type { Approval, AwardGate } from '#engine/awards/award-gate.ts'
import type { AwardState } from '#engine/awards/award-life.ts'
import type { AwardResult } from '#engine/awards/award-results.ts'
import type { SubjectParticulars } from '#engine/credentials/subject-particulars.ts'
import type {
  AchievementId,
  AchievementVersionId,
  AwardId,
  DecisionId,
  IssuerId,
  OrganisationId,
  RuleId,
  RuleVersionId,
  SubjectId,
} from '#engine/shared/ids.ts'
import { type award_approval as ApprovalRow, type award as AwardRow, Prisma } from '#prisma'
import type { Award, AwardStore } from '#services/ports/award-store.ts'
import {
  date,
  dateOrNull,
  instant,
  instantOrNull,
  known,
  newestFirst,
  ofAchievements,
  page,
  type Transaction,
} from './rows.ts'
import { inTurns } from './turns.ts'

/** Of an award that was revoked: the edition by which it is reinstated waits to be signed. */
const comesBack = Prisma.sql`(award.state = 'revoked' AND EXISTS (
  SELECT 1 FROM credential JOIN credential_edition edition
    ON edition.organisation_id = credential.organisation_id AND edition.credential_id = credential.id
  WHERE credential.organisation_id = award.organisation_id AND credential.award_id = award.id
    AND edition.state = 'prepared' AND edition.cause = 'reinstated' AND edition.parked_at IS NULL))`

export function awardStore(tx: Transaction): AwardStore {
  return {
    grant: async (awards) => {
      if (awards.length === 0) return []
      const rows = await tx.award.createManyAndReturn({
        data: awards.map((award) => ({
          organisation_id: award.organisationId,
          id: award.id,
          issuer_id: award.issuerId,
          achievement_id: award.achievementId,
          achievement_version_id: award.achievementVersionId,
          subject_id: award.subjectId,
          origin: award.byRule === undefined ? 'direct' : 'rule',
          rule_id: award.byRule?.ruleId ?? null,
          rule_version_id: award.byRule?.ruleVersionId ?? null,
          occurrence: award.byRule?.occurrence ?? null,
          decision_id: award.byRule?.decisionId ?? null,
          state: award.state,
          awarded_at: date(award.awardedAt),
          granted_at: date(award.grantedAt),
          ...json({
            gate: award.gate,
            results: award.results,
            evidence: award.evidence,
            particulars: award.particulars,
          }),
          narrative: award.narrative ?? null,
          valid_until: dateOrNull(award.validUntil),
          renews: award.renews ?? null,
        })),
        skipDuplicates: true,
        select: { id: true },
      })
      return rows.map(({ id }) => id as AwardId)
    },
    find: async (id) => {
      const row = await tx.award.findUnique({ where: { id } })
      return row === null ? undefined : toAward(row)
    },
    findMany: async (ids) => (await tx.award.findMany({ where: { id: { in: [...ids] } } })).map(toAward),
    lock: async (id) => {
      await tx.$queryRaw`SELECT 1 FROM award WHERE id = ${id}::uuid FOR UPDATE`
      const row = await tx.award.findUnique({ where: { id } })
      return row === null ? undefined : toAward(row)
    },
    lockMany: async (ids) => {
      await tx.$queryRaw`SELECT 1 FROM award WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`
      return (await tx.award.findMany({ where: { id: { in: [...ids] } } })).map(toAward)
    },
    findByOccurrence: async (ruleId, subjectId, occurrence) => {
      const row = await tx.award.findFirst({
        where: { rule_id: ruleId, subject_id: subjectId, occurrence, taken_back: false },
      })
      return row === null ? undefined : toAward(row)
    },
    list: async (organisationId, request, { state, subjectId, achievementId, among }) => {
      const rows = await tx.award.findMany(
        newestFirst<Prisma.awardWhereInput>('granted_at', request, {
          organisation_id: organisationId,
          ...(state === undefined ? {} : { state }),
          ...(subjectId === undefined ? {} : { subject_id: subjectId }),
          ...(achievementId === undefined ? {} : { achievement_id: achievementId }),
          AND: [ofAchievements(among)],
        }),
      )
      return page(rows.map(toAward), request.limit, (award) => award.grantedAt)
    },
    select: async (organisationId, of, limit) => {
      const rows = await tx.award.findMany({
        where: {
          organisation_id: organisationId,
          ...(of.awardIds === undefined ? {} : { id: { in: [...of.awardIds] } }),
          ...(of.achievementId === undefined ? {} : { achievement_id: of.achievementId }),
          ...(of.achievementVersionId === undefined
            ? {}
            : { achievement_version_id: of.achievementVersionId }),
          ...(of.issuerId === undefined ? {} : { issuer_id: of.issuerId }),
          ...(of.ruleId === undefined ? {} : { rule_id: of.ruleId }),
          ...(of.ruleVersionId === undefined ? {} : { rule_version_id: of.ruleVersionId }),
          ...(of.states === undefined ? {} : { state: { in: [...of.states] } }),
          granted_at: {
            ...(of.grantedFrom === undefined ? {} : { gte: date(of.grantedFrom) }),
            ...(of.grantedBefore === undefined ? {} : { lt: date(of.grantedBefore) }),
          },
        },
        orderBy: { id: 'asc' },
        take: limit,
      })
      return rows.map(toAward)
    },
    counts: async (organisationId) => {
      const rows = await tx.award.groupBy({
        by: ['state'],
        where: { organisation_id: organisationId },
        _count: true,
      })
      return Object.fromEntries(rows.map((row) => [row.state, row._count]))
    },
    move: async (id, from, to, { issuedAt, endedAt, reason, validUntil, isTakenBack }) => {
      const { count } = await tx.award.updateMany({
        where: { id, state: { in: [...from] } },
        data: {
          state: to,
          revision: { increment: 1 },
          ...(to === 'revoked' ? { suspended_at: null } : {}),
          // Whoever waited for people is issued at once, and not when the lease of an earlier look is over.
          ...(to === 'due' ? { next_attempt_at: null } : {}),
          ...(isTakenBack === undefined ? {} : { taken_back: isTakenBack }),
          ...(validUntil === undefined ? {} : { valid_until: date(validUntil) }),
          ...(issuedAt === undefined ? {} : { issued_at: date(issuedAt) }),
          ...(endedAt === undefined ? {} : { ended_at: date(endedAt) }),
          ...(reason === undefined ? {} : { reason }),
        },
      })
      return count === 1
    },
    moveToIssued: async (awards, at) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        UPDATE award SET state = 'issued', revision = revision + 1, issued_at = ${date(at)},
          valid_until = coalesce(nullif(given.until, '')::timestamptz, valid_until)
        FROM unnest(${awards.map(({ id }) => id)}::uuid[], ${awards.map(({ validUntil }) =>
          validUntil === undefined ? '' : date(validUntil).toISOString(),
        )}::text[]) AS given (id, until)
        WHERE award.id = given.id AND award.state = 'due' RETURNING award.id::text`
      return rows.map(({ id }) => id as AwardId)
    },

    change: async (id, { correction, validUntil, suspendedAt, takesPlace }) => {
      await tx.award.updateMany({
        where: { id },
        data: {
          revision: { increment: 1 },
          ...json({ correction }),
          ...(validUntil === undefined ? {} : { valid_until: date(validUntil) }),
          ...(takesPlace ? { taken_back: false } : {}),
          ...(suspendedAt === undefined ? {} : { suspended_at: dateOrNull(suspendedAt ?? undefined) }),
        },
      })
    },
    standingBeside: async ({ id, organisationId, subjectId, renews, byRule }) => {
      const [row] = await tx.$queryRaw<{ id: string }[]>`
        WITH RECURSIVE line AS (
          SELECT id, renews, rule_id, occurrence FROM award
          WHERE organisation_id = ${organisationId}::uuid AND id = ${id}::uuid
          UNION
          SELECT other.id, other.renews, other.rule_id, other.occurrence
          FROM line JOIN award other ON other.organisation_id = ${organisationId}::uuid
            AND other.subject_id = ${subjectId}::uuid
            AND (other.renews = line.id OR other.id = line.renews OR (
              other.rule_id = line.rule_id AND (other.occurrence = line.occurrence OR (
                line.occurrence ~ '^(once|renewal:[0-9]{1,9})$' AND other.occurrence ~ '^(once|renewal:[0-9]{1,9})$'))))
        )
        SELECT award.id::text FROM award JOIN line ON line.id = award.id
        WHERE award.organisation_id = ${organisationId}::uuid AND award.id <> ${id}::uuid AND (
          award.state IN ('granted', 'awaiting_approval', 'due', 'awaiting_endorsement', 'issued')
          OR (award.rule_id = ${byRule?.ruleId ?? null}::uuid AND award.occurrence = ${byRule?.occurrence ?? null}
            AND NOT award.taken_back)
          OR (award.renews IN (${id}::uuid, ${renews ?? null}::uuid) AND award.state NOT IN ('revoked', 'refused'))
          OR ${comesBack})
        ORDER BY award.granted_at DESC, award.id DESC LIMIT 1`
      return row?.id as AwardId | undefined
    },

    renewalOf: async (id) => {
      const [row] = await tx.$queryRaw<{ id: string }[]>`
        SELECT award.id::text FROM award
        WHERE award.renews = ${id}::uuid AND (award.state NOT IN ('revoked', 'refused') OR ${comesBack}) LIMIT 1`
      return row?.id as AwardId | undefined
    },
    renewalsOf: async (ids) => {
      const rows = await tx.$queryRaw<{ id: string; renews: string }[]>`
        SELECT award.id::text, award.renews::text FROM award
        WHERE award.renews = ANY(${[...ids]}::uuid[])
          AND (award.state NOT IN ('revoked', 'refused') OR ${comesBack})`
      return new Map(rows.map(({ id, renews }) => [renews as AwardId, id as AwardId]))
    },
    claimEnding: async (limit, now) => {
      const rows = await tx.$queryRaw<{ award_id: string }[]>`
        WITH due AS (
          SELECT award.organisation_id, award.id, award.valid_until, nearest.days
          FROM award
          LEFT JOIN organisation_setting setting ON setting.organisation_id = award.organisation_id
          CROSS JOIN LATERAL (
            SELECT min(day) AS days FROM unnest(coalesce(setting.expiry_reminder_days, '{30,7}')) AS day
            WHERE award.valid_until - make_interval(days => day) <= ${date(now)}
          ) AS nearest
          WHERE award.state = 'issued' AND award.suspended_at IS NULL AND award.valid_until > ${date(now)}
            AND award.valid_until <= ${date(now)}::timestamptz + make_interval(days => (
              SELECT greatest(30, max(day)) FROM organisation_setting, unnest(expiry_reminder_days) AS day))
            AND award.valid_until - make_interval(days => nearest.days) > award.issued_at
            AND NOT EXISTS (
              SELECT 1 FROM expiry_reminder told WHERE told.organisation_id = award.organisation_id
                AND told.award_id = award.id AND told.valid_until = award.valid_until AND told.days <= nearest.days)
            AND NOT EXISTS (
              SELECT 1 FROM award renewal WHERE renewal.organisation_id = award.organisation_id
                AND renewal.renews = award.id AND renewal.state NOT IN ('revoked', 'refused'))
          ORDER BY award.valid_until LIMIT ${limit}::int FOR UPDATE OF award SKIP LOCKED
        )
        INSERT INTO expiry_reminder (organisation_id, award_id, valid_until, days, reminded_at)
        SELECT organisation_id, id, valid_until, days, ${date(now)} FROM due
        ON CONFLICT DO NOTHING RETURNING award_id::text`
      return (await tx.award.findMany({ where: { id: { in: rows.map(({ award_id }) => award_id) } } })).map(
        toAward,
      )
    },

    approvals: async (id) =>
      (await tx.award_approval.findMany({ where: { award_id: id }, orderBy: { decided_at: 'asc' } })).map(
        toApproval,
      ),
    approvalsOfMany: async (ids) => {
      const rows = await tx.award_approval.findMany({
        where: { award_id: { in: [...ids] } },
        orderBy: { decided_at: 'asc' },
      })
      return new Map(
        [...Map.groupBy(rows, (row) => row.award_id as AwardId)].map(([id, said]) => [
          id,
          said.map(toApproval),
        ]),
      )
    },
    saveApproval: async ({ organisationId, id }, { by, decision, reason, hadAHand, mandate, at }) => {
      const rows = await tx.$queryRaw<unknown[]>`
        INSERT INTO award_approval AS said (organisation_id, award_id, person, decision, reason, had_a_hand, decided_at,
          mandate_id, mandate_criteria)
        VALUES (${organisationId}::uuid, ${id}::uuid, ${by}, ${decision}, ${reason ?? null}, ${hadAHand}, ${date(at)},
          ${mandate?.id ?? null}::uuid, ${[...(mandate?.criteria ?? [])]}::text[])
        ON CONFLICT (organisation_id, award_id, person) DO UPDATE
        SET decision = excluded.decision, reason = excluded.reason, decided_at = excluded.decided_at,
            mandate_id = excluded.mandate_id, mandate_criteria = excluded.mandate_criteria
        WHERE said.decision = 'approved' AND (excluded.decision = 'refused'
          -- Whoever may assess more than when they said yes has said something new.
          OR (cardinality(said.mandate_criteria) > 0
              AND (cardinality(excluded.mandate_criteria) = 0 OR NOT excluded.mandate_criteria <@ said.mandate_criteria)))
        RETURNING 1`
      return rows.length === 1
    },

    expire: async (limit, now) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        UPDATE award SET state = 'expired', ended_at = valid_until, revision = revision + 1 WHERE id IN (
          SELECT id FROM award WHERE state = 'issued' AND valid_until <= ${date(now)}
          ORDER BY valid_until LIMIT ${limit} FOR UPDATE SKIP LOCKED
        ) RETURNING id::text`
      return (await tx.award.findMany({ where: { id: { in: rows.map(({ id }) => id) } } })).map(toAward)
    },
    lockForSuperseding: async (awards) => {
      const keys = awards.flatMap(({ byRule, subjectId }) =>
        byRule === undefined ? [] : [supersedeKey(byRule.ruleId, subjectId)],
      )
      if (keys.length === 0) return []
      await tx.$queryRaw`
        SELECT count(pg_advisory_xact_lock(hashtextextended(key, 0))) FROM unnest(${keys.sort()}::text[]) AS pair (key)`
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT award.id::text FROM award
        WHERE award.id = ANY(${awards.map(({ id }) => id)}::uuid[]) AND EXISTS (
          SELECT 1 FROM award other
          WHERE other.organisation_id = award.organisation_id AND other.rule_id = award.rule_id
            AND other.subject_id = award.subject_id AND other.id <> award.id AND other.state IN ('issued', 'superseded'))`
      return rows.map(({ id }) => id as AwardId)
    },
    supersede: async (organisationId, { ruleId, subjectId }, at) => {
      // Two that are issued at once see each other: the second one waits here until the first one is committed.
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${supersedeKey(ruleId, subjectId)}, 0))::text`
      const rows = await tx.$queryRaw<{ id: string }[]>`
        WITH given AS (
          SELECT id, CASE occurrence WHEN 'once' THEN 0 ELSE substr(occurrence, 9)::numeric END AS number
          FROM award
          WHERE organisation_id = ${organisationId}::uuid AND rule_id = ${ruleId}::uuid AND subject_id = ${subjectId}::uuid AND state = 'issued'
            AND occurrence ~ '^(once|renewal:[0-9]{1,9})$'
          ORDER BY id FOR UPDATE
        )
        UPDATE award SET state = 'superseded', ended_at = ${date(at)}, revision = award.revision + 1
        FROM given WHERE given.id = award.id AND given.number < (SELECT max(number) FROM given)
        RETURNING award.id::text`
      const byHand = await tx.$queryRaw<{ id: string }[]>`
        WITH RECURSIVE renewal AS (
          SELECT id FROM award WHERE organisation_id = ${organisationId}::uuid AND renews IN (
            SELECT id FROM award WHERE organisation_id = ${organisationId}::uuid AND rule_id = ${ruleId}::uuid
              AND subject_id = ${subjectId}::uuid AND state = 'superseded' AND occurrence ~ '^(once|renewal:[0-9]{1,9})$')
          UNION SELECT later.id FROM award later JOIN renewal ON later.renews = renewal.id
          WHERE later.organisation_id = ${organisationId}::uuid
        )
        UPDATE award SET state = 'superseded', ended_at = ${date(at)}, revision = award.revision + 1
        FROM renewal WHERE renewal.id = award.id AND award.state = 'issued' AND EXISTS (
          SELECT 1 FROM award standing WHERE standing.organisation_id = ${organisationId}::uuid
            AND standing.rule_id = ${ruleId}::uuid AND standing.subject_id = ${subjectId}::uuid
            AND standing.state = 'issued' AND standing.awarded_at >= award.awarded_at
            AND standing.occurrence ~ '^(once|renewal:[0-9]{1,9})$')
        RETURNING award.id::text`
      return [...rows, ...byHand].map(({ id }) => id as AwardId)
    },

    countSlots: (organisationId, ruleId) =>
      tx.award_slot.count({ where: { organisation_id: organisationId, rule_id: ruleId } }),
    takenSlots: async (organisationId, ruleIds) => {
      if (ruleIds.length === 0) return new Map()
      await tx.$queryRaw`
        SELECT count(pg_advisory_xact_lock(hashtextextended('slots:' || id, 0)))
        FROM unnest(${[...ruleIds].sort()}::text[]) AS rule (id)`
      const rows = await tx.award_slot.groupBy({
        by: ['rule_id'],
        where: { organisation_id: organisationId, rule_id: { in: [...ruleIds] } },
        _count: true,
      })
      const taken = new Map(rows.map((row) => [row.rule_id, row._count]))
      return new Map(ruleIds.map((ruleId) => [ruleId, taken.get(ruleId) ?? 0]))
    },
    takeSlots: async (organisationId, { ruleId, cap }, awardIds) => {
      if (awardIds.length === 0) return []
      const inThere = async () => {
        const rows = await tx.award_slot.findMany({ where: { award_id: { in: [...awardIds] } } })
        const ids = new Set(rows.map((row) => row.award_id))
        return awardIds.filter((id) => ids.has(id))
      }
      // Again for as long as somebody else took a place that looked free: each round one of both has got further.
      for (;;) {
        const placed = await inThere()
        const waiting = awardIds.filter((id) => !placed.includes(id))
        if (waiting.length === 0) return placed
        const offered = await tx.$queryRaw<{ slot: number }[]>`
          WITH free AS (
            SELECT slot, row_number() OVER (ORDER BY slot) AS n FROM (
              SELECT slot FROM generate_series(1, ${cap}::int) AS every (slot)
              WHERE NOT EXISTS (
                SELECT 1 FROM award_slot taken WHERE taken.organisation_id = ${organisationId}::uuid
                  AND taken.rule_id = ${ruleId}::uuid AND taken.slot = every.slot)
              ORDER BY slot LIMIT ${waiting.length}
            ) AS open
          ), placed AS (
            INSERT INTO award_slot (organisation_id, rule_id, slot, award_id)
            SELECT ${organisationId}::uuid, ${ruleId}::uuid, free.slot, waiting.id
            FROM free JOIN unnest(${waiting}::uuid[]) WITH ORDINALITY AS waiting (id, n) ON waiting.n = free.n
            ON CONFLICT DO NOTHING
          )
          SELECT slot FROM free`
        if (offered.length === 0) return placed
      }
    },
    freeSlots: async (awardIds) => {
      if (awardIds.length === 0) return
      await tx.award_slot.deleteMany({ where: { award_id: { in: [...awardIds] } } })
    },

    claimDue: async (limit, now, until) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        ${inTurns({
          table: Prisma.sql`award`,
          key: Prisma.sql`id`,
          waits: Prisma.sql`state = 'due' AND parked_at IS NULL AND (next_attempt_at IS NULL OR next_attempt_at <= ${date(now)})`,
          since: Prisma.sql`granted_at`,
          limit,
        })}
        UPDATE award SET next_attempt_at = ${date(until)} FROM waiting
        WHERE award.id = waiting.id RETURNING award.id::text`
      const awards = await tx.award.findMany({
        where: { id: { in: rows.map(({ id }) => id) } },
        orderBy: { granted_at: 'asc' },
      })
      return awards.map(toAward)
    },
    fail: async (id, { error, next, at }) => {
      await tx.award.update({
        where: { id },
        data: {
          attempts: { increment: 1 },
          last_error: error.slice(0, 500),
          next_attempt_at: dateOrNull(next),
          ...(next === undefined ? { parked_at: date(at) } : {}),
        },
      })
    },
    attempts: async (id) =>
      (await tx.award.findUniqueOrThrow({ where: { id }, select: { attempts: true } })).attempts,
  }
}

const supersedeKey = (ruleId: RuleId, subjectId: SubjectId): string => `supersede:${ruleId}:${subjectId}`

function toAward(row: AwardRow): Award {
  const { rule_id, rule_version_id, occurrence, decision_id } = row
  const byRule =
    rule_id === null || rule_version_id === null || occurrence === null || decision_id === null
      ? null
      : {
          ruleId: rule_id as RuleId,
          ruleVersionId: rule_version_id as RuleVersionId,
          occurrence,
          decisionId: decision_id as DecisionId,
        }
  return {
    ...known({
      byRule,
      issuedAt: instantOrNull(row.issued_at),
      endedAt: instantOrNull(row.ended_at),
      reason: row.reason,
      narrative: row.narrative,
      particulars: row.particulars as unknown as SubjectParticulars | null,
      parkedAt: instantOrNull(row.parked_at),
      gate: row.gate as unknown as AwardGate | null,
      results: row.results as unknown as readonly AwardResult[] | null,
      evidence: row.evidence as unknown as readonly AwardEvidence[] | null,
      validUntil: instantOrNull(row.valid_until),
      renews: row.renews as AwardId | null,
      suspendedAt: instantOrNull(row.suspended_at),
      correction: row.correction as unknown as AwardCorrection | null,
    }),
    revision: row.revision,
    organisationId: row.organisation_id as OrganisationId,
    id: row.id as AwardId,
    issuerId: row.issuer_id as IssuerId,
    achievementId: row.achievement_id as AchievementId,
    achievementVersionId: row.achievement_version_id as AchievementVersionId,
    subjectId: row.subject_id as SubjectId,
    state: row.state as AwardState,
    awardedAt: instant(row.awarded_at),
    grantedAt: instant(row.granted_at),
  }
}

const toApproval = (row: ApprovalRow): Approval => ({
  ...known({ reason: row.reason }),
  by: row.person,
  decision: row.decision as Approval['decision'],
  hadAHand: row.had_a_hand,
  ...(row.mandate_id === null ? {} : { mandate: { id: row.mandate_id, criteria: row.mandate_criteria } }),
  at: instant(row.decided_at),
})

/** Members of an award as JSON columns take them: what is not there stays null. */
const json = (members: Readonly<Record<string, unknown>>): Record<string, Prisma.InputJsonValue> =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value as Prisma.InputJsonValue]],
    ),
  )
