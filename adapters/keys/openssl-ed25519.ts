import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** Headers of DER around a raw Ed25519 key (RFC 8410, sections 4 and 7). */
const PRIVATE_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_HEADER = Buffer.from('302a300506032b6570032100', 'hex')

/** The private key of a 32-byte seed: a handle, which may be lent to another thread without a copy of the secret. */
export const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PRIVATE_HEADER, seed]), format: 'der', type: 'pkcs8' })

/** The 32 secret bytes again, in a buffer of the caller's, who wipes it. */
export const seedOf = (key: KeyObject): Uint8Array =>
  key.export({ format: 'der', type: 'pkcs8' }).subarray(PRIVATE_HEADER.length)

/** Its 32 public bytes. */
export const publicBytesOf = (key: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_HEADER.length))

/** The 64-byte signature of the message (RFC 8032), some 10 times as fast as the JavaScript one. */
export const signByOpenSsl = (message: Uint8Array, key: KeyObject): Uint8Array =>
  new Uint8Array(sign(null, message, key))

/** Whether the signature is that of the 32 public bytes; false for a signature or a key of the wrong form. */
export function verifyByOpenSsl(
  signature: Uint8Array,
  message: Uint8Array,
  publicBytes: Uint8Array,
): boolean {
  try {
    return verify(null, message, publicKeyOf(publicBytes), signature)
  } catch {
    return false
  }
}

/** Reading a key takes a third of what checking a signature does, and most signatures are by few keys. */
const readKeys = new Map<string, KeyObject>()
const MOST_KEYS = 256

function publicKeyOf(publicBytes: Uint8Array): KeyObject {
  const name = Buffer.from(publicBytes).toString('latin1')
  const read = readKeys.get(name)
  if (read !== undefined) return read
  const key = createPublicKey({
    key: Buffer.concat([PUBLIC_HEADER, publicBytes]),
    format: 'der',
    type: 'spki',
  })
  if (readKeys.size >= MOST_KEYS) readKeys.clear()
  readKeys.set(name, key)
  return key
}
