import { actorOf, type Principal, type Right } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'
import { peopleOf } from './person-of.ts'

/** Throws `second-person-needed` unless somebody else than `by` acts, who signed in. */
export async function requireOtherPerson(
  stores: Stores,
  principal: Principal,
  organisationId: OrganisationId,
  { by, right }: { readonly by: string; readonly right: Right },
): Promise<void> {
  if (principal.kind !== 'session') throw errors.secondPersonNeeded({ right })
  const actor = actorOf(principal)
  const people = await peopleOf(stores, organisationId, [actor, by])
  if (people.get(actor) === people.get(by)) throw errors.secondPersonNeeded({ right })
}
