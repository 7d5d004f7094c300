import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { wrappedKey } from './wrapped-key.ts'

/** Headers of DER around 32 secret bytes and around an uncompressed point (RFC 5915, RFC 5480). */
const PRIVATE_HEADER = Buffer.from(
  '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
  'hex',
)
const PUBLIC_HEADER = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')

/** The private key of 32 secret bytes, for OpenSSL. Throws for a number that is none of the curve's. */
export const p256PrivateKeyOf = (secret: Uint8Array): KeyObject => wrappedKey(PRIVATE_HEADER, secret)

/** Its public point, compressed: 33 bytes. */
export function p256PublicBytesOf(key: KeyObject): Uint8Array {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' })
  const [x, y] = [der.subarray(PUBLIC_HEADER.length + 1).subarray(0, 32), der.subarray(-32)]
  return Uint8Array.from([(y.at(-1) ?? 0) % 2 === 0 ? 2 : 3, ...x])
}

/** ECDSA over the SHA-256 of the message, as 64 bytes r ‖ s. Every signature is another one. */
export const signNativelyOnP256 = (message: Uint8Array, key: KeyObject): Uint8Array =>
  new Uint8Array(sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' }))
