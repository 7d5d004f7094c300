import { holdsRight } from '#engine/access/rights.ts'
import type { AccountId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * Withdraws the open invitations of people who could not make them any more: nobody comes back in, or lets others in,
 * by an invitation from before their rights were taken.
 */
export async function withdrawUnbacked(
  stores: Stores,
  audit: AuditTrail,
  { organisationId, actor, now }: { organisationId: OrganisationId; actor: string; now: Instant },
  accountIds: readonly AccountId[],
): Promise<void> {
  for (const accountId of new Set(accountIds)) {
    const invitations = await stores.invitations.openBy(organisationId, `account:${accountId}`)
    if (invitations.length === 0) continue
    const grants = await stores.access.grantsOf(accountId)
    const inviter = { kind: 'session', accountId, sessionId: '', grants } as const
    for (const invitation of invitations) {
      const path = await stores.organisations.unitPath(organisationId, invitation.unitId)
      const needed = ['administer', ...invitation.rights] as const
      if (needed.every((right) => holdsRight(inviter, right, path))) continue
      if (!(await stores.invitations.close(invitation, 'withdrawn', now))) continue
      await audit(stores, {
        organisationId,
        at: now,
        actor,
        action: 'invitation.withdrawn',
        targetType: 'invitation',
        targetId: invitation.id,
        detail: { reason: 'Whoever invited does not hold the rights any more.' },
      })
    }
  }
}
