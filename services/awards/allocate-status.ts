import { STATUS_LIST_MIN_ENTRIES, type StatusListPurpose } from '#engine/credentials/status-list.ts'
import type { StatusList } from '#services/ports/credential-store.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface AllocatedStatus {
  readonly listId: string
  readonly number: number
  readonly index: number
}

export interface WantedStatuses {
  readonly count: number
  readonly purpose?: StatusListPurpose
}

/**
 * Random free entries of the issuer's newest list for that purpose; a new list when that is more than half full. The list is
 * locked until the caller's transaction ends, in which it must record the entries: they are not free from then on.
 */
export async function allocateStatuses(
  { random }: { readonly random: Random },
  stores: Stores,
  issuer: Issuer,
  { count, purpose = 'revocation' }: WantedStatuses,
): Promise<readonly AllocatedStatus[]> {
  const places: AllocatedStatus[] = []
  while (places.length < count) {
    const list = await listWithRoom(random, stores, issuer, purpose)
    const wanted = Math.min(count - places.length, Math.ceil(list.length / 2) - list.entries)
    const indexes = await freeIndexes(random, stores, list, wanted)
    await stores.credentials.countEntries(list.id, wanted)
    places.push(...indexes.map((index) => ({ listId: list.id, number: list.number, index })))
  }
  return places
}

/** The same of one. */
export async function allocateStatus(
  needs: { readonly random: Random },
  stores: Stores,
  issuer: Issuer,
  purpose: StatusListPurpose = 'revocation',
): Promise<AllocatedStatus> {
  const [place] = await allocateStatuses(needs, stores, issuer, { count: 1, purpose })
  if (place === undefined) throw new Error('No entry of a status list was found.')
  return place
}

/** Whoever begins a list for another purpose at this moment may take the number: then with the next one. */
const MOST_TURNS = 8

async function listWithRoom(
  random: Random,
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

async function freeIndexes(
  random: Random,
  stores: Stores,
  list: StatusList,
  count: number,
): Promise<readonly number[]> {
  const free = new Set<number>()
  while (free.size < count) {
    const drawn = new Set<number>()
    while (free.size + drawn.size < count) {
      const index = random.integer(list.length)
      if (!free.has(index)) drawn.add(index)
    }
    const taken = new Set(await stores.credentials.takenIndexes(list.id, [...drawn]))
    for (const index of drawn) if (!taken.has(index)) free.add(index)
  }
  return [...free]
}
