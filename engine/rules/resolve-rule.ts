import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { parseDuration } from '#engine/shared/duration.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { asInstant, formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type { AchievementRef, ResolvedRule, RuleCatalogue, RuleDocument, RuleNode } from './rule-document.ts'
import { RESOLVED_RULE_SCHEMA } from './rule-document.ts'
import { ruleErrors } from './rule-errors.ts'

export interface ResolvedRuleBytes {
  readonly document: ResolvedRule
  /** RFC 8785: these bytes are stored, digested and anchored. */
  readonly canonical: string
  readonly digest: Uint8Array
}

/**
 * Puts ids, versions and digests where the author wrote slugs, and a moment where `notBefore` was relative to `at`,
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
  const { notBefore, ...rest } = document
  const resolved: ResolvedRule = {
    ...rest,
    schema: RESOLVED_RULE_SCHEMA,
    achievement: find(document.achievement, '/achievement'),
    when: resolveNode(document.when, '/when', find),
    ...(notBefore === undefined ? {} : { notBefore: momentOf(notBefore, at) }),
  }
  const canonical = canonicalJson(resolved as unknown as Json)
  return { document: resolved, canonical, digest: sha256(utf8(canonical)) }
}

function momentOf(notBefore: string, at: Instant): string {
  const ago = notBefore.startsWith('-') ? parseDuration(notBefore.slice(1)) : undefined
  return ago === undefined ? notBefore : formatInstant(asInstant(at - ago))
}

type Find = (slug: string, path: string) => AchievementRef

function resolveNode(node: RuleNode, path: string, find: Find): RuleNode<AchievementRef> {
  const each = (children: readonly RuleNode[], at: string) =>
    children.map((child, index) => resolveNode(child, `${at}/${index}`, find))
  if ('all' in node) return { ...node, all: each(node.all, `${path}/all`) }
  if ('any' in node) return { ...node, any: each(node.any, `${path}/any`) }
  if ('nOf' in node) return { ...node, of: each(node.of, `${path}/of`) }
  if ('holds' in node) return { ...node, holds: find(node.holds, `${path}/holds`) }
  return node
}
