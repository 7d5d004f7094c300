import { canonize } from 'rdf-canonize'

/** How long the labelling of blank nodes may take. */
const DEADLINE_MS = 2000

/** Canonical N-Quads of N-Quads, and how each of their blank nodes (`b0`) is labelled there (`c14n0`). */
export async function canonicalLabels(
  quads: string,
): Promise<{ readonly quads: string; readonly labels: ReadonlyMap<string, string> } | undefined> {
  const canonicalIdMap = new Map<string, string>()
  try {
    const canonical = await canonize(quads, {
      algorithm: 'RDFC-1.0',
      inputFormat: 'application/n-quads',
      canonicalIdMap,
      maxWorkFactor: 1,
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    const labels = new Map([...canonicalIdMap].map(([from, to]) => [bareLabel(from), bareLabel(to)]))
    return { quads: canonical, labels }
  } catch {
    return undefined
  }
}

const bareLabel = (label: string): string => label.replace(/^_:/, '')
