import type { Principal } from '#engine/access/rights.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * The caller with the rights that they hold now, read again under the lock of the organisation's people: of two
 * administrators who remove each other at once, the second one is none any more.
 * Whoever came in without any right gets none here either: an earner's session reaches no organisation.
 */
export async function callerNow(
  stores: Stores,
  principal: Principal,
  organisationId: OrganisationId,
  now: Instant,
): Promise<Principal> {
  if (principal.kind === 'operator' || principal.grants.length === 0) return principal
  if (principal.kind === 'session') {
    const grants = await stores.access.grantsOf(principal.accountId)
    return { ...principal, grants: grants.filter((grant) => grant.organisationId === organisationId) }
  }
  const key = await stores.access.findKey(organisationId, principal.keyId)
  const isOver =
    key === undefined || key.revokedAt !== undefined || (key.expiresAt !== undefined && key.expiresAt <= now)
  if (isOver) return { ...principal, grants: [] }
  return { ...principal, grants: [{ organisationId, unitId: key.unitId, rights: key.rights }] }
}
