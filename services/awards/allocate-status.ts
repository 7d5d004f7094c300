import { STATUS_LIST_MIN_ENTRIES } from '#engine/credentials/status-list.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * A random free entry of the issuer's newest list; a new list when that is more than half full. The list is locked until the
 * caller's transaction ends, in which it must record the entry: it is not free from then on.
 */
export async function allocateStatus(
  { random }: { readonly random: Random },
  stores: Stores,
  issuer: Issuer,
): Promise<{ readonly listId: string; readonly number: number; readonly index: number }> {
  let list = await stores.credentials.openList(issuer.id)
  if (list === undefined || list.entries * 2 >= list.length) {
    await stores.credentials.insertList({
      organisationId: issuer.organisationId,
      id: random.rowId(),
      issuerId: issuer.id,
      number: (list?.number ?? 0) + 1,
      length: STATUS_LIST_MIN_ENTRIES,
      entries: 0,
      bits: new Uint8Array(STATUS_LIST_MIN_ENTRIES / 8),
      revision: 1,
    })
    list = await stores.credentials.openList(issuer.id)
  }
  if (list === undefined) throw new Error('A status list that was just made is gone.')
  for (;;) {
    const index = random.integer(list.length)
    if (await stores.credentials.isIndexTaken(list.id, index)) continue
    await stores.credentials.countEntry(list.id)
    return { listId: list.id, number: list.number, index }
  }
}
