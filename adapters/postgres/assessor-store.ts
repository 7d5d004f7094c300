import type {
  AccountId,
  AchievementId,
  AssessorMandateId,
  InvitationId,
  OrganisationId,
} from '#engine/shared/ids.ts'
import type { assessor_mandate as MandateRow } from '#prisma'
import type { AssessorMandate, AssessorStore } from '#services/ports/assessor-store.ts'
import {
  date,
  dateOrNull,
  instant,
  instantOrNull,
  known,
  type OwnedRow,
  owned,
  type Transaction,
} from './rows.ts'

export function assessorStore(tx: Transaction): AssessorStore {
  /** With whether its person is still a member. */
  const whole = async (
    organisationId: string,
    rows: readonly MandateRow[],
  ): Promise<readonly AssessorMandate[]> => {
    const accountIds = rows.flatMap(({ account_id }) => (account_id === null ? [] : [account_id]))
    const members =
      accountIds.length === 0
        ? []
        : await tx.membership.findMany({
            where: { organisation_id: organisationId, account_id: { in: accountIds } },
            select: { account_id: true },
          })
    const there = new Set(members.map(({ account_id }) => account_id))
    return rows.map((row) => mandate(row, row.account_id !== null && !there.has(row.account_id)))
  }
  return {
    insert: async (made) => {
      await tx.assessor_mandate.create({
        data: {
          organisation_id: made.organisationId,
          id: made.id,
          achievement_id: made.achievementId,
          account_id: made.invitationId === undefined ? (made.accountId ?? null) : null,
          invitation_id: made.invitationId ?? null,
          address: made.address,
          name: made.name,
          qualification: made.qualification,
          evidence_url: made.evidenceUrl ?? null,
          criteria: [...made.criteria],
          valid_from: date(made.from),
          valid_until: dateOrNull(made.until),
          shows_name: made.showsName,
          given_by: made.givenBy,
          given_at: date(made.givenAt),
        },
      })
    },
    accepted: async (organisationId, invitationId, accountId) => {
      await tx.assessor_mandate.updateMany({
        where: { organisation_id: organisationId, invitation_id: invitationId },
        data: { account_id: accountId },
      })
    },
    find: async (organisationId, id) => {
      const row = await tx.assessor_mandate.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : (await whole(organisationId, [row]))[0]
    },
    ofAchievement: async (organisationId, achievementId) =>
      whole(
        organisationId,
        await tx.assessor_mandate.findMany({
          where: { organisation_id: organisationId, achievement_id: achievementId },
          orderBy: [{ given_at: 'asc' }, { id: 'asc' }],
        }),
      ),
    isAwaited: async (organisationId, invitationId) =>
      (await tx.assessor_mandate.findFirst({
        where: { organisation_id: organisationId, invitation_id: invitationId, ended_at: null },
        select: { id: true },
      })) !== null,
    end: async ({ organisationId, id }, { at, by, reason }) => {
      const { count } = await tx.assessor_mandate.updateMany({
        where: { organisation_id: organisationId, id, ended_at: null },
        data: { ended_at: date(at), ended_by: by, end_reason: reason },
      })
      return count === 1
    },
    showName: async ({ organisationId, id }, showsName) => {
      await tx.assessor_mandate.updateMany({
        where: { organisation_id: organisationId, id },
        data: { shows_name: showsName },
      })
    },
    expireInvited: async (limit, now) => {
      const rows = await tx.$queryRaw<OwnedRow[]>`
        UPDATE assessor_mandate SET expired_at = ${date(now)}
        FROM (SELECT mandate.organisation_id, mandate.id FROM assessor_mandate mandate
              JOIN invitation ON invitation.organisation_id = mandate.organisation_id AND invitation.id = mandate.invitation_id
              WHERE mandate.expired_at IS NULL AND mandate.ended_at IS NULL
                AND (mandate.valid_until IS NULL OR mandate.valid_until > ${date(now)})
                AND invitation.state IN ('declined', 'withdrawn', 'expired')
              LIMIT ${limit} FOR UPDATE OF mandate SKIP LOCKED) due
        WHERE assessor_mandate.organisation_id = due.organisation_id AND assessor_mandate.id = due.id
        RETURNING assessor_mandate.organisation_id::text, assessor_mandate.id::text`
      return rows.map(owned<AssessorMandateId>)
    },
  }
}

function mandate(row: MandateRow, hasLeft: boolean): AssessorMandate {
  const endedAt = instantOrNull(row.ended_at)
  return {
    ...known({
      accountId: row.account_id as AccountId | null,
      invitationId: row.invitation_id as InvitationId | null,
      evidenceUrl: row.evidence_url,
      until: instantOrNull(row.valid_until),
      endedAt,
      expiredAt: instantOrNull(row.expired_at),
    }),
    ...(endedAt === null || row.ended_by === null || row.end_reason === null
      ? {}
      : { end: { at: endedAt, by: row.ended_by, reason: row.end_reason } }),
    ...(hasLeft ? { hasLeft } : {}),
    organisationId: row.organisation_id as OrganisationId,
    id: row.id as AssessorMandateId,
    achievementId: row.achievement_id as AchievementId,
    address: row.address,
    name: row.name,
    qualification: row.qualification,
    criteria: row.criteria,
    from: instant(row.valid_from),
    showsName: row.shows_name,
    givenBy: row.given_by,
    givenAt: instant(row.given_at),
  }
}
