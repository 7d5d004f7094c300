import type { KeyObject } from 'node:crypto'
import { seedOf, signByOpenSsl, verifyByOpenSsl } from './openssl-ed25519.ts'
import { type SodiumSigner, sodiumEd25519 } from './sodium-ed25519.ts'

/*
 * Ed25519 as fast as the platform has it: by libsodium, or by OpenSSL where that is not there. Both sign the same bytes (RFC 8032
 * leaves nothing to chance). On signatures that nobody makes by accident they may differ: `strict-ed25519.ts`.
 */

/** Signs with an opened key until it is closed, or nobody holds it any more. */
export const openSigner = (
  key: KeyObject,
  by: typeof sodiumEd25519 = sodiumEd25519,
): Pick<SodiumSigner, 'sign' | 'close'> => {
  if (by === undefined) return { sign: (message) => signByOpenSsl(message, key), close: () => {} }
  const seed = seedOf(key)
  try {
    return by.openSigner(seed)
  } finally {
    seed.fill(0)
  }
}

/** Whether the signature is that of the 32 public bytes; false for a signature or a key of the wrong form. */
export const verifyNatively = sodiumEd25519?.verify ?? verifyByOpenSsl
