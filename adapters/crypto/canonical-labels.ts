import { type Canonical, canonicalised, gaveUp } from './canonical.ts'
import type { DocumentLoader } from './document-loader.ts'

/** How long the labelling of blank nodes may take. */
const DEADLINE_MS = 2000

/** So many blank nodes are labelled where they are, if there is another place for more: a large badge has as many. */
const BLANKS_HERE = 64

/** The same of statements, each of which the library compares with all before it, and of their characters. */
const LINES_HERE = 200
const CHARACTERS_HERE = 64 * 1024

/** Canonical N-Quads of N-Quads, and in `labels` how each of their blank nodes is labelled there. */
export async function canonicalLabels(quads: string, { means }: DocumentLoader): Promise<Canonical> {
  const { elsewhere } = means
  if (elsewhere !== undefined && isMuch(quads)) return elsewhere(quads)
  const canonicalIdMap = new Map<string, string>()
  try {
    // Code that few documents need, and that is there before their clock starts.
    const { canonize } = await import('rdf-canonize')
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const canonical = await canonize(quads, {
      algorithm: 'RDFC-1.0',
      inputFormat: 'application/n-quads',
      canonicalIdMap,
      maxWorkFactor: 1,
      signal,
    })
    const labels = new Map([...canonicalIdMap].map(([from, to]) => [bareLabel(from), bareLabel(to)]))
    const checked = canonicalised(canonical)
    return checked.ok ? { ...checked, labels } : checked
  } catch {
    // What was given to it is N-Quads of ours, so it can only have been too much, or the code could not be had.
    return gaveUp('takes too long to label')
  }
}

const isMuch = (quads: string): boolean =>
  quads.length > CHARACTERS_HERE ||
  quads.split('\n').length > LINES_HERE ||
  new Set(quads.match(/_:\w+/g)).size > BLANKS_HERE

const bareLabel = (label: string): string => label.replace(/^_:/, '')
