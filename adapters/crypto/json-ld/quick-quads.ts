import type { JsonObject } from '#engine/shared/json.ts'
import type { TextHash } from '../text-hash.ts'
import { Beyond, TooMuchWork, type Work } from './beyond.ts'
import { canonicalText } from './canonical-text.ts'
import type { ContextCache } from './context-cache.ts'
import { expandDocument } from './expand.ts'
import { quadsOf } from './quads.ts'

/** `beyond`: the library has to say. `too-much`: more than the work that was given. */
export type Quick =
  | { readonly kind: 'quads'; readonly quads: string }
  | { readonly kind: 'beyond' | 'too-much' }

/**
 * Canonical N-Quads (RDFC-1.0) of a JSON-LD document in safe mode, at once and without copies of contexts. It answers
 * only where the library gives the same answer, and refuses nothing.
 */
export function quickQuads(
  document: JsonObject,
  {
    textHash,
    ...needs
  }: {
    readonly contextAt: (url: string) => object | undefined
    readonly cache: ContextCache
    readonly work: Work
    readonly textHash: TextHash
  },
): Quick {
  try {
    const quads = canonicalText(quadsOf(expandDocument(document, needs), needs.work), textHash, needs.work)
    return quads === undefined ? { kind: 'beyond' } : { kind: 'quads', quads }
  } catch (error) {
    // A range error: nested deeper than the stack is.
    if (error instanceof Beyond || error instanceof RangeError) return { kind: 'beyond' }
    if (error instanceof TooMuchWork) return { kind: 'too-much' }
    throw error
  }
}
