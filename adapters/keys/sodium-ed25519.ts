import type { KeyObject } from 'node:crypto'
import { createRequire } from 'node:module'
import { type Ed25519Library, seedOf } from './openssl-ed25519.ts'

/** What is used of `sodium-native`: libsodium, compiled for the usual platforms. */
interface Sodium {
  crypto_sign_seed_keypair(publicKey: Buffer, secretKey: Buffer, seed: Buffer): void
  crypto_sign_detached(signature: Buffer, message: Buffer, secretKey: Buffer): void
  crypto_sign_verify_detached(signature: Buffer, message: Buffer, publicKey: Buffer): boolean
  /** Memory between two pages that nobody may touch, locked where the platform lets it be. */
  sodium_malloc(bytes: number): Buffer
  sodium_memzero(buffer: Buffer): void
}

function load(): Sodium | undefined {
  try {
    return createRequire(import.meta.url)('sodium-native') as Sodium
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Not installed, or not built for this platform: nothing to tell. A build that is broken is.
    if (code !== 'MODULE_NOT_FOUND' && code !== 'ADDON_NOT_FOUND')
      process.emitWarning(`libsodium could not be loaded, so signatures take twice as long: ${error}`)
    return undefined
  }
}

/** Ed25519 by libsodium, which takes some half of OpenSSL's time. */
function ed25519By(sodium: Sodium): Ed25519Library {
  // One key of this thread at a time lies open, in one place. A place for each would be four mappings of memory, of which the
  // collector sees 64 bytes: thousands of keys would be more than a process may have.
  let secret: Buffer | undefined
  let isHeld = false
  return {
    openSigner: (key: KeyObject) => {
      if (isHeld) throw new Error('Another key is open in this thread')
      secret ??= sodium.sodium_malloc(64)
      const open = secret
      const seed = seedOf(key)
      try {
        sodium.crypto_sign_seed_keypair(Buffer.alloc(32), open, seed)
      } finally {
        seed.fill(0)
      }
      isHeld = true
      let isOpen = true
      return {
        sign: (message) => {
          if (!isOpen) throw new Error('The key is closed')
          const signature = new Uint8Array(64)
          sodium.crypto_sign_detached(asBuffer(signature), asBuffer(message), open)
          return signature
        },
        close: () => {
          if (!isOpen) return
          isOpen = false
          isHeld = false
          sodium.sodium_memzero(open)
        },
      }
    },
    verify: (signature, message, publicBytes) =>
      signature.length === 64 &&
      publicBytes.length === 32 &&
      sodium.crypto_sign_verify_detached(asBuffer(signature), asBuffer(message), asBuffer(publicBytes)),
  }
}

/** The same memory. */
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

const sodium = load()

/** Undefined where there is no libsodium for the platform; OpenSSL is everywhere. */
export const sodiumEd25519: Ed25519Library | undefined = sodium === undefined ? undefined : ed25519By(sodium)
