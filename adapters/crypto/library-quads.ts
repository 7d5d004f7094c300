import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import ContextResolver from 'jsonld/lib/ContextResolver.js'
import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { type Canonical, canonicalised, gaveUp } from './canonical.ts'
import { type LoadDocument, UNKNOWN_CONTEXT } from './document-loader.ts'

/** How long the labelling of blank nodes may take. It only bites on graphs that are made to be slow. */
const DEADLINE_MS = 2000

/**
 * Canonical N-Quads by `jsonld` and `rdf-canonize` as they are published: what counts wherever ours does not know better.
 *
 * `jsonld` keeps processed contexts for all documents to come, and with them what it had to say about whatever stood
 * beside them: the first document that names a context decides whether later ones are refused. Here each document gets
 * a cache of its own.
 */
export async function libraryQuads(document: JsonObject, documentLoader: LoadDocument): Promise<Canonical> {
  const signal = AbortSignal.timeout(DEADLINE_MS)
  try {
    // jsonld writes into what it is given, so it gets a copy.
    const quads = await cryptosuite.canonize(structuredClone(document), {
      documentLoader,
      maxWorkFactor: 1,
      signal,
      contextResolver: new ContextResolver({ sharedCache: new Map() }),
    })
    return canonicalised(quads)
  } catch (error) {
    if (signal.aborted) return gaveUp(`takes more than ${DEADLINE_MS} ms`)
    return { ok: false, fault: faultOf(error) }
  }
}

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
