import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Json } from '#engine/shared/json.ts'
import type { LeafItem } from '#engine/state/leaf-state.ts'
import { needOf } from '#engine/state/measure.ts'
import { earliestMet, type LeafReading, reachedAt } from '#engine/state/read-leaf.ts'
import type { CompiledNode, CompiledRule } from './compiled-rule.ts'

/**
 * Which rules have to be judged when a leaf changes. Hundreds of rules may read one leaf, most of them with the same few
 * windows and many thresholds: of those that depend on it by a plain reading alone, only the ones whose threshold has
 * been reached at another moment.
 */
export interface LeafReaders {
  /** Rules that ask no more of the leaf than when the reading was first met. */
  readonly plain: readonly PlainReaders[]
  /** Rules that may be changed by anything: by a join, a penalty, a negative, another occurrence than `once`. */
  readonly others: readonly CompiledRule[]
}

/** Rules with one way of reading, by their thresholds. */
interface PlainReaders {
  readonly reading: LeafReading
  readonly byNeed: ReadonlyMap<number, readonly CompiledRule[]>
}

export function leafReadersOf(rules: readonly CompiledRule[]): ReadonlyMap<string, LeafReaders> {
  const plain = new Map<string, Map<string, { reading: LeafReading; byNeed: Map<number, CompiledRule[]> }>>()
  const others = new Map<string, CompiledRule[]>()
  for (const rule of rules) {
    const readings = plainReadings(rule)
    for (const leafHash of rule.leafHashes) {
      const own = readings.get(leafHash)
      if (own === undefined) {
        push(others, leafHash, rule)
        continue
      }
      const known = plain.get(leafHash) ?? new Map()
      plain.set(leafHash, known)
      for (const reading of own) {
        const key = wayOfReading(reading)
        const readers = known.get(key) ?? { reading, byNeed: new Map() }
        known.set(key, readers)
        push(readers.byNeed, needOf(reading.measure), rule)
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

const isCounting = ({ measure }: LeafReading): boolean =>
  measure.kind === 'count' || measure.kind === 'distinct'

/** One text for readings that differ in their threshold only, where all thresholds can be told at once. */
const wayOfReading = (reading: LeafReading): string =>
  canonicalJson(
    (isCounting(reading)
      ? { ...reading, measure: { kind: reading.measure.kind } }
      : reading) as unknown as Json,
  )

/** The rules whose reading gives another answer after events than before. One look at the items, for all thresholds. */
export function changedReaders(
  { reading, byNeed }: PlainReaders,
  before: readonly LeafItem[],
  after: readonly LeafItem[],
): readonly CompiledRule[] {
  if (!isCounting(reading))
    return earliestMet(before, reading)?.metAt === earliestMet(after, reading)?.metAt
      ? []
      : [...byNeed.values()].flat()
  const [then, now] = [reachedAt(before, reading), reachedAt(after, reading)]
  const changed: CompiledRule[] = []
  for (let level = 0; level < Math.max(then.length, now.length); level++)
    if (then[level] !== now[level]) changed.push(...(byNeed.get(level + 1) ?? []))
  return changed
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key)
  if (values === undefined) map.set(key, [value])
  else values.push(value)
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
