import type { Hash } from '#engine/shared/hash.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Unbake } from '#services/ports/badge-images.ts'
import type { Canonical } from './canonical.ts'
import type { TextHash } from './text-hash.ts'

/**
 * What a platform does faster than portable code, or somewhere else. None of it changes an answer: without any, as in a
 * browser, the same documents pass.
 */
export interface CryptoMeans {
  readonly sha256?: Hash
  readonly textHash?: TextHash
  readonly verifyEd25519?: VerifyEd25519
  readonly verifyTextsByEd25519?: VerifyTextsByEd25519
  /** Canonicalises in its own way, instead of all else. */
  readonly canonicalise?: Canonicalise
  /** Canonicalises what takes long, or may: in another thread, with a deadline. In place without it. */
  readonly elsewhere?: CanonicaliseElsewhere
  /** Looks into files in the same way. */
  readonly unbake?: Unbake
}

/**
 * Whether the 64 bytes are the signature of these 32 public bytes; false for anything of the wrong form. A server may
 * answer later, while others are checked or from another thread.
 */
export type VerifyEd25519 = (
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
) => boolean | Promise<boolean>

/** The same of the SHA-256 of two texts, one behind the other (vc-di-eddsa 1.0, section 3.2.4): who checks it hashes them too. */
export type VerifyTextsByEd25519 = (
  signature: Uint8Array,
  texts: SignedTexts,
  publicKey: Uint8Array,
) => boolean | Promise<boolean>

/** The canonical options of a proof and the canonical document. */
export type SignedTexts = readonly [options: string, document: string]

/** Never throws: what cannot be canonicalised is a fault, and so is what was given up (`canonicalisation-too-slow`). */
export type Canonicalise = (document: JsonObject) => Promise<Canonical>

/** The same, of JSON-LD or of N-Quads. Throws where too many wait: that says nothing of the document. */
export type CanonicaliseElsewhere = (document: JsonObject | string) => Promise<Canonical>
