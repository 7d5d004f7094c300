import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireOtherPerson } from '#services/access/require-other-person.ts'
import type { Issuer, KeyChangeRequest } from '#services/ports/issuer-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/** For how long a second person may act on a request: nobody is to find one from last year. */
const REQUEST_MS = 7 * DAY_MS

export const isStale = ({ createdAt }: KeyChangeRequest, now: Instant): boolean =>
  createdAt + REQUEST_MS <= now

/**
 * Uses up the open request for a new key. Where the organisation wants two people, there must be one, of another person
 * than the one who acts on it, who signed in. Throws `second-person-needed`.
 */
export async function useKeyChange(
  stores: Stores,
  principal: Principal,
  { organisationId, id }: Issuer,
  now: Instant,
): Promise<void> {
  const open = await stores.issuers.openKeyChange(id)
  const { secondPersonChangesKey } = await stores.settings.find(organisationId)
  if (secondPersonChangesKey) {
    if (open === undefined || isStale(open, now)) throw errors.secondPersonNeeded({ right: 'administer' })
    await requireOtherPerson(stores, principal, organisationId, { by: open.requestedBy, right: 'administer' })
  }
  if (open !== undefined) await stores.issuers.endKeyChange(open, now)
}
