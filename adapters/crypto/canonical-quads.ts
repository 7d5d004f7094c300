import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { canonize } from 'rdf-canonize'
import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { type DocumentLoader, UNKNOWN_CONTEXT } from './document-loader.ts'

export type Canonical =
  | { readonly ok: true; readonly quads: string }
  | { readonly ok: false; readonly fault: CredentialFault }

/** A long id that is said once, and meant by each of a thousand members, comes to a thousand times its length. */
const MOST_CHARACTERS = 4 * 1024 * 1024

/** How long the labelling of blank nodes may take. It only bites on graphs that are made to be slow. */
const DEADLINE_MS = 2000

/**
 * Canonical N-Quads (RDFC-1.0) of a JSON-LD document in safe mode: an undefined term, a relative id or a redefined
 * protected term is a fault and never dropped.
 */
export async function canonicalQuads(
  document: JsonObject,
  documentLoader: DocumentLoader,
): Promise<Canonical> {
  const { canonicalise } = documentLoader.means
  return canonicalise === undefined ? canonicalInPlace(document, documentLoader) : canonicalise(document)
}

/** What was given up: nobody knows whether it would have been canonicalised. */
export const gaveUp = (why: string): Canonical => ({
  ok: false,
  fault: { code: 'canonicalisation-too-slow', path: '', message: why },
})

async function canonicalInPlace(document: JsonObject, documentLoader: DocumentLoader): Promise<Canonical> {
  const signal = AbortSignal.timeout(DEADLINE_MS)
  try {
    // jsonld writes into what it is given, so it gets a copy.
    const quads = await cryptosuite.canonize(structuredClone(document), {
      documentLoader,
      maxWorkFactor: 1,
      signal,
    })
    return quads.length > MOST_CHARACTERS
      ? gaveUp(`comes to more than ${MOST_CHARACTERS} characters of N-Quads`)
      : { ok: true, quads }
  } catch (error) {
    if (signal.aborted) return gaveUp(`takes more than ${DEADLINE_MS} ms`)
    return { ok: false, fault: faultOf(error) }
  }
}

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

/** The library's errors nest: the cause of the innermost says what is wrong with the document. */
function faultOf(error: unknown): CredentialFault {
  const chain = causes(error)
  const unknown = chain.find(({ name }) => name === UNKNOWN_CONTEXT)
  if (unknown !== undefined) return { code: 'unknown-context', path: '/@context', message: unknown.message }
  for (const { details } of chain) {
    const { property, value } = details?.event?.details ?? {}
    const term = property ?? value
    if (typeof term === 'string')
      return { code: 'undefined-term', path: '', message: `has ${term}, which no context defines` }
  }
  return { code: 'json-ld', path: '', message: chain.at(-1)?.message ?? 'is no JSON-LD' }
}

interface LibraryError {
  readonly name?: string
  readonly message: string
  readonly cause?: unknown
  readonly details?: {
    readonly cause?: unknown
    readonly event?: { readonly details?: { readonly property?: unknown; readonly value?: unknown } }
  }
}

function causes(error: unknown, depth = 0): LibraryError[] {
  if (typeof error !== 'object' || error === null || depth > 8) return []
  const found = error as LibraryError
  return [found, ...causes(found.cause ?? found.details?.cause, depth + 1)]
}
