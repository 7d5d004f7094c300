import { STATUS_LIST_MIN_ENTRIES, type StatusListPurpose } from '#engine/credentials/status-list.ts'
import type { StatusList } from '#services/ports/credential-store.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * A random free entry of the issuer's newest list for that purpose; a new list when that is more than half full. The list is
 * locked until the caller's transaction ends, in which it must record the entry: it is not free from then on.
 */
export async function allocateStatus(
  { random }: { readonly random: Random },
  stores: Stores,
  issuer: Issuer,
  purpose: StatusListPurpose = 'revocation',
): Promise<{ readonly listId: string; readonly number: number; readonly index: number }> {
  const list = await listWithRoom({ random }, stores, issuer, purpose)
  for (;;) {
    const index = random.integer(list.length)
    if (await stores.credentials.isIndexTaken(list.id, index)) continue
    await stores.credentials.countEntry(list.id)
    return { listId: list.id, number: list.number, index }
  }
}

/** Whoever begins a list for another purpose at this moment may take the number: then with the next one. */
const MOST_TURNS = 8

async function listWithRoom(
  { random }: { readonly random: Random },
  stores: Stores,
  issuer: Issuer,
  purpose: StatusListPurpose,
): Promise<StatusList> {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const list = await stores.credentials.openList(issuer.id, purpose)
    if (list !== undefined && list.entries * 2 < list.length) return list
    await stores.credentials.insertList({
      organisationId: issuer.organisationId,
      id: random.rowId(),
      issuerId: issuer.id,
      number: (await stores.credentials.lastListNumber(issuer.id)) + 1,
      purpose,
      length: STATUS_LIST_MIN_ENTRIES,
      entries: 0,
      bits: new Uint8Array(STATUS_LIST_MIN_ENTRIES / 8),
      revision: 1,
    })
  }
  throw new Error('A status list that was just made is gone.')
}
