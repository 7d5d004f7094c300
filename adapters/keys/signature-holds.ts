import { hash } from 'node:crypto'
import { concat } from '#engine/shared/bytes.ts'
import { verifyStrictly } from './strict-ed25519.ts'

/** A signature by Ed25519, and what it is said to be of. */
export interface SignedQuestion {
  readonly signature: Uint8Array
  /** Bytes, or two texts (UTF-8) whose SHA-256 were signed, one behind the other (vc-di-eddsa 1.0, section 3.2.4). */
  readonly of: Uint8Array | readonly [string | Uint8Array, string | Uint8Array]
  readonly publicKey: Uint8Array
}

/** Whether it is that key's. Never throws: what is of the wrong form does not hold. */
export function signatureHolds({ signature, of, publicKey }: SignedQuestion): boolean {
  try {
    const message =
      of instanceof Uint8Array ? of : concat(...of.map((text) => hash('sha256', text, 'buffer')))
    return verifyStrictly(signature, message, publicKey)
  } catch {
    // Bytes that are no bytes any more, as those of a buffer that was handed away.
    return false
  }
}
