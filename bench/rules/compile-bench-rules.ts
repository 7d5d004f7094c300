import { sha256 } from '#adapters/crypto/hashes.ts'
import type { ActiveRule } from '#engine/rules/compile/active-rule.ts'
import { compileRules, type RuleSet } from '#engine/rules/compile/rule-set.ts'
import { activeRule, catalogueOf, ruleFor } from '#engine/rules/testing/build-rules.ts'
import type { Json } from '#engine/shared/json.ts'
import { type BenchRule, celOf } from './bench-rule.ts'

/** The rules as documents of ours, resolved and compiled together. Rule ids are `rule-NAME`. */
export const compileBenchRules = (rules: readonly BenchRule[]): RuleSet =>
  compileRules(activeBenchRules(rules), sha256)

export function activeBenchRules(rules: readonly BenchRule[]): readonly ActiveRule[] {
  const catalogue = catalogueOf(...rules.map(({ name }) => name))
  return rules.map((rule) => activeRule(ruleFor(rule.name, whenOf(rule)), catalogue))
}

function whenOf(rule: BenchRule): Json {
  const { about, counts, need, withinDays } = rule
  const asked = { where: celOf(rule), within: `P${withinDays}D` }
  return counts === 'activities' && 'activities' in about
    ? { distinctOf: need, by: 'event.activity', in: about.activities, ...asked }
    : { count: need, ...asked }
}
