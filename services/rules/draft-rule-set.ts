import { compileRules, type RuleSet } from '#engine/rules/compile/rule-set.ts'
import type { ResolvedRule } from '#engine/rules/document/rule-document.ts'
import type { RuleId, RuleVersionId } from '#engine/shared/ids.ts'
import type { Hashes } from '#services/ports/hashes.ts'

/** One rule by itself, as if it were in force: for looking at what it would do. */
export interface DraftRule {
  readonly ruleId: RuleId
  readonly document: ResolvedRule
  readonly ruleSet: RuleSet
}

export function draftRule(ruleId: RuleId, document: ResolvedRule, hashes: Hashes): DraftRule {
  const rule = {
    ruleId,
    // Nothing is decided by it that anybody could look up.
    ruleVersionId: ruleId as string as RuleVersionId,
    achievementId: document.achievement.id,
    status: 'active' as const,
    document,
  }
  return { ruleId, document, ruleSet: compileRules([rule], hashes.sha256) }
}
