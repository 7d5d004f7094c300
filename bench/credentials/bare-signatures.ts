import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { issuingThreadCount } from '#adapters/threads/issuing-threads.ts'

export type SigningLibrary = 'libsodium' | 'OpenSSL'

/** Nothing but signatures, by as many threads as issuing has: the most that any issuer could make a second. */
export interface BareSignatures {
  sign(count: number): Promise<void>
  close(): Promise<void>
}

export async function openBareSignatures(library: SigningLibrary): Promise<BareSignatures> {
  const threads = await Promise.all(
    Array.from({ length: issuingThreadCount() }, async () => {
      const worker = new Worker(new URL('./bare-thread.ts', import.meta.url), {
        workerData: library,
      })
      await once(worker, 'message')
      return worker
    }),
  )
  return {
    sign: async (count) => {
      const each = Math.ceil(count / threads.length)
      const answers = threads.map((worker) => once(worker, 'message'))
      for (const worker of threads) worker.postMessage(each)
      await Promise.all(answers)
    },
    close: async () => {
      await Promise.all(threads.map((worker) => worker.terminate()))
    },
  }
}
