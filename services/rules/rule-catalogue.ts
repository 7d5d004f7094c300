import { parseResolvedRule } from '#engine/rules/document/parse-rule.ts'
import type { AchievementRef, ResolvedRule, RuleCatalogue } from '#engine/rules/document/rule-document.ts'
import { askedAchievements } from '#engine/rules/document/rule-nodes.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { parseDuration } from '#engine/shared/duration.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { catalogueOf } from '#services/facts/fact-catalogue.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * What a rule document is checked against: what the organisation has now. `approvers` are the people who may approve an
 * award of the rule, where the caller knows which achievement it awards; `now` tells which deadlines have passed.
 */
export async function ruleCatalogue(
  stores: Stores,
  organisationId: OrganisationId,
  {
    approvers,
    now,
  }: { readonly approvers?: ReadonlySet<string> | undefined; readonly now?: Instant | undefined } = {},
): Promise<RuleCatalogue> {
  const achievements = await stores.achievements.list(organisationId)
  const published = await stores.achievements.published(achievements.map(({ id }) => id))
  const slugOf = new Map(achievements.map(({ id, slug }) => [id, slug]))
  const references = new Map<string, AchievementRef>()
  const resultDescriptions = new Map<string, ReadonlySet<string>>()
  const validFor = new Map<string, string>()
  for (const version of published) {
    const slug = slugOf.get(version.achievementId)
    if (slug === undefined) continue
    resultDescriptions.set(slug, new Set((version.definition.resultDescriptions ?? []).map(({ id }) => id)))
    if (version.definition.validFor !== undefined) validFor.set(slug, version.definition.validFor)
    references.set(slug, {
      slug,
      id: version.achievementId,
      version: String(version.version),
      digest: toHex(version.digest),
    })
  }

  const { eventRetention } = await stores.settings.find(organisationId)
  const retention = eventRetention === undefined ? undefined : parseDuration(eventRetention)
  const facts = await catalogueOf(stores, organisationId)
  const prerequisites = new Map<string, string[]>()
  for (const { resolved } of await stores.rules.inForce([organisationId])) {
    if (resolved === undefined) continue
    const rule = readResolvedRule(resolved)
    const asked = prerequisites.get(rule.achievement.slug) ?? []
    asked.push(...askedAchievements(rule.when).map(({ slug }) => slug))
    prerequisites.set(rule.achievement.slug, asked)
  }
  return {
    cohorts: new Set(facts.cohorts.keys()),
    codes: new Set(facts.codes.keys()),
    attributes: facts.attributes,
    resultDescriptions,
    validFor,
    ...(retention === undefined ? {} : { retention }),
    ...(now === undefined ? {} : { now }),
    achievements: references,
    eventTypes: new Set(await stores.events.types(organisationId)),
    prerequisites,
    ...(approvers === undefined ? {} : { approvers: approvers.size }),
  }
}

/** Reads back what was stored at activation; anything else than a whole rule is a defect of ours. */
export function readResolvedRule(bytes: Uint8Array): ResolvedRule {
  const parsed = parseResolvedRule(JSON.parse(new TextDecoder().decode(bytes)) as Json)
  if (!parsed.ok)
    throw new Error(`A stored rule cannot be read: ${parsed.faults[0]?.message ?? 'unknown fault'}`)
  return parsed.document
}
