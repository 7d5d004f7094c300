import type { EditionEnd } from '#engine/awards/award-life.ts'
import { withStatusBits } from '#engine/credentials/status-list.ts'
import type { IssuerId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { CredentialEdition } from '#services/ports/credential-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * Sets the bit of an edition, in the transaction of the caller, who has locked its award: in the status list at once,
 * and on chain by a task. What has ended before gets another reason, and its bit stays as it is: bits only grow.
 * Wake `send` after the commit.
 */
export type EndEdition = (
  stores: Stores,
  issuerId: IssuerId,
  edition: CredentialEdition,
  end: { readonly by: EditionEnd; readonly at: Instant; readonly reason?: string },
) => Promise<void>

export const createEndEdition =
  ({ random }: { readonly random: Random }): EndEdition =>
  async (stores, issuerId, edition, end) => {
    await stores.credentials.endEdition(edition.credentialId, edition.edition, end)
    if (edition.state === 'signed' && edition.endedBy !== undefined) return
    const list = await stores.credentials.listForUpdate(edition.statusListId)
    if (list !== undefined)
      await stores.credentials.saveBits(list.id, withStatusBits(list.bits, [edition.statusIndex]))
    const leaf = edition.state === 'signed' ? await stores.anchoring.findLeaf(edition.leafId) : undefined
    // A leaf that is not in a batch yet gets its bit when the batch is sealed.
    if (leaf?.place !== undefined)
      await stores.anchoring.insertTask({
        organisationId: edition.organisationId,
        id: random.rowId(),
        issuerId,
        kind: 'revoke',
        batchId: leaf.place.batchId,
        positions: [leaf.place.position],
        state: 'queued',
        createdAt: end.at,
        attempts: 0,
      })
  }
