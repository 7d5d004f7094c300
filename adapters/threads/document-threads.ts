import { availableParallelism } from 'node:os'
import { type Canonical, gaveUp } from '#adapters/crypto/canonical.ts'
import type { CanonicaliseElsewhere } from '#adapters/crypto/crypto-means.ts'
import { unbake } from '#adapters/crypto/unbake.ts'
import { isPdf } from '#adapters/crypto/unbake-pdf.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Unbake, Unbaked } from '#services/ports/badge-images.ts'
import { createThreadPool, type ThreadBounds } from './thread-pool.ts'

export interface DocumentThreads {
  /** Throws `rate-limited` for who has too many waiting, and `unavailable` where all have, or to make room for others. */
  readonly canonicalise: CanonicaliseElsewhere
  /**
   * The same for files: what is large, or may unpack to much, is read in a thread. Throws `unavailable` for what is given up
   * too: nobody knows what is in it.
   */
  readonly unbake: Unbake
  /** Ends every thread; what still waits is given up. */
  close(): Promise<void>
}

export interface DocumentThreadsOptions extends Partial<ThreadBounds> {
  /** Contexts beside the pinned ones. */
  readonly contexts?: ReadonlyMap<string, object>
}

/** What the threads are started with. */
export interface ThreadData {
  readonly contexts: ReadonlyMap<string, object>
}

export type Work =
  | { readonly kind: 'canonicalise'; readonly document: JsonObject | string }
  | { readonly kind: 'unbake'; readonly file: Uint8Array }

type Done = Canonical | Unbaked | undefined

/** Files below this are looked into in less than a hop takes; but a PDF may unpack to a thousand times its size. */
const SMALL_FILE = 32 * 1024

/** Its name, to whoever is refused. */
const READER = 'reader of large documents'

/** Threads that read what strangers send: nothing that a document says can hold the event loop. */
export function createDocumentThreads({
  contexts = new Map(),
  ...bounds
}: DocumentThreadsOptions = {}): DocumentThreads {
  const workerData: ThreadData = { contexts }
  const { run, close } = createThreadPool<Work, Done>({
    script: new URL('./document-thread.ts', import.meta.url),
    workerData,
    threads: Math.max(1, Math.min(4, availableParallelism() - 1)),
    deadlineMs: 2000,
    queue: 64,
    share: 8,
    reserve: 64,
    memoryMb: 256,
    mostJobs: 1000,
    what: READER,
    ...bounds,
  })

  const unbakeThere = async (file: Uint8Array): Promise<Unbaked | undefined> => {
    const outcome = await run({ kind: 'unbake', file })
    if (!outcome.ok) throw errors.unavailable({ what: READER }, new Error(`The file ${outcome.why}.`))
    return outcome.done as Unbaked | undefined
  }

  return {
    canonicalise: async (document) => {
      const outcome = await run({ kind: 'canonicalise', document })
      return outcome.ok ? (outcome.done as Canonical) : gaveUp(outcome.why)
    },
    unbake: (file) => (file.length < SMALL_FILE && !isPdf(file) ? unbake(file) : unbakeThere(file)),
    close,
  }
}
