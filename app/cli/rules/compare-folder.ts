import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { isJsonObject, type Json } from '#engine/shared/json.ts'
import { jsonDifference } from './json-difference.ts'
import type { RuleFolder } from './rule-folder.ts'
import type { ServerRule, ServerRuleVersion } from './rule-server.ts'

/** How a rule of the folder and the server's of the same achievement and name stand to each other. */
export type Comparison =
  | { readonly kind: 'new'; readonly name: string; readonly achievement: string; readonly json: Json }
  | {
      readonly kind: 'changed'
      readonly name: string
      readonly achievement: string
      readonly json: Json
      readonly rule: ServerRule
      readonly latest: ServerRuleVersion
      readonly differences: readonly string[]
    }
  | {
      readonly kind: 'unchanged'
      readonly name: string
      readonly achievement: string
      readonly rule: ServerRule
      readonly latest: ServerRuleVersion
    }
  /** The server has it, and the folder does not. Nothing is ever deleted by a folder. */
  | {
      readonly kind: 'missing'
      readonly name: string
      readonly achievement: string
      readonly latest: ServerRuleVersion
    }

/** Compares with the latest version of each rule, in force or not: what an edit would be an edit of. */
export function compareFolder(folder: RuleFolder, rules: readonly ServerRule[]): readonly Comparison[] {
  const onServer = new Map<string, { readonly rule: ServerRule; readonly latest: ServerRuleVersion }>()
  for (const rule of rules) {
    const latest = rule.versions.at(-1)
    if (latest !== undefined) onServer.set(keyOf(achievementOf(latest.document), rule.name), { rule, latest })
  }
  const compared = folder.rules.flatMap(({ name, json, document }): Comparison[] => {
    if (json === undefined || document === undefined) return []
    const { achievement } = document
    const key = keyOf(achievement, name)
    const found = onServer.get(key)
    onServer.delete(key)
    if (found === undefined) return [{ kind: 'new', name, achievement, json }]
    const { rule, latest } = found
    if (canonicalJson(json) === canonicalJson(latest.document))
      return [{ kind: 'unchanged', name, achievement, rule, latest }]
    const differences = jsonDifference(latest.document, json)
    return [{ kind: 'changed', name, achievement, json, rule, latest, differences }]
  })
  const missing = [...onServer.values()].map(
    ({ rule, latest }): Comparison => ({
      kind: 'missing',
      name: rule.name,
      achievement: achievementOf(latest.document),
      latest,
    }),
  )
  return [...compared, ...missing]
}

const keyOf = (achievement: string, name: string): string => JSON.stringify([achievement, name])

function achievementOf(document: Json): string {
  const achievement = isJsonObject(document) ? document['achievement'] : undefined
  return typeof achievement === 'string' ? achievement : ''
}
