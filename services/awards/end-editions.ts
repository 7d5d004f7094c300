import type { EditionEnd } from '#engine/awards/award-life.ts'
import { withStatusBits } from '#engine/credentials/status-list.ts'
import type { IssuerId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { CredentialEdition, SignedEdition } from '#services/ports/credential-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

/** An edition that is over, and whose it is. */
export interface Ended {
  readonly issuerId: IssuerId
  readonly edition: CredentialEdition
}

/**
 * Sets the bits of editions, in the transaction of the caller, who has locked their awards: in the status lists at once,
 * and on chain by a task for each batch. What has ended before gets another reason, and its bit stays as it is: bits only
 * grow. Nothing of theirs is sealed from then on until the commit: call it late. Wake `send` after the commit.
 */
export type EndEditions = (
  stores: Stores,
  ended: readonly Ended[],
  end: { readonly by: EditionEnd; readonly at: Instant; readonly reason?: string },
) => Promise<void>

export const createEndEditions =
  ({ random }: { readonly random: Random }): EndEditions =>
  async (stores, ended, end) => {
    await stores.credentials.endEditions(
      ended.map(({ edition }) => edition),
      end,
    )
    const fresh = ended.filter(({ edition }) => edition.state !== 'signed' || edition.endedBy === undefined)
    const lists = [...Map.groupBy(fresh, ({ edition }) => edition.statusListId)]
    // Whoever locks the lists of several issuers does so in one order.
    for (const [listId, inIt] of lists.toSorted(byIssuerAndList)) {
      const list = await stores.credentials.listForUpdate(listId)
      const indexes = inIt.map(({ edition }) => edition.statusIndex)
      if (list !== undefined) await stores.credentials.saveBits(list.id, withStatusBits(list.bits, indexes))
    }
    const leafIds = fresh.flatMap(({ edition }) => (isSigned(edition) ? [edition.leafId] : []))
    // A leaf that is not in a batch yet gets its bit when the batch is sealed: by then this is committed.
    const placed = (await stores.anchoring.lockLeaves(leafIds)).flatMap(
      ({ place, organisationId, issuerId }) =>
        place === undefined ? [] : [{ ...place, organisationId, issuerId }],
    )
    for (const inBatch of Map.groupBy(placed, ({ batchId }) => batchId).values()) {
      const [first] = inBatch
      if (first === undefined) continue
      const { organisationId, issuerId, batchId } = first
      await stores.anchoring.insertTask({
        ...{ organisationId, issuerId, batchId },
        id: random.rowId(),
        kind: 'revoke',
        positions: inBatch.map(({ position }) => position).sort((a, b) => a - b),
        state: 'queued',
        createdAt: end.at,
        attempts: 0,
      })
    }
  }

const isSigned = (edition: CredentialEdition): edition is SignedEdition => edition.state === 'signed'

function byIssuerAndList([a, [first]]: [string, Ended[]], [b, [second]]: [string, Ended[]]): number {
  const [one, other] = [`${first?.issuerId} ${a}`, `${second?.issuerId} ${b}`]
  return one < other ? -1 : 1
}
