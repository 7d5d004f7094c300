import { compilePredicate } from '#engine/rules/cel/cel-compile.ts'
import { readsOnly } from '#engine/rules/cel/cel-conjuncts.ts'
import { printCel } from '#engine/rules/cel/cel-print.ts'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { AchievementId, RuleId, RuleVersionId } from '#engine/shared/ids.ts'
import type { Json } from '#engine/shared/json.ts'
import { needOf } from '#engine/state/measure.ts'
import type { ActiveRule } from './active-rule.ts'
import { compileRule, hashText, type LeafDraft, type UnrankedRule } from './compile-rule.ts'
import type { CompiledLeaf, CompiledRule } from './compiled-rule.ts'
import { ACTOR } from './event-actor.ts'
import { type LeafReaders, leafReadersOf } from './leaf-readers.ts'
import { buildLeafTree, type LeafTree } from './leaf-tree.ts'

/** Rule versions, compiled together: made once per change of the rules, used for every event. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[]
  readonly byRule: ReadonlyMap<RuleId, readonly CompiledRule[]>
  readonly byVersion: ReadonlyMap<RuleVersionId, CompiledRule>
  readonly byLeaf: ReadonlyMap<string, readonly CompiledRule[]>
  readonly readers: ReadonlyMap<string, LeafReaders>
  readonly leaves: ReadonlyMap<string, CompiledLeaf>
  readonly tree: LeafTree<CompiledLeaf>
  /** Which active rules award an achievement, and which rules ask for it by `holds`. */
  readonly awarding: ReadonlyMap<AchievementId, readonly CompiledRule[]>
  readonly asking: ReadonlyMap<AchievementId, readonly CompiledRule[]>
  /** Which rules to reconsider when a subject comes to hold an achievement by another road than a rule. */
  readonly dependants: ReadonlyMap<AchievementId, readonly RuleId[]>
  /** Whether a rule awards others than the actors of events. */
  readonly hasRecipients: boolean
  /** Rules of which the number of awards is limited. */
  readonly capped: ReadonlySet<RuleId>
  /** SHA-256 of the JCS of a value, 64 hexadecimal digits. */
  readonly hashOf: (value: Json) => string
}

/**
 * Compiles rule versions that were checked and resolved. `sha256` names the leaves: equal leaves of different rules,
 * and of different versions of one rule, have one hash and so one state. Cost: linear in the size of the rules.
 */
export function compileRules(versions: readonly ActiveRule[], sha256: Hash): RuleSet {
  const drafts = new Map<string, LeafDraft>()
  const unranked = versions.map((rule, order) => compileRule(rule, order, drafts, sha256))
  const rankOf = ranksOf(unranked)
  const rules = unranked.map((rule): CompiledRule => ({ ...rule, rank: rankOf(rule) }))
  const hashOf = (value: Json) => hashText(value, sha256)
  const compiled = [...drafts.values()].map((draft) => [compileLeaf(draft, sha256), draft] as const)
  const asking = groupBy(rules, ({ prerequisites }) => prerequisites)
  return {
    rules,
    byRule: groupBy(rules, ({ rule }) => [rule.ruleId]),
    byVersion: new Map(rules.map((compiled) => [compiled.rule.ruleVersionId, compiled])),
    byLeaf: groupBy(rules, ({ leafHashes }) => [...leafHashes]),
    readers: leafReadersOf(rules),
    leaves: new Map(compiled.map(([leaf]) => [leaf.hash, leaf])),
    tree: buildLeafTree(compiled.map(([leaf, { plan }]) => [leaf, plan.conjuncts])),
    awarding: groupBy(
      rules.filter(({ rule }) => rule.status === 'active'),
      ({ rule }) => [rule.achievementId],
    ),
    asking,
    dependants: new Map(
      [...asking].map(([achievementId, askers]) => [
        achievementId,
        [...new Set(askers.map(({ rule }) => rule.ruleId))],
      ]),
    ),
    hasRecipients: rules.some(({ rule }) => rule.document.recipient !== ACTOR),
    capped: new Set(
      rules
        .filter(({ limits, rule }) => rule.status === 'active' && limits.cap !== undefined)
        .map(({ rule }) => rule.ruleId),
    ),
    hashOf,
  }
}

/** The longest way down the prerequisites. A circle, which is refused before a rule is saved, counts as no way. */
function ranksOf(rules: readonly UnrankedRule[]): (rule: UnrankedRule) => number {
  const awarding = groupBy(rules, ({ rule }) => (rule.status === 'active' ? [rule.achievementId] : []))
  const ranks = new Map<UnrankedRule, number>()
  const rankOf = (rule: UnrankedRule): number => {
    const known = ranks.get(rule)
    if (known !== undefined) return known
    ranks.set(rule, 0)
    const below = rule.prerequisites.flatMap((achievementId) => awarding.get(achievementId) ?? [])
    const rank = below.reduce((most, other) => Math.max(most, rankOf(other) + 1), 0)
    ranks.set(rule, rank)
    return rank
  }
  return rankOf
}

function compileLeaf({ hash, plan, readings, mayLatch, reach }: LeafDraft, sha256: Hash): CompiledLeaf {
  return {
    hash,
    recipient: plan.recipient,
    capture: plan.capture,
    nameContext: (text) => `ctx:${toHex(sha256(utf8(text))).slice(2)}`,
    conjuncts: plan.conjuncts.map(({ node }) => ({
      text: printCel(node),
      test: compilePredicate(node),
      isOnType: readsOnly(node, 'type'),
    })),
    // The hardest to meet first: as long as one of them is not met, nothing is for good.
    keeping: {
      readings: [...readings.values()].sort((a, b) => needOf(b.measure) - needOf(a.measure)),
      mayLatch,
      reach,
    },
  }
}

function groupBy<Rule, Key>(
  rules: readonly Rule[],
  keysOf: (rule: Rule) => readonly Key[],
): ReadonlyMap<Key, readonly Rule[]> {
  const groups = new Map<Key, Rule[]>()
  for (const rule of rules)
    for (const key of keysOf(rule)) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [rule])
      else group.push(rule)
    }
  return groups
}
