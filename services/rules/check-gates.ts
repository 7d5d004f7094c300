import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import type { AwardGate } from '#engine/awards/award-gate.ts'
import { unknownResults } from '#engine/awards/award-results.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { RuleDocument, RuleFault } from '#engine/rules/rule-document.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { approversOf } from '#services/awards/approvers.ts'
import type { Stores } from '#services/ports/stores.ts'

/** What of a rule document asks something of people or of its achievement, beside what the engine checks. */
interface Gated {
  readonly gate?: AwardGate
  readonly results?: readonly { readonly resultDescription: string }[]
}

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
  { gate }: Gated,
  approvers: ReadonlySet<string> | undefined,
  hands: readonly string[],
): readonly RuleFault[] {
  if (gate?.approval?.fourEyes !== true || approvers === undefined) return []
  if ([...approvers].some((person) => !hands.includes(person))) return []
  const message = 'Somebody else than who writes the rule is to approve, and nobody else may.'
  return [{ code: 'rule-quorum-impossible', path: '/gate/approval/fourEyes', message }]
}

/** Throws `rule-result-unknown` when a rule fills in a result that its achievement does not describe. */
export function requireResults({ results }: Gated, { resultDescriptions }: AchievementDefinition): void {
  const unknown = unknownResults(results, resultDescriptions)
  if (unknown.length > 0) throw errors.ruleResultUnknown({ results: unknown })
}
