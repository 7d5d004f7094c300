import type { CryptoMeans } from '#adapters/crypto/crypto-means.ts'
import { verifyStrictly } from '#adapters/keys/strict-ed25519.ts'
import { nativeTextHash } from '#adapters/system/native-text-hash.ts'
import { createCanonicalThreads } from '#adapters/threads/canonical-threads.ts'

export interface OpenCryptoMeans {
  readonly means: CryptoMeans
  readonly close: () => Promise<void>
}

/** What a server and a command line have beyond a browser. Threads start when one is first needed, and hold no process. */
export function openCryptoMeans(): OpenCryptoMeans {
  const threads = createCanonicalThreads()
  return {
    means: { textHash: nativeTextHash, verifyEd25519: verifyStrictly, elsewhere: threads.canonicalise },
    close: threads.close,
  }
}
