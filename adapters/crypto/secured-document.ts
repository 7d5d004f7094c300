import { sha384 } from '@noble/hashes/sha2'
import { utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Canonical } from './canonical.ts'
import { canonicalQuads } from './canonical-quads.ts'
import type { DocumentLoader } from './document-loader.ts'
import { knownDisguise, knownJson } from './known-forms.ts'
import type { PublicKey } from './public-key.ts'
import type { Recognised } from './quad-templates.ts'
import { portableTextHash, type TextHash } from './text-hash.ts'

/**
 * What a proof covers: a document without proofs, or with just those that it builds on. What is asked of it is worked out when
 * the first proof asks, and once for all of them: a large document may have eight.
 */
export interface SecuredDocument {
  readonly document: JsonObject
  /** In which way it is not in plain form; undefined when it is. */
  disguise(): string | undefined
  /** Its canonical quads or its JCS. */
  canonical(what: CanonicalForm): Promise<Canonical>
  /** The hash of that which goes with the curve of a key. */
  hashOf(what: CanonicalForm, curve: PublicKey['curve']): Promise<HashedDocument>
}

export type CanonicalForm = 'quads' | 'json'

export type HashedDocument =
  | { readonly ok: true; readonly hash: Uint8Array }
  | (Canonical & { readonly ok: false })

/** `recognised` is of this very document. */
export function secureDocument(
  document: JsonObject,
  documentLoader: DocumentLoader,
  recognised?: Recognised,
): SecuredDocument {
  const disguise = once(() => knownDisguise(document, recognised))
  const quads = once(async (): Promise<Canonical> => {
    const filled = recognised?.known.template.fill(recognised.texts)
    return filled === undefined ? canonicalQuads(document, documentLoader) : { ok: true, quads: filled }
  })
  const json = once(() => {
    const template = recognised === undefined ? undefined : knownJson(recognised)
    return template?.fill(recognised?.texts ?? []) ?? canonicalJson(document)
  })
  const hashes = new Map<string, Promise<HashedDocument>>()
  const canonical = async (what: CanonicalForm): Promise<Canonical> =>
    what === 'json' ? { ok: true, quads: json() } : quads()
  const hashOf = async (what: CanonicalForm, curve: PublicKey['curve']): Promise<HashedDocument> => {
    const found = await canonical(what)
    return found.ok ? { ok: true, hash: hashFor(curve, documentLoader).bytes(found.quads) } : found
  }
  return {
    document,
    disguise,
    canonical,
    hashOf: (what, curve) => {
      const name = `${what} ${curve === 'P-384'}`
      const known = hashes.get(name) ?? hashOf(what, curve)
      hashes.set(name, known)
      return known
    },
  }
}

/** SHA-384 for P-384, SHA-256 for all else (vc-di-ecdsa 1.0, section 3.2.3). */
export const hashFor = (curve: PublicKey['curve'], { means }: DocumentLoader): Pick<TextHash, 'bytes'> =>
  curve === 'P-384' ? LONG : (means.textHash ?? portableTextHash)

const LONG: Pick<TextHash, 'bytes'> = { bytes: (text) => sha384(utf8(text)) }

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
