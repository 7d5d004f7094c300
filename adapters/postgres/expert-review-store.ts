import type { ExpertReviewState, Verdict } from '#engine/achievements/expert-review.ts'
import type { AchievementVersionId, ExpertReviewId, OrganisationId } from '#engine/shared/ids.ts'
import type { expert_review as ReviewRow } from '#prisma'
import type { ExpertReview, ExpertReviewStore } from '#services/ports/expert-review-store.ts'
import { bytes, date, instant, instantOrNull, known, type OwnedRow, owned, type Transaction } from './rows.ts'

export function expertReviewStore(tx: Transaction): ExpertReviewStore {
  return {
    insert: async (made) => {
      await tx.expert_review.create({
        data: {
          organisation_id: made.organisationId,
          id: made.id,
          achievement_version_id: made.versionId,
          address: made.address,
          language: made.language,
          message: made.message ?? null,
          state: made.state,
          token_hash: bytes(made.tokenHash),
          requested_by: made.requestedBy,
          requested_at: date(made.requestedAt),
          sent_at: date(made.sentAt),
          times_sent: made.timesSent,
          expires_at: date(made.expiresAt),
        },
      })
    },
    find: async (organisationId, id) => {
      const row = await tx.expert_review.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : review(row)
    },
    findByToken: async (tokenHash) => {
      const row = await tx.expert_review.findUnique({ where: { token_hash: bytes(tokenHash) } })
      return row === null ? undefined : review(row)
    },
    ofVersion: async (organisationId, versionId) =>
      (
        await tx.expert_review.findMany({
          where: { organisation_id: organisationId, achievement_version_id: versionId },
          orderBy: [{ requested_at: 'asc' }, { id: 'asc' }],
        })
      ).map(review),
    move: async ({ organisationId, id, state: from }, to, at, answer) => {
      const { count } = await tx.expert_review.updateMany({
        where: { organisation_id: organisationId, id, state: from },
        data: {
          state: to,
          ...(to === 'viewed' ? { viewed_at: date(at) } : { closed_at: date(at) }),
          ...(answer === undefined
            ? {}
            : {
                verdict: answer.verdict,
                remarks: answer.remarks ?? null,
                expert_name: answer.name,
                expert_organisation: answer.organisation ?? null,
                expert_qualification: answer.qualification ?? null,
                digest: bytes(answer.digest),
              }),
        },
      })
      return count === 1
    },
    sendAgain: async ({ organisationId, id, timesSent }, { tokenHash, sentAt, expiresAt }) => {
      const { count } = await tx.expert_review.updateMany({
        where: {
          organisation_id: organisationId,
          id,
          state: { in: ['requested', 'viewed'] },
          times_sent: timesSent,
        },
        data: {
          token_hash: bytes(tokenHash),
          sent_at: date(sentAt),
          expires_at: date(expiresAt),
          times_sent: timesSent + 1,
        },
      })
      return count === 1
    },
    expire: async (limit, now) => {
      const rows = await tx.$queryRaw<OwnedRow[]>`
        UPDATE expert_review SET state = 'expired', closed_at = expires_at
        FROM (SELECT organisation_id, id FROM expert_review
              WHERE state IN ('requested', 'viewed') AND expires_at <= ${date(now)}
              ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) due
        WHERE expert_review.organisation_id = due.organisation_id AND expert_review.id = due.id
        RETURNING expert_review.organisation_id::text, expert_review.id::text`
      return rows.map(owned<ExpertReviewId>)
    },
  }
}

const review = (row: ReviewRow): ExpertReview => ({
  ...known({
    message: row.message,
    viewedAt: instantOrNull(row.viewed_at),
    closedAt: instantOrNull(row.closed_at),
  }),
  ...(row.verdict === null || row.digest === null || row.expert_name === null
    ? {}
    : {
        answer: {
          verdict: row.verdict as Verdict,
          name: row.expert_name,
          digest: row.digest,
          ...known({
            remarks: row.remarks,
            organisation: row.expert_organisation,
            qualification: row.expert_qualification,
          }),
        },
      }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as ExpertReviewId,
  versionId: row.achievement_version_id as AchievementVersionId,
  address: row.address,
  language: row.language,
  state: row.state as ExpertReviewState,
  requestedBy: row.requested_by,
  requestedAt: instant(row.requested_at),
  sentAt: instant(row.sent_at),
  timesSent: row.times_sent,
  expiresAt: instant(row.expires_at),
})
