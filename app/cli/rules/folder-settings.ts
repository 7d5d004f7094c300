import type { AchievementRef, RuleCatalogue, RuleDocument } from '#engine/rules/rule-document.ts'
import { askedAchievements } from '#engine/rules/rule-nodes.ts'
import { parseDuration } from '#engine/shared/duration.ts'
import type { AchievementId } from '#engine/shared/ids.ts'
import { isJsonArray, isJsonObject, type Json } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import { UsageFault } from '../usage-fault.ts'

/** `waarmerk.json`: what the rules of a folder may name, where no server is asked. */
export interface FolderSettings {
  /** The server to compare with, unless `--server` names another. */
  readonly server?: string
  /** Slugs; undefined: those that the rules of the folder award. */
  readonly achievements?: readonly string[]
  readonly eventTypes: readonly string[]
  readonly retention?: number
  readonly approvers?: number
  /** Lists of names that a later version of the language knows: cohorts, attributes and the like, as sets. */
  readonly others: Readonly<Record<string, ReadonlySet<string>>>
}

const LIMITS = { maxBytes: 1_000_000, maxDepth: 16, maxNodes: 100_000, maxKeys: 10_000 }

/** Reads the settings of a folder; without the file, none. Whatever cannot be read is wrong use. */
export function readFolderSettings(bytes: Uint8Array | undefined): FolderSettings {
  if (bytes === undefined) return { eventTypes: [], others: {} }
  const parsed = parseStrictJson(bytes, LIMITS)
  const value = parsed.ok ? parsed.value : undefined
  if (!isJsonObject(value))
    throw new UsageFault(`waarmerk.json is no JSON object${parsed.ok ? '' : `: ${parsed.detail}`}.`)
  const { server, achievements, eventTypes, retention, approvers, ...rest } = value
  const kept = retention === undefined ? undefined : durationOf(retention)
  const others = Object.entries(rest).map(([name, list]) => [name, new Set(textsOf(name, list))] as const)
  if (server !== undefined && typeof server !== 'string') throw wrong('server', 'an address')
  if (approvers !== undefined && typeof approvers !== 'number') throw wrong('approvers', 'a number')
  return {
    ...(server === undefined ? {} : { server }),
    ...(achievements === undefined ? {} : { achievements: textsOf('achievements', achievements) }),
    eventTypes: eventTypes === undefined ? [] : textsOf('eventTypes', eventTypes),
    ...(kept === undefined ? {} : { retention: kept }),
    ...(approvers === undefined ? {} : { approvers }),
    others: Object.fromEntries(others),
  }
}

function durationOf(value: Json): number {
  const duration = typeof value === 'string' ? parseDuration(value) : undefined
  if (duration === undefined) throw wrong('retention', 'a duration such as "P5Y"')
  return duration
}

function textsOf(name: string, value: Json | undefined): readonly string[] {
  if (value === undefined || !isJsonArray(value)) throw wrong(name, 'a list of texts')
  return value.map((item) => {
    if (typeof item !== 'string') throw wrong(name, 'a list of texts')
    return item
  })
}

const wrong = (name: string, what: string) => new UsageFault(`"${name}" in waarmerk.json is ${what}.`)

/**
 * The catalogue that the rules of a folder are checked against without a server. What the other rules ask for is taken
 * from the folder, so that a circle of prerequisites shows.
 */
export function folderCatalogue(settings: FolderSettings, others: readonly RuleDocument[]): RuleCatalogue {
  const slugs = settings.achievements ?? others.map(({ achievement }) => achievement)
  const prerequisites = new Map<string, string[]>()
  for (const { achievement, when } of others) {
    const asked = prerequisites.get(achievement) ?? []
    asked.push(...askedAchievements(when))
    prerequisites.set(achievement, asked)
  }
  return {
    ...settings.others,
    achievements: new Map(slugs.map((slug) => [slug, referenceTo(slug)])),
    eventTypes: new Set(settings.eventTypes),
    prerequisites,
    ...(settings.retention === undefined ? {} : { retention: settings.retention }),
    ...(settings.approvers === undefined ? {} : { approvers: settings.approvers }),
  }
}

/** Stands for the achievement of that slug, whichever it will be. */
const referenceTo = (slug: string): AchievementRef => ({
  slug,
  id: slug as AchievementId,
  version: '1',
  digest: '',
})
