import { type Ed25519Library, openSslEd25519 } from './openssl-ed25519.ts'
import { sodiumEd25519 } from './sodium-ed25519.ts'

/**
 * Ed25519 as fast as the platform has it, for many signatures: by libsodium, or by OpenSSL where that is not there. On signatures that
 * nobody makes by accident they may differ: `strict-ed25519.ts`. A single signature is made by OpenSSL, with the handle of its key.
 */
export const nativeEd25519: Ed25519Library = sodiumEd25519 ?? openSslEd25519
