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
import type { award as AwardRow } from '#prisma'
import type { Award, AwardState, AwardStore } from '#services/ports/award-store.ts'
import { after, date, dateOrNull, instant, instantOrNull, known, page, type Transaction } from './rows.ts'

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
    findByOccurrence: async (ruleId, subjectId, occurrence) => {
      const row = await tx.award.findFirst({ where: { rule_id: ruleId, subject_id: subjectId, occurrence } })
      return row === null ? undefined : toAward(row)
    },
    list: async (organisationId, request, { state, subjectId, achievementId }) => {
      const rows = await tx.award.findMany({
        where: {
          organisation_id: organisationId,
          ...(state === undefined ? {} : { state }),
          ...(subjectId === undefined ? {} : { subject_id: subjectId }),
          ...(achievementId === undefined ? {} : { achievement_id: achievementId }),
          ...after('granted_at', request),
        },
        orderBy: [{ granted_at: 'desc' }, { id: 'desc' }],
        take: request.limit + 1,
      })
      return page(rows.map(toAward), request.limit, (award) => award.grantedAt)
    },
    counts: async (organisationId) => {
      const rows = await tx.award.groupBy({
        by: ['state'],
        where: { organisation_id: organisationId },
        _count: true,
      })
      return Object.fromEntries(rows.map((row) => [row.state, row._count]))
    },
    move: async (id, from, to, { issuedAt, endedAt, reason }) => {
      const { count } = await tx.award.updateMany({
        where: { id, state: { in: [...from] } },
        data: {
          state: to,
          ...(issuedAt === undefined ? {} : { issued_at: date(issuedAt) }),
          ...(endedAt === undefined ? {} : { ended_at: date(endedAt) }),
          ...(reason === undefined ? {} : { reason }),
        },
      })
      return count === 1
    },
    claimDue: async (limit, now, until) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        UPDATE award SET next_attempt_at = ${date(until)} WHERE id IN (
          SELECT id FROM award
          WHERE state = 'due' AND parked_at IS NULL AND (next_attempt_at IS NULL OR next_attempt_at <= ${date(now)})
          ORDER BY granted_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
        ) RETURNING id::text`
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
      parkedAt: instantOrNull(row.parked_at),
    }),
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
