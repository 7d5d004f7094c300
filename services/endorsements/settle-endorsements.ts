import { endorsementStanding } from '#engine/awards/award-gate.ts'
import type { CredentialId } from '#engine/shared/ids.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Endorsement } from '#services/ports/endorsement-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * Looks, after somebody signed or said no, whether the award that waits for it can go on: `due` when the quorum is there,
 * `refused` when it cannot be reached any more. In the transaction of the caller, under the lock of the award: of two
 * endorsers at once the second one sees the first. Wake `issue` after the commit.
 */
export type SettleEndorsements = (stores: Stores, endorsement: Endorsement) => Promise<void>

const REFUSED = 'So many endorsers said no that the quorum cannot be reached any more.'

export const createSettleEndorsements =
  ({ clock, audit }: { readonly clock: Clock; readonly audit: AuditTrail }): SettleEndorsements =>
  async (stores, { target, targetId }) => {
    const credential =
      target === 'credential' ? await stores.credentials.find(targetId as CredentialId) : undefined
    const award = credential === undefined ? undefined : await stores.awards.lock(credential.awardId)
    if (award?.state !== 'awaiting_endorsement' || award.gate?.endorsement === undefined) return

    const endorsements = await stores.endorsements.ofTarget(award.organisationId, targetId)
    const { status } = endorsementStanding(award.gate.endorsement, endorsements)
    if (status === 'open') return
    const at = clock.now()
    if (status === 'passed') await stores.awards.move(award.id, ['awaiting_endorsement'], 'due', {})
    else {
      const end = { endedAt: at, reason: REFUSED }
      await stores.awards.move(award.id, ['awaiting_endorsement'], 'refused', end)
      await stores.awards.freeSlots([award.id])
      for (const { id } of endorsements)
        await stores.endorsements.move(id, ['requested', 'viewed'], 'withdrawn')
    }
    await audit(stores, {
      organisationId: award.organisationId,
      at,
      actor: 'system',
      action: status === 'passed' ? 'award.endorsed' : 'award.refused',
      targetType: 'award',
      targetId: award.id,
      ...(status === 'passed' ? {} : { detail: { reason: REFUSED } }),
    })
  }
