import type { AccountId, OrganisationId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'

/** Keys that make keys that make keys … end somewhere. */
const LONGEST_CHAIN = 20

/**
 * The people behind `key:ID`, `account:ID` and `operator`: a key speaks for whoever made it. Otherwise one person with
 * two keys were two people, wherever several have to agree. A key that the operator made, or of which the audit trail
 * tells nothing, is somebody of its own.
 */
export async function peopleOf(
  stores: Stores,
  organisationId: OrganisationId,
  actors: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const people = new Map(actors.map((actor) => [actor, actor]))
  for (let step = 0; step < LONGEST_CHAIN; step++) {
    const keys = [...new Set(people.values())].filter((actor) => actor.startsWith(KEY))
    const makers = await stores.audit.makersOf(
      organisationId,
      keys.map((key) => key.slice(KEY.length)),
    )
    let isFound = false
    for (const [actor, person] of people) {
      const maker = person.startsWith(KEY) ? makers.get(person.slice(KEY.length)) : undefined
      if (maker === undefined || maker === 'operator') continue
      people.set(actor, maker)
      isFound = true
    }
    if (!isFound) break
  }
  // Two accounts that became one are one person.
  const accounts = [...people.values()].filter((actor) => actor.startsWith(ACCOUNT))
  if (accounts.length === 0) return people
  const merged = await stores.access.mergedInto(
    [...new Set(accounts)].map((actor) => actor.slice(ACCOUNT.length) as AccountId),
  )
  for (const [actor, person] of people) {
    const into = merged.get(person.slice(ACCOUNT.length) as AccountId)
    if (person.startsWith(ACCOUNT) && into !== undefined) people.set(actor, `${ACCOUNT}${into}`)
  }
  return people
}
const ACCOUNT = 'account:'
const KEY = 'key:'

export const personOf = async (
  stores: Stores,
  organisationId: OrganisationId,
  actor: string,
): Promise<string> => (await peopleOf(stores, organisationId, [actor])).get(actor) ?? actor
