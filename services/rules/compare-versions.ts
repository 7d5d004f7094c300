import { isJsonArray, isJsonObject, type Json, printJson } from '#engine/shared/json.ts'
import { type JsonDifference, jsonDifference } from '#engine/shared/json-difference.ts'
import type { PlacedLeaf } from './trace-leaves.ts'

/** One version: what its author wrote, and its leaves with their hashes. */
export interface ComparedVersion {
  readonly source: Json
  readonly leaves: readonly PlacedLeaf[]
}

/** What became of a part. One that keeps its progress reads the same events as before, by the hash of its leaf. */
export interface LeafChange {
  readonly change: 'same' | 'changed' | 'added' | 'removed'
  readonly id: string | null
  /** In the later version; of what was removed, in the earlier one. */
  readonly path: string
  readonly keepsProgress: boolean
}

export interface RuleComparison {
  readonly differences: readonly JsonDifference[]
  readonly leaves: readonly LeafChange[]
  readonly words: { readonly en: readonly string[]; readonly nl: readonly string[] }
}

/** Says what differs between two versions of a rule, as data and in words. */
export function compareVersions(before: ComparedVersion, after: ComparedVersion): RuleComparison {
  const differences = jsonDifference(before.source, after.source)
  const known = new Set(before.leaves.map(({ trace }) => trace.leafHash))
  const taken = new Set<PlacedLeaf>()
  const leaves = after.leaves.map((leaf): LeafChange => {
    const earlier = before.leaves.find((each) => !taken.has(each) && isSamePart(each, leaf))
    if (earlier !== undefined) taken.add(earlier)
    const isSame =
      earlier !== undefined &&
      jsonDifference(at(before.source, earlier.path), at(after.source, leaf.path)).length === 0
    return {
      change: earlier === undefined ? 'added' : isSame ? 'same' : 'changed',
      id: leaf.trace.id ?? null,
      path: leaf.path,
      keepsProgress: known.has(leaf.trace.leafHash),
    }
  })
  const removed = before.leaves
    .filter((each) => !taken.has(each))
    .map(
      ({ path, trace }): LeafChange => ({
        change: 'removed',
        id: trace.id ?? null,
        path,
        keepsProgress: false,
      }),
    )
  const all = [...leaves, ...removed]
  return {
    differences,
    leaves: all,
    words: { en: inWords(ENGLISH, differences, all), nl: inWords(DUTCH, differences, all) },
  }
}

/** By the name that the author gave it, or else by its place, or else by what it asks. */
const isSamePart = (a: PlacedLeaf, b: PlacedLeaf): boolean =>
  a.trace.id !== undefined || b.trace.id !== undefined
    ? a.trace.id === b.trace.id
    : a.path === b.path || a.trace.leafHash === b.trace.leafHash

function at(document: Json, path: string): Json {
  let value: Json | undefined = document
  for (const token of path.split('/').slice(1)) {
    if (isJsonArray(value)) value = value[Number(token)]
    else if (isJsonObject(value)) value = value[token]
  }
  return value ?? null
}

interface Phrases {
  readonly nothing: string
  readonly occasions: string
  changed(path: string, before: string, after: string): string
  added(path: string, after: string): string
  removed(path: string, before: string): string
  leaf(leaf: LeafChange, name: string): string
}

function inWords(
  phrases: Phrases,
  differences: readonly JsonDifference[],
  leaves: readonly LeafChange[],
): readonly string[] {
  if (differences.length === 0) return [phrases.nothing]
  return [
    ...differences.map(({ path, before, after }) => {
      if (before === undefined) return phrases.added(path, printJson(after))
      if (after === undefined) return phrases.removed(path, printJson(before))
      return phrases.changed(path, printJson(before), printJson(after))
    }),
    ...(differences.some(({ path }) => path.startsWith('/occurrence')) ? [phrases.occasions] : []),
    ...leaves.map((leaf) => phrases.leaf(leaf, leaf.id ?? leaf.path)),
  ]
}

const ENGLISH: Phrases = {
  occasions:
    'It awards on other occasions: who has the badge may be awarded again, for the same events, on each of these.',
  nothing: 'Both versions say the same.',
  changed: (path, before, after) => `${path}: ${before} becomes ${after}.`,
  added: (path, after) => `${path} is new: ${after}.`,
  removed: (path, before) => `${path} is gone; it was ${before}.`,
  leaf: ({ change, keepsProgress }, name) => {
    if (change === 'removed') return `The part “${name}” is gone.`
    if (change === 'same' && keepsProgress) return `The part “${name}” is unchanged: it keeps its progress.`
    const progress = keepsProgress
      ? 'it looks at the same events, and keeps its progress'
      : 'it begins anew; events from before count if they are looked at when it is activated'
    return `The part “${name}” is ${change === 'added' ? 'new' : 'changed'}: ${progress}.`
  },
}

const DUTCH: Phrases = {
  occasions:
    'Er wordt bij andere gelegenheden toegekend: wie de badge heeft, kan hem voor dezelfde gebeurtenissen opnieuw krijgen, bij elk daarvan.',
  nothing: 'Beide versies zeggen hetzelfde.',
  changed: (path, before, after) => `${path}: ${before} wordt ${after}.`,
  added: (path, after) => `${path} is nieuw: ${after}.`,
  removed: (path, before) => `${path} vervalt; het was ${before}.`,
  leaf: ({ change, keepsProgress }, name) => {
    if (change === 'removed') return `Het onderdeel “${name}” vervalt.`
    if (change === 'same' && keepsProgress)
      return `Het onderdeel “${name}” blijft gelijk: de voortgang blijft behouden.`
    const progress = keepsProgress
      ? 'het kijkt naar dezelfde gebeurtenissen, dus de voortgang blijft behouden'
      : 'het begint opnieuw; gebeurtenissen van eerder tellen mee als daar bij het activeren naar wordt gekeken'
    return `Het onderdeel “${name}” is ${change === 'added' ? 'nieuw' : 'gewijzigd'}: ${progress}.`
  },
}
