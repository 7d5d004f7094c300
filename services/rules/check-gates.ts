import type { AwardGate } from '#engine/awards/award-gate.ts'
import type { RuleDocument, RuleFault } from '#engine/rules/document/rule-document.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { approversOf } from '#services/awards/approvers.ts'
import type { Stores } from '#services/ports/stores.ts'

/** Who may approve awards of a rule; undefined when it asks nobody, or awards what there is not. */
export async function approversFor(
  stores: Stores,
  organisationId: OrganisationId,
  { achievement: slug, gate }: RuleDocument,
  now: Instant,
): Promise<ReadonlySet<string> | undefined> {
  if (gate?.approval === undefined) return undefined
  const [achievement] = await stores.achievements.bySlugs(organisationId, [slug])
  return achievement === undefined
    ? undefined
    : await approversOf(stores, organisationId, achievement.id, now)
}

/** Four eyes cannot see where nobody may approve but those who wrote the rule or bring it into force. */
export function fourEyesFaults(
  { gate }: { readonly gate?: AwardGate },
  approvers: ReadonlySet<string> | undefined,
  hands: readonly string[],
): readonly RuleFault[] {
  if (gate?.approval?.fourEyes !== true || approvers === undefined) return []
  if ([...approvers].some((person) => !hands.includes(person))) return []
  const message = 'Somebody else than who writes the rule is to approve, and nobody else may.'
  return [{ code: 'rule-quorum-impossible', path: '/gate/approval/fourEyes', message }]
}
