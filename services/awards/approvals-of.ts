import type { Approval } from '#engine/awards/award-gate.ts'
import type { AwardId, OrganisationId } from '#engine/shared/ids.ts'
import { peopleOf } from '#services/access/person-of.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { peopleWithAHand } from './had-a-hand.ts'

/**
 * What people said about an award, under the names that they have today: two accounts that have become one are one
 * person, however many of them said yes, and have had a hand in it where either had.
 */
export const approvalsOf = async (stores: Stores, award: Award): Promise<readonly Approval[]> =>
  (await approvalsOfMany(stores, award.organisationId, [award])).get(award.id) ?? []

/** The same of many; nothing of awards of which nobody said anything. */
export async function approvalsOfMany(
  stores: Stores,
  organisationId: OrganisationId,
  awards: readonly Award[],
): Promise<ReadonlyMap<AwardId, readonly Approval[]>> {
  const said = await stores.awards.approvalsOfMany(awards.map(({ id }) => id))
  const actors = [...said.values()].flatMap((approvals) => approvals.map(({ by }) => by))
  if (actors.length === 0) return new Map()
  const people = await peopleOf(stores, organisationId, [...new Set(actors)])
  const shown = new Map<AwardId, readonly Approval[]>()
  for (const award of awards) {
    const approvals = said.get(award.id)
    if (approvals === undefined) continue
    const named = approvals.map((approval) => ({ ...approval, by: people.get(approval.by) ?? approval.by }))
    const hands =
      award.gate?.approval?.fourEyes === true ? await peopleWithAHand(stores, award) : new Set<string>()
    shown.set(
      award.id,
      named.map((approval) => ({ ...approval, hadAHand: approval.hadAHand || hands.has(approval.by) })),
    )
  }
  return shown
}
