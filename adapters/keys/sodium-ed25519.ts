import { createRequire } from 'node:module'

/** What is used of `sodium-native`: libsodium, compiled for the usual platforms. */
interface Sodium {
  crypto_sign_seed_keypair(publicKey: Buffer, secretKey: Buffer, seed: Buffer): void
  crypto_sign_detached(signature: Buffer, message: Buffer, secretKey: Buffer): void
  crypto_sign_verify_detached(signature: Buffer, message: Buffer, publicKey: Buffer): boolean
  /** Locked memory between two pages that nobody may touch. */
  sodium_malloc(bytes: number): Buffer
  sodium_free(buffer: Buffer): void
}

/** Ed25519 by libsodium, which takes some half of OpenSSL's time, too little for it to be worth another thread. */
export interface SodiumEd25519 {
  /** The secret is kept in locked memory that is never swapped or dumped, until it is closed or nobody holds it any more. */
  openSigner(seed: Uint8Array): SodiumSigner
  /**
   * Whether the signature is that of the 32 public bytes; false for a signature or a key of the wrong form, and for keys of small
   * order.
   */
  verify(signature: Uint8Array, message: Uint8Array, publicBytes: Uint8Array): boolean
}

export interface SodiumSigner {
  /** The 64 bytes of RFC 8032. Throws once it is closed. */
  sign(message: Uint8Array): Uint8Array
  close(): void
}

function load(): Sodium | undefined {
  try {
    return createRequire(import.meta.url)('sodium-native') as Sodium
  } catch {
    return undefined
  }
}

const ed25519By = (sodium: Sodium): SodiumEd25519 => ({
  openSigner: (seed) => {
    const secret = sodium.sodium_malloc(64)
    sodium.crypto_sign_seed_keypair(Buffer.alloc(32), secret, asBuffer(seed))
    let isOpen = true
    return {
      sign: (message) => {
        if (!isOpen) throw new Error('The key is closed')
        const signature = new Uint8Array(64)
        sodium.crypto_sign_detached(asBuffer(signature), asBuffer(message), secret)
        return signature
      },
      close: () => {
        if (!isOpen) return
        isOpen = false
        // Wipes it, too.
        sodium.sodium_free(secret)
      },
    }
  },
  verify: (signature, message, publicBytes) =>
    signature.length === 64 &&
    publicBytes.length === 32 &&
    sodium.crypto_sign_verify_detached(asBuffer(signature), asBuffer(message), asBuffer(publicBytes)),
})

/** The same memory. */
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

const sodium = load()

/** Undefined where there is no libsodium for the platform; OpenSSL is everywhere. */
export const sodiumEd25519: SodiumEd25519 | undefined = sodium === undefined ? undefined : ed25519By(sodium)
