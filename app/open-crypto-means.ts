import type { CryptoMeans } from '#adapters/crypto/crypto-means.ts'
import { nativeSha256, nativeTextHash } from '#adapters/system/native-text-hash.ts'
import { createDocumentThreads } from '#adapters/threads/document-threads.ts'
import { createSignatureChecks } from '#adapters/threads/signature-checks.ts'

export interface OpenCryptoMeans {
  readonly means: CryptoMeans
  readonly close: () => Promise<void>
}

/** What a server and a command line have beyond a browser. Threads start when one is first needed, and hold no process. */
export function openCryptoMeans(): OpenCryptoMeans {
  const threads = createDocumentThreads()
  const signatures = createSignatureChecks()
  return {
    means: {
      sha256: nativeSha256,
      textHash: nativeTextHash,
      verifyEd25519: signatures.verify,
      verifyTextsByEd25519: signatures.verifyTexts,
      elsewhere: threads.canonicalise,
      unbake: threads.unbake,
    },
    close: async () => {
      await Promise.all([threads.close(), signatures.close()])
    },
  }
}
