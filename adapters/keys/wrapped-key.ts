import { createPrivateKey, type KeyObject } from 'node:crypto'

/** The handle of a raw secret key, with the header of DER that says on which curve it is. Throws for a number that is none there. */
export function wrappedKey(header: Uint8Array, secret: Uint8Array): KeyObject {
  // Memory of its own: what is joined or cut lies in a pool that all buffers share.
  const der = Buffer.alloc(header.length + secret.length)
  try {
    der.set(header)
    der.set(secret, header.length)
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  } finally {
    der.fill(0)
  }
}
