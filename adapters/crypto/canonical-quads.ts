import type { JsonObject } from '#engine/shared/json.ts'
import { type Canonical, canonicalised, gaveUp } from './canonical.ts'
import type { DocumentLoader } from './document-loader.ts'
import { limitedWork } from './json-ld/beyond.ts'
import { quickQuads } from './json-ld/quick-quads.ts'
import { portableTextHash } from './text-hash.ts'

/**
 * How much work is done where the document is, if there is another place for it: some milliseconds. A large badge comes to
 * a tenth of it.
 */
const WORK_HERE = 400_000

/** Nothing that is canonicalised within its bounds comes to as much as this. */
const MOST_WORK = 32_000_000

/**
 * Canonical N-Quads (RDFC-1.0) of a JSON-LD document in safe mode: an undefined term, a relative id or a redefined
 * protected term is a fault and never dropped.
 */
export async function canonicalQuads(
  document: JsonObject,
  documentLoader: DocumentLoader,
): Promise<Canonical> {
  const { contextAt, cache, means } = documentLoader
  const { canonicalise, elsewhere, textHash = portableTextHash } = means
  if (canonicalise !== undefined) return canonicalise(document)
  const work = limitedWork(elsewhere === undefined ? MOST_WORK : WORK_HERE)
  const quick = quickQuads(document, { contextAt, cache, textHash, work })
  if (quick.kind === 'quads') return canonicalised(quick.quads)
  if (elsewhere !== undefined) return elsewhere(document)
  if (quick.kind === 'too-much') return gaveUp('comes to too much work')
  // Twenty megabytes of code, which most processes and threads never need.
  const library = await import('./library-quads.ts').catch(() => undefined)
  return library?.libraryQuads(document, documentLoader) ?? gaveUp('needs code that could not be loaded')
}
