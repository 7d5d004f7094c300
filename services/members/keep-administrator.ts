import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * Does what may take rights away, and undoes it all where it took them from the last administrator.
 * Under the lock of the organisation's people: two who leave at once are told one after the other.
 * Throws `last-administrator`.
 */
export async function keepAdministrator<T>(
  stores: Stores,
  organisationId: OrganisationId,
  act: () => Promise<T>,
): Promise<T> {
  const before = await stores.memberships.countAdministrators(organisationId)
  const done = await act()
  if (before > 0 && (await stores.memberships.countAdministrators(organisationId)) === 0)
    throw errors.lastAdministrator({})
  return done
}
