import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Json } from '#engine/shared/json.ts'
import type { LeafReading } from '#engine/state/read-leaf.ts'
import type { CompiledNode, CompiledRule } from './compiled-rule.ts'

/**
 * Which rules have to be judged when a leaf changes. Hundreds of rules may read one leaf, most of them with the same few
 * thresholds: of those that depend on it by a plain reading alone, only the ones whose reading has changed its answer.
 */
export interface LeafReaders {
  /** Rules that ask no more of the leaf than when the reading was first met. */
  readonly plain: readonly { readonly reading: LeafReading; readonly rules: readonly CompiledRule[] }[]
  /** Rules that may be changed by anything: by a join, a penalty, a negative, another occurrence than `once`. */
  readonly others: readonly CompiledRule[]
}

export function leafReadersOf(rules: readonly CompiledRule[]): ReadonlyMap<string, LeafReaders> {
  const plain = new Map<
    string,
    Map<string, { readonly reading: LeafReading; readonly rules: CompiledRule[] }>
  >()
  const others = new Map<string, CompiledRule[]>()
  for (const rule of rules) {
    const readings = plainReadings(rule)
    for (const leafHash of rule.leafHashes) {
      const own = readings.get(leafHash)
      if (own === undefined) {
        others.set(leafHash, [...(others.get(leafHash) ?? []), rule])
        continue
      }
      const known = plain.get(leafHash) ?? new Map()
      plain.set(leafHash, known)
      for (const reading of own) {
        const key = canonicalJson(reading as unknown as Json)
        const entry = known.get(key)
        if (entry === undefined) known.set(key, { reading, rules: [rule] })
        else entry.rules.push(rule)
      }
    }
  }
  return new Map(
    [...new Set([...plain.keys(), ...others.keys()])].map((leafHash) => [
      leafHash,
      { plain: [...(plain.get(leafHash)?.values() ?? [])], others: others.get(leafHash) ?? [] },
    ]),
  )
}

/** By leaf, for leaves that a rule reads plainly wherever it reads them. */
function plainReadings(rule: CompiledRule): ReadonlyMap<string, readonly LeafReading[]> {
  const readings = new Map<string, LeafReading[]>()
  if (rule.occurrence.kind !== 'once' || rule.occurrence.renewsBefore !== undefined) return readings
  const mixed = new Set(rule.fragileHashes)
  const visit = (node: CompiledNode): void => {
    if ('children' in node) {
      for (const child of node.children) visit(child)
      return
    }
    if (node.kind === 'not' || !('form' in node)) return
    if (node.form === 'sequence') for (const { hash } of node.steps) mixed.add(hash)
    else if (node.form === 'stretch' || node.form === 'foreign') mixed.add(node.leaf.hash)
    else if (node.form === 'measured') {
      const { leaf, reading, anchor, resets, join } = node
      if (anchor !== undefined || resets.length > 0 || join !== undefined) mixed.add(leaf.hash)
      else readings.set(leaf.hash, [...(readings.get(leaf.hash) ?? []), reading])
    }
  }
  visit(rule.when)
  for (const leafHash of mixed) readings.delete(leafHash)
  return readings
}
