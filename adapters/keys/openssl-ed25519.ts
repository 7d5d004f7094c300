import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { wrappedKey } from './wrapped-key.ts'

/** Headers of DER around a raw Ed25519 key (RFC 8410, sections 4 and 7). */
const PRIVATE_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_HEADER = Buffer.from('302a300506032b6570032100', 'hex')

/** Ed25519 as some library does it. They all sign the same bytes: RFC 8032 leaves nothing to chance. */
export interface Ed25519Library {
  /** For many signatures with one key. Whoever opens it closes it. */
  openSigner(key: KeyObject): Ed25519Signer
  /** Whether the signature is that of the 32 public bytes; false for a signature or a key of the wrong form. */
  verify(signature: Uint8Array, message: Uint8Array, publicBytes: Uint8Array): boolean
}

export interface Ed25519Signer {
  /** The 64 bytes of RFC 8032. */
  sign(message: Uint8Array): Uint8Array
  /** What lay open of the secret is wiped. */
  close(): void
}

/** The private key of a 32-byte seed: a handle, which may be lent to another thread without a copy of the secret. */
export const privateKeyOf = (seed: Uint8Array): KeyObject => wrappedKey(PRIVATE_HEADER, seed)

/** The 32 secret bytes again, in memory of the caller's, who wipes it. */
export const seedOf = (key: KeyObject): Buffer =>
  key.export({ format: 'der', type: 'pkcs8' }).subarray(PRIVATE_HEADER.length)

/** Its 32 public bytes. */
export const publicBytesOf = (key: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_HEADER.length))

/** The 64-byte signature of the message (RFC 8032), some 10 times as fast as the JavaScript one. */
export const signByOpenSsl = (message: Uint8Array, key: KeyObject): Uint8Array =>
  new Uint8Array(sign(null, message, key))

export const openSslEd25519: Ed25519Library = {
  // It signs with the handle itself, so nothing lies open.
  openSigner: (key) => ({ sign: (message) => signByOpenSsl(message, key), close: () => {} }),
  verify: (signature, message, publicBytes) => {
    try {
      return verify(null, message, publicKeyOf(publicBytes), signature)
    } catch {
      return false
    }
  },
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
