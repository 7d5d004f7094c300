import { REVOCABLE_STATES } from '#engine/awards/award-life.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { EndEditions } from './end-editions.ts'
import type { MailEarner } from './mail-earner.ts'

/**
 * Takes an award back, in the transaction of whoever decides so: the award, the edition, its bit in the status list,
 * and a task to set its bit on chain. False when it was no award that can be revoked any more.
 */
export type RevokeIssued = (
  stores: Stores,
  award: Award,
  why: {
    readonly at: Instant
    /** Shown to whoever verifies it. */
    readonly reason: string
    /** For the organisation alone. */
    readonly note?: string
    readonly actor: string
    /** Its events were: when the rule is met again, it awards again. */
    readonly isTakenBack?: true
  },
) => Promise<boolean>

export const createRevokeIssued =
  ({
    audit,
    endEditions,
    mailEarner,
  }: {
    readonly audit: AuditTrail
    readonly endEditions: EndEditions
    readonly mailEarner: MailEarner
  }): RevokeIssued =>
  async (stores, award, { at, reason, note, actor, isTakenBack }) => {
    const moved = await stores.awards.move(award.id, REVOCABLE_STATES, 'revoked', {
      endedAt: at,
      reason,
      ...(isTakenBack ? { isTakenBack } : {}),
    })
    if (!moved) return false
    const credential = await stores.credentials.findByAward(award.id)
    if (credential !== undefined) {
      if (award.state === 'awaiting_endorsement')
        for (const { id } of await stores.endorsements.ofTarget(award.organisationId, credential.id))
          await stores.endorsements.move(id, ['requested', 'viewed'], 'withdrawn')
      // A next edition that is not signed yet never will be.
      await stores.credentials.dropPrepared(credential.id)
      const edition = (await stores.credentials.editions(credential.id)).at(-1)
      if (edition !== undefined)
        await endEditions(stores, [{ issuerId: award.issuerId, edition }], { by: 'revoked', at, reason })
    }
    await mailEarner(stores, { award, credential, at, kind: 'revoked', reason })
    await audit(stores, {
      organisationId: award.organisationId,
      at,
      actor,
      action: 'award.revoked',
      targetType: 'award',
      targetId: award.id,
      detail: { reason, ...(note === undefined ? {} : { note }) },
    })
    return true
  }
