import { toHex, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { parseDuration } from '#engine/shared/duration.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { AchievementId, RuleId } from '#engine/shared/ids.ts'
import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type { LeafReading } from '#engine/state/leaf-window.ts'
import { type ActiveRule, occurrenceOf } from './active-rule.ts'
import { ANY_EVENT_TYPE } from './cel/cel-check.ts'
import { compilePredicate } from './cel/cel-compile.ts'
import { printCel } from './cel/cel-print.ts'
import type { CompiledEventLeaf, CompiledLeaf, CompiledNode, CompiledRule } from './compiled-rule.ts'
import { compileConjuncts, type LeafPlan, planLeaf } from './leaf-plan.ts'
import { buildLeafTree, type LeafTree, type Placement, placeLeaf } from './leaf-tree.ts'
import type { AchievementRef, EventLeaf, ResolvedRule, RuleNode } from './rule-document.ts'

/** Rule versions, compiled together: made once per change of the rules, used for every event. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[]
  readonly byRule: ReadonlyMap<RuleId, readonly CompiledRule[]>
  readonly byLeaf: ReadonlyMap<string, readonly CompiledRule[]>
  readonly leaves: ReadonlyMap<string, CompiledLeaf>
  readonly tree: LeafTree<CompiledLeaf>
  /** Which active rules award an achievement, and which rules ask for it by `holds`. */
  readonly awarding: ReadonlyMap<AchievementId, readonly CompiledRule[]>
  readonly asking: ReadonlyMap<AchievementId, readonly CompiledRule[]>
  /** Which rules to reconsider when a subject comes to hold an achievement by another road than a rule. */
  readonly dependants: ReadonlyMap<AchievementId, readonly RuleId[]>
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
  const leaves = new Map<string, CompiledLeaf>()
  const placed: [CompiledLeaf, Placement][] = []
  for (const draft of drafts.values()) {
    const placement = placeLeaf(draft.plan.conjuncts)
    const leaf = compileLeaf(draft, placement)
    leaves.set(leaf.hash, leaf)
    if (placement !== undefined) placed.push([leaf, placement])
  }
  const asking = groupBy(rules, ({ prerequisites }) => prerequisites)
  return {
    rules,
    byRule: groupBy(rules, ({ rule }) => [rule.ruleId]),
    byLeaf: groupBy(rules, ({ leafHashes }) => [...leafHashes]),
    leaves,
    tree: buildLeafTree(placed),
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
  }
}

type UnrankedRule = Omit<CompiledRule, 'rank'>

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

interface LeafDraft {
  readonly hash: string
  readonly plan: LeafPlan
  readonly readings: Map<string, LeafReading>
  isNegated: boolean
}

function compileRule(
  rule: ActiveRule,
  order: number,
  drafts: Map<string, LeafDraft>,
  sha256: Hash,
): UnrankedRule {
  const { document } = rule
  const leafHashes = new Set<string>()
  const negatedHashes = new Set<string>()
  const prerequisites = new Set<AchievementId>()
  const notBefore = startOf(document)

  const compileEvent = (leaf: EventLeaf, isNegated: boolean): CompiledEventLeaf => {
    const plan = planLeaf(leaf, ANY_EVENT_TYPE, () => {})
    const hash = leafHashOf(plan, sha256)
    const { need, window, group, kind } = plan
    const reading: LeafReading = { need, window, distinct: group !== undefined, notBefore }
    const draft = drafts.get(hash) ?? { hash, plan, readings: new Map(), isNegated: false }
    drafts.set(hash, draft)
    draft.readings.set(`${need}:${notBefore ?? ''}`, reading)
    draft.isNegated ||= isNegated
    leafHashes.add(hash)
    if (isNegated) negatedHashes.add(hash)
    return { kind, id: leaf.id, leafHash: hash, reading, values: group?.values ?? [] }
  }

  const compileNode = (node: RuleNode<AchievementRef>): CompiledNode => {
    const group = (
      kind: 'all' | 'any' | 'nOf',
      need: number,
      children: readonly RuleNode<AchievementRef>[],
    ) => ({
      kind,
      id: node.id,
      need,
      children: children.map(compileNode),
    })
    if ('all' in node) return group('all', node.all.length, node.all)
    if ('any' in node) return group('any', 1, node.any)
    if ('nOf' in node) return group('nOf', node.nOf, node.of)
    if ('not' in node) {
      const settle = node.settle === undefined ? 0 : (parseDuration(node.settle) ?? 0)
      return { kind: 'not', id: node.id, leaf: compileEvent(node.not, true), settle }
    }
    if ('holds' in node) {
      prerequisites.add(node.holds.id)
      const leafHash = hashText({ operator: 'holds', achievement: node.holds.id }, sha256)
      return { kind: 'holds', id: node.id, leafHash, achievement: node.holds }
    }
    return compileEvent(node, false)
  }

  return {
    rule,
    order,
    when: compileNode(document.when),
    occurrence: occurrenceOf(rule),
    isReviewed: document.mode === 'review' || document.gate !== undefined,
    onRetract: document.onRetract ?? 'review',
    leafHashes,
    negatedHashes,
    prerequisites: [...prerequisites],
  }
}

const startOf = ({ notBefore }: ResolvedRule): Instant | undefined =>
  notBefore === undefined ? undefined : parseInstant(notBefore)

/** 64 hexadecimal digits. Thresholds and `notBefore` are not part of it: leaves that differ in them share their state. */
function leafHashOf({ operator, predicate, window, group }: LeafPlan, sha256: Hash): string {
  return hashText(
    {
      operator,
      predicate,
      window: window ?? null,
      group: group === undefined ? null : [group.by, group.values],
    },
    sha256,
  )
}

const hashText = (value: Json, sha256: Hash): string => toHex(sha256(utf8(canonicalJson(value)))).slice(2)

function compileLeaf(draft: LeafDraft, placement: Placement | undefined): CompiledLeaf {
  const { hash, plan, readings, isNegated } = draft
  return {
    hash,
    matches: compileConjuncts(placement?.residual ?? plan.conjuncts),
    readValue: plan.group?.readValue,
    conjuncts: plan.conjuncts.map(({ node }) => ({ text: printCel(node), test: compilePredicate(node) })),
    readings: [...readings.values()],
    mayLatch: !isNegated,
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
