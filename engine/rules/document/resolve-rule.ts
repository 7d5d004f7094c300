import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { parseDuration } from '#engine/shared/duration.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { asInstant, formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type {
  AchievementRef,
  LeafNode,
  ResolvedRule,
  RuleCatalogue,
  RuleDocument,
  RuleNode,
} from './rule-document.ts'
import { RESOLVED_RULE_SCHEMA } from './rule-document.ts'
import { ruleErrors } from './rule-errors.ts'

export interface ResolvedRuleBytes {
  readonly document: ResolvedRule
  /** RFC 8785: these bytes are stored, digested and anchored. */
  readonly canonical: string
  readonly digest: Uint8Array
}

/**
 * Puts ids, versions and digests where the author wrote slugs, and moments where they were relative to `at`,
 * the activation. Throws `rule-invalid` for a slug that the catalogue does not know.
 */
export function resolveRule(
  document: RuleDocument,
  catalogue: RuleCatalogue,
  { at, sha256 }: { readonly at: Instant; readonly sha256: Hash },
): ResolvedRuleBytes {
  const find = (slug: string, path: string): AchievementRef => {
    const found = catalogue.achievements.get(slug)
    if (found !== undefined) return found
    const message = `There is no achievement "${slug}".`
    throw ruleErrors.ruleInvalid({ faults: [{ code: 'rule-achievement-unknown', path, message }] })
  }
  const { notBefore, deadline, ...rest } = document
  const resolved: ResolvedRule = {
    ...rest,
    schema: RESOLVED_RULE_SCHEMA,
    achievement: find(document.achievement, '/achievement'),
    when: resolveNode(document.when, '/when', find),
    ...(notBefore === undefined ? {} : { notBefore: momentOf(notBefore, at) }),
    ...(deadline === undefined ? {} : { deadline: momentOf(deadline, at) }),
  }
  const canonical = canonicalJson(resolved as unknown as Json)
  return { document: resolved, canonical, digest: sha256(utf8(canonical)) }
}

/** `-P1Y` lies before the activation, `P1Y` after it. */
function momentOf(text: string, at: Instant): string {
  const isBefore = text.startsWith('-')
  const length = parseDuration(isBefore ? text.slice(1) : text)
  return length === undefined ? text : formatInstant(asInstant(isBefore ? at - length : at + length))
}

type Find = (slug: string, path: string) => AchievementRef

function resolveNode(node: RuleNode, path: string, find: Find): RuleNode<AchievementRef> {
  const each = (children: readonly RuleNode[], at: string) =>
    children.map((child, index) => resolveNode(child, `${at}/${index}`, find))
  if ('all' in node) return { ...node, all: each(node.all, `${path}/all`) }
  if ('any' in node) return { ...node, any: each(node.any, `${path}/any`) }
  if ('nOf' in node) return { ...node, of: each(node.of, `${path}/of`) }
  if ('not' in node) {
    const { not, ...rest } = node
    return { ...rest, not: resolveLeaf(not, `${path}/not`, find) }
  }
  return resolveLeaf(node, path, find)
}

function resolveLeaf(leaf: LeafNode, path: string, find: Find): LeafNode<AchievementRef> {
  if (!('holds' in leaf)) return leaf
  const { holds, ...rest } = leaf
  return { ...rest, holds: typeof holds === 'string' ? find(holds, path) : holds }
}
