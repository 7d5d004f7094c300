import { ATTRIBUTE_TYPES, type AttributeType } from '#engine/facts/attribute-value.ts'
import type { AchievementRef, RuleCatalogue, RuleDocument } from '#engine/rules/document/rule-document.ts'
import { askedAchievements } from '#engine/rules/document/rule-nodes.ts'
import { parseDuration } from '#engine/shared/duration.ts'
import type { AchievementId } from '#engine/shared/ids.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
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
  /** Slugs; undefined: any. */
  readonly cohorts?: readonly string[]
  readonly codes?: readonly string[]
  /** The type of each attribute of people; undefined: any attribute, of any type. */
  readonly attributes?: ReadonlyMap<string, AttributeType>
  /** The ids of the result descriptions of achievements, by slug; undefined: any. */
  readonly resultDescriptions?: ReadonlyMap<string, ReadonlySet<string>>
}

const LIMITS = { maxBytes: 1_000_000, maxDepth: 16, maxNodes: 100_000, maxKeys: 10_000 }

/** Reads the settings of a folder; without the file, none. Whatever cannot be read is wrong use. */
export function readFolderSettings(bytes: Uint8Array | undefined): FolderSettings {
  if (bytes === undefined) return { eventTypes: [] }
  const parsed = parseStrictJson(bytes, LIMITS)
  const value = parsed.ok ? parsed.value : undefined
  if (!isJsonObject(value))
    throw new UsageFault(`waarmerk.json is no JSON object${parsed.ok ? '' : `: ${parsed.detail}`}.`)
  const unknown = Object.keys(value).find((name) => !MEMBERS.includes(name))
  if (unknown !== undefined)
    throw new UsageFault(`There is no "${unknown}" in waarmerk.json: ${MEMBERS.join(', ')}.`)
  const { server, retention, approvers } = value
  if (server !== undefined && typeof server !== 'string') throw wrong('server', 'an address')
  if (approvers !== undefined && typeof approvers !== 'number') throw wrong('approvers', 'a number')
  return {
    ...(server === undefined ? {} : { server }),
    ...listIn(value, 'achievements'),
    eventTypes: value['eventTypes'] === undefined ? [] : textsOf('eventTypes', value['eventTypes']),
    ...(retention === undefined ? {} : { retention: durationOf(retention) }),
    ...(approvers === undefined ? {} : { approvers }),
    ...listIn(value, 'cohorts'),
    ...listIn(value, 'codes'),
    ...(value['attributes'] === undefined ? {} : { attributes: attributesOf(value['attributes']) }),
    ...(value['resultDescriptions'] === undefined
      ? {}
      : { resultDescriptions: resultsOf(value['resultDescriptions']) }),
  }
}

const MEMBERS = [
  ...['server', 'achievements', 'eventTypes', 'retention', 'approvers'],
  ...['cohorts', 'codes', 'attributes', 'resultDescriptions'],
]

function listIn<Name extends 'achievements' | 'cohorts' | 'codes'>(
  value: JsonObject,
  name: Name,
): { readonly [Key in Name]?: readonly string[] } {
  return value[name] === undefined
    ? {}
    : ({ [name]: textsOf(name, value[name]) } as { readonly [Key in Name]: readonly string[] })
}

const isAttributeType = (value: Json): value is AttributeType =>
  typeof value === 'string' && (ATTRIBUTE_TYPES as readonly string[]).includes(value)

function attributesOf(value: Json): ReadonlyMap<string, AttributeType> {
  if (!isJsonObject(value)) throw wrong('attributes', 'an object: { "role": "string" }')
  return new Map(
    Object.entries(value).map(([name, type]) => {
      if (!isAttributeType(type)) throw wrong('attributes', `one of ${ATTRIBUTE_TYPES.join(', ')} by name`)
      return [name, type]
    }),
  )
}

function resultsOf(value: Json): ReadonlyMap<string, ReadonlySet<string>> {
  if (!isJsonObject(value)) throw wrong('resultDescriptions', 'an object: { "data-lead": ["exam"] }')
  return new Map(
    Object.entries(value).map(([slug, ids]) => [slug, new Set(textsOf('resultDescriptions', ids))]),
  )
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
    ...(settings.cohorts === undefined ? {} : { cohorts: new Set(settings.cohorts) }),
    ...(settings.codes === undefined ? {} : { codes: new Set(settings.codes) }),
    ...(settings.attributes === undefined ? {} : { attributes: settings.attributes }),
    ...(settings.resultDescriptions === undefined ? {} : { resultDescriptions: settings.resultDescriptions }),
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
