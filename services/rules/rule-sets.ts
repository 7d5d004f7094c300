import { compileRules, type RuleSet } from '#engine/rules/compile/rule-set.ts'
import type { AchievementVersionId, OrganisationId, RuleVersionId } from '#engine/shared/ids.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Stores } from '#services/ports/stores.ts'
import { readResolvedRule } from './rule-catalogue.ts'

/** The rules of one organisation that are in force, compiled together. */
export interface RulesInForce {
  readonly ruleSet: RuleSet
  /** SHA-256 of each resolved version, as it is anchored. */
  readonly digestOf: ReadonlyMap<RuleVersionId, Uint8Array>
  readonly achievementVersionOf: ReadonlyMap<RuleVersionId, AchievementVersionId>
}

/** Compiled rules are kept for as long as no version comes into force or leaves it. */
export function createRuleSets({ hashes }: { readonly hashes: Hashes }) {
  const kept = new Map<OrganisationId, { readonly revision: string; readonly rules: RulesInForce }>()
  return async (stores: Stores, organisationId: OrganisationId): Promise<RulesInForce> => {
    const revision = await stores.evaluation.rulesRevision(organisationId)
    const found = kept.get(organisationId)
    if (found?.revision === revision) return found.rules
    const versions = (await stores.rules.inForce([organisationId])).filter(
      (version) => version.resolved !== undefined,
    )
    const rules: RulesInForce = {
      ruleSet: compileRules(
        versions.map((version) => ({
          ruleId: version.ruleId,
          ruleVersionId: version.id,
          achievementId: version.achievementId,
          status: version.state === 'shadow' ? 'shadow' : 'active',
          document: readResolvedRule(version.resolved ?? new Uint8Array()),
          ...(version.validFor === undefined ? {} : { validFor: version.validFor }),
        })),
        hashes.sha256,
      ),
      digestOf: new Map(
        versions.flatMap(({ id, digest }) => (digest === undefined ? [] : [[id, digest] as const])),
      ),
      achievementVersionOf: new Map(
        versions.flatMap((version) =>
          version.achievementVersionId === undefined
            ? []
            : [[version.id, version.achievementVersionId] as const],
        ),
      ),
    }
    kept.set(organisationId, { revision, rules })
    return rules
  }
}
export type RuleSets = ReturnType<typeof createRuleSets>
