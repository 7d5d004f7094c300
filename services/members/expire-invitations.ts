import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * Brings the books up to the clock: invitations whose time is over are closed. The expire step does it everywhere now and
 * then; whoever looks at invitations, or makes one, does it first for their organisation, so as not to wait for that.
 */
export async function expireInvitations(
  stores: Stores,
  audit: AuditTrail,
  organisationId: OrganisationId,
  now: Instant,
): Promise<void> {
  const over = await stores.invitations.closeOverdue(organisationId, now)
  await audit(
    stores,
    ...over.map((targetId) => ({
      organisationId,
      at: now,
      actor: 'system',
      action: 'invitation.expired',
      targetType: 'invitation',
      targetId,
    })),
  )
}
