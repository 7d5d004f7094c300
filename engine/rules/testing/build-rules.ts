import type { ActiveRule } from '#engine/rules/compile/active-rule.ts'
import { parseRule } from '#engine/rules/document/parse-rule.ts'
import { resolveRule } from '#engine/rules/document/resolve-rule.ts'
import type { AchievementRef, RuleCatalogue } from '#engine/rules/document/rule-document.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { AchievementId, RuleId, RuleVersionId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'

/** A stand-in hash of 32 bytes (FNV-1a, four times over): enough to tell leaves apart in tests. */
export const testHash: Hash = (bytes) => {
  const digest = new Uint8Array(32)
  const view = new DataView(digest.buffer)
  for (let word = 0; word < 8; word++) {
    let hash = 0x811c9dc5 ^ word
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) ^ (hash >>> 15)
    view.setUint32(word * 4, hash >>> 0)
  }
  return digest
}

const achievementRef = (slug: string): AchievementRef => ({
  slug,
  id: `achievement-${slug}` as AchievementId,
  version: '1',
  digest: `digest-of-${slug}`,
})

/** A catalogue that knows these achievements and nothing else. */
export const catalogueOf = (...slugs: readonly string[]): RuleCatalogue => ({
  achievements: new Map(slugs.map((slug) => [slug, achievementRef(slug)])),
  eventTypes: new Set(),
  prerequisites: new Map(),
})

export const ruleFor = (
  achievement: string,
  when: Json,
  more: Record<string, Json> = {},
): Record<string, Json> => ({
  schema: 'waarmerk-rule/1',
  achievement,
  occurrence: { kind: 'once' },
  recipient: 'event.actor',
  when,
  ...more,
})

/** Parses and resolves a rule that is known to be good. */
export function activeRule(
  document: Json,
  catalogue: RuleCatalogue,
  { status = 'active' as ActiveRule['status'], version = '1', at = 0 } = {},
): ActiveRule {
  const parsed = parseRule(document)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const resolved = resolveRule(parsed.document, catalogue, { at: asInstant(at), sha256: testHash })
  const { slug, id } = resolved.document.achievement
  return {
    ruleId: `rule-${slug}` as RuleId,
    ruleVersionId: `version-${slug}-${version}` as RuleVersionId,
    achievementId: id,
    status,
    document: resolved.document,
  }
}
