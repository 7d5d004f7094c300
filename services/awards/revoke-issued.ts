import type { Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * Takes an award back, in the transaction of whoever decides so: the award, the edition, its bit in the status list,
 * and a task to set its bit on chain. False when it was no award that can be revoked any more.
 */
export type RevokeIssued = (
  stores: Stores,
  award: Award,
  why: {
    readonly at: Instant
    readonly reason: string
    readonly actor: string
    /** Its events were: when the rule is met again, it awards again. */
    readonly isTakenBack?: true
  },
) => Promise<boolean>

export const createRevokeIssued =
  ({ random, audit }: { readonly random: Random; readonly audit: AuditTrail }): RevokeIssued =>
  async (stores, award, { at, reason, actor, isTakenBack }) => {
    const moved = await stores.awards.move(
      award.id,
      ['granted', 'awaiting_approval', 'due', 'awaiting_endorsement', 'issued', 'superseded'],
      'revoked',
      { endedAt: at, reason, ...(isTakenBack ? { isTakenBack } : {}) },
    )
    if (!moved) return false
    const credential = await stores.credentials.findByAward(award.id)
    const edition =
      credential === undefined ? undefined : (await stores.credentials.editions(credential.id)).at(-1)
    if (credential !== undefined && award.state === 'awaiting_endorsement')
      for (const { id } of await stores.endorsements.ofTarget(award.organisationId, credential.id))
        await stores.endorsements.move(id, ['requested', 'viewed'], 'withdrawn')
    if (credential !== undefined && edition !== undefined) {
      await stores.credentials.revokeEdition(credential.id, edition.edition, at, reason)
      const list = await stores.credentials.listForUpdate(edition.statusListId)
      if (list !== undefined)
        await stores.credentials.saveBits(list.id, withBit(list.bits, edition.statusIndex))
      const leaf = edition.state === 'signed' ? await stores.anchoring.findLeaf(edition.leafId) : undefined
      // A leaf that is not in a batch yet gets its bit when the batch is sealed.
      if (leaf?.place !== undefined)
        await stores.anchoring.insertTask({
          organisationId: award.organisationId,
          id: random.rowId(),
          issuerId: award.issuerId,
          kind: 'revoke',
          batchId: leaf.place.batchId,
          positions: [leaf.place.position],
          state: 'queued',
          createdAt: at,
          attempts: 0,
        })
    }
    await audit(stores, {
      organisationId: award.organisationId,
      at,
      actor,
      action: 'award.revoked',
      targetType: 'award',
      targetId: award.id,
      detail: { reason },
    })
    return true
  }

/** Bit `index` of a bitstring, most significant bit of the first byte first (Bitstring Status List v1.0). */
function withBit(bits: Uint8Array, index: number): Uint8Array {
  const changed = new Uint8Array(bits)
  const at = index >> 3
  changed[at] = (changed[at] ?? 0) | (0x80 >> (index & 7))
  return changed
}
