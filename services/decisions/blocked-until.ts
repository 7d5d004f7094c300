import type { ResolvedRule } from '#engine/rules/document/rule-document.ts'
import { isStanding, outcomeKey } from '#engine/rules/evaluate/evaluation.ts'
import { cooldownEnd } from '#engine/rules/evaluate/limits.ts'
import { parseDuration } from '#engine/shared/duration.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Decision, SubjectKnowledge } from '#services/ports/evaluation-store.ts'

/** Of a decision that was blocked as too soon: from when on the rule can be met again, by the awards that stand now. */
export function blockedUntil(
  { reason, ruleId, subjectId, metAt, occurrence }: Decision,
  rule: ResolvedRule | undefined,
  { outcomes, moments }: SubjectKnowledge,
): Instant | undefined {
  const cooldown = rule?.limits?.cooldown
  const length = cooldown === undefined ? undefined : parseDuration(cooldown)
  if (reason !== 'cooldown' || length === undefined) return undefined
  const prefix = outcomeKey(ruleId, subjectId, '')
  const isShadow = occurrence.startsWith('shadow:')
  const past = [...outcomes].flatMap(([key, outcome]) => {
    const other = key.slice(prefix.length)
    if (!key.startsWith(prefix) || !isStanding(outcome) || other.startsWith('shadow:') !== isShadow) return []
    return [{ occurrence: other, metAt: moments.get(key) }]
  })
  return cooldownEnd(length, metAt, past)
}
