import type { AchievementRef, LeafNode, ResolvedRule } from '#engine/rules/document/rule-document.ts'
import { visitLeaves, wholeOf } from '#engine/rules/document/rule-nodes.ts'

/** The zone that a part names: for days in a row, a calendar period, an anniversary. */
export function zoneOfLeaf(leaf: LeafNode<AchievementRef>): string | undefined {
  if ('zone' in leaf) return leaf.zone
  return 'period' in leaf ? leaf.period?.zone : undefined
}

/** In which zone a rule's dates are told: that of its periods, or the one zone that its parts name; else UTC. */
export function zoneOfRule(rule: ResolvedRule): string {
  if (rule.occurrence.kind === 'period') return rule.occurrence.zone
  const zones = new Set<string>()
  visitLeaves(wholeOf(rule), '', (leaf) => {
    const zone = zoneOfLeaf(leaf)
    if (zone !== undefined) zones.add(zone)
  })
  const [only = 'UTC'] = zones
  return zones.size === 1 ? only : 'UTC'
}
