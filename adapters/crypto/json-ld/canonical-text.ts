import type { TextHash } from '../text-hash.ts'
import type { Work } from './beyond.ts'
import type { Blank, Dataset, Quad, RdfTerm } from './quads.ts'

/**
 * Canonical N-Quads (RDFC-1.0) of a dataset in which the surroundings of each blank node are its own: hashes of the first
 * degree tell all of them apart, which they do in nearly every credential. Undefined where two of them are alike.
 */
export function canonicalText(
  { quads, blanks }: Dataset,
  textHash: TextHash,
  work: Work,
): string | undefined {
  // Blank nodes of which nothing is said have no name.
  const mentioned = blanks.filter((blank) => blank.quads.length > 0)
  if (mentioned.length === 1) {
    for (const blank of mentioned) blank.label = '_:c14n0'
  } else if (mentioned.length > 1) {
    const hashed = mentioned.map((blank) => ({ blank, hash: textHash.hex(firstDegree(blank, work)) }))
    hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1))
    for (const [place, { blank, hash }] of hashed.entries()) {
      if (hash === hashed[place + 1]?.hash) return undefined
      blank.label = `_:c14n${place}`
    }
  }
  const lines = quads.map((quad) => line(quad, ({ label }) => label))
  for (const { length } of lines) work.spend(length)
  return lines.sort().join('')
}

/** What is hashed of a blank node (section 4.6): its quads, with itself as `_:a` and every other one as `_:z`. */
function firstDegree(blank: Blank, work: Work): string {
  const lines = blank.quads.map((quad) => line(quad, (other) => (other === blank ? '_:a' : '_:z')))
  for (const { length } of lines) work.spend(length)
  return lines.sort().join('')
}

function line({ subject, predicate, object, graph }: Quad, labelOf: (blank: Blank) => string): string {
  const text = (term: RdfTerm): string => (typeof term === 'string' ? term : labelOf(term))
  const end = graph === '' ? ' .\n' : ` ${text(graph)} .\n`
  return text(subject) + predicate + text(object) + end
}
