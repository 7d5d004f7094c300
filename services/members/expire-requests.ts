import type { OrganisationId } from '#engine/shared/ids.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'

const PASS_SIZE = 200

export interface ExpireRequestsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditTrail
}

/**
 * What people were asked and nobody answered in time, as part of the expire step: invitations, the mandates that waited for
 * them, and requests to experts. Whoever shows a link is told by the clock before this has run. Who asked is told by triggers.
 */
export const createExpireRequests =
  ({ database, clock, audit }: ExpireRequestsNeeds) =>
  async (): Promise<{ readonly more: boolean }> => {
    const counts = await database.asWorker(async (stores) => {
      const at = clock.now()
      const record = (
        rows: readonly { readonly organisationId: OrganisationId; readonly id: string }[],
        targetType: string,
        action: string,
      ) =>
        audit(
          stores,
          ...rows.map(({ organisationId, id: targetId }) => ({
            organisationId,
            at,
            actor: 'system',
            action,
            targetType,
            targetId,
          })),
        )
      // Invitations first: a mandate is over because its invitation is.
      const invitations = await stores.invitations.expire(PASS_SIZE, at)
      await record(invitations, 'invitation', 'invitation.expired')
      const mandates = await stores.assessors.expireInvited(PASS_SIZE, at)
      await record(mandates, 'assessor_mandate', 'assessor.mandate_expired')
      const reviews = await stores.expertReviews.expire(PASS_SIZE, at)
      await record(reviews, 'expert_review', 'expert_review.expired')
      return [invitations.length, mandates.length, reviews.length]
    })
    return { more: counts.includes(PASS_SIZE) }
  }
