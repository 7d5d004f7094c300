import type { Hash } from '#engine/shared/hash.ts'
import type { AchievementId, RuleId } from '#engine/shared/ids.ts'
import type { ActiveRule } from './active-rule.ts'

/** Rule versions, compiled together: made once per change of the rules, used for every event. */
export interface RuleSet {
  readonly rules: readonly ActiveRule[]
  /** Which rules to reconsider when a subject comes to hold an achievement by another road than a rule. */
  readonly dependants: ReadonlyMap<AchievementId, readonly RuleId[]>
}

/** `sha256` names the leaves; documents are taken to be checked. */
export function compileRules(versions: readonly ActiveRule[], _sha256: Hash): RuleSet {
  return { rules: versions, dependants: new Map() }
}
