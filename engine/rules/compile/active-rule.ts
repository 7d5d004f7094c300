import type { ResolvedRule } from '#engine/rules/document/rule-document.ts'
import type { AchievementId, RuleId, RuleVersionId } from '#engine/shared/ids.ts'

/** A rule version that looks at events: as it stands in the store, ready to be compiled into a rule set. */
export interface ActiveRule {
  readonly ruleId: RuleId
  readonly ruleVersionId: RuleVersionId
  readonly achievementId: AchievementId
  /** A shadow version decides `would_award` only, beside the active version of its lineage. */
  readonly status: 'active' | 'shadow'
  readonly document: ResolvedRule
  /** How long a badge of its achievement is valid (ISO 8601), where it ends. */
  readonly validFor?: string
}
