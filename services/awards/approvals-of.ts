import type { Approval } from '#engine/awards/award-gate.ts'
import { peopleOf } from '#services/access/person-of.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { peopleWithAHand } from './had-a-hand.ts'

/**
 * What people said about an award, under the names that they have today: two accounts that have become one are one
 * person, however many of them said yes, and have had a hand in it where either had.
 */
export async function approvalsOf(stores: Stores, award: Award): Promise<readonly Approval[]> {
  const approvals = await stores.awards.approvals(award.id)
  if (approvals.length === 0) return []
  const people = await peopleOf(
    stores,
    award.organisationId,
    approvals.map(({ by }) => by),
  )
  const named = approvals.map((approval) => ({ ...approval, by: people.get(approval.by) ?? approval.by }))
  if (award.gate?.approval?.fourEyes !== true) return named
  const hands = await peopleWithAHand(stores, award)
  return named.map((approval) => ({ ...approval, hadAHand: approval.hadAHand || hands.has(approval.by) }))
}
