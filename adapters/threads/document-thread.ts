/** One thread of `document-threads.ts`: takes a document or a file, answers what came of it. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Canonical } from '#adapters/crypto/canonical.ts'
// What comes here is what our own canonicalisation leaves to the libraries: they are there before the clock of a document starts.
import '#adapters/crypto/library-quads.ts'
import 'rdf-canonize'
import { canonicalLabels } from '#adapters/crypto/canonical-labels.ts'
import { canonicalQuads } from '#adapters/crypto/canonical-quads.ts'
import { createDocumentLoader } from '#adapters/crypto/document-loader.ts'
import { unbake } from '#adapters/crypto/unbake.ts'
import { nativeTextHash } from '#adapters/system/native-text-hash.ts'
import type { Unbaked } from '#services/ports/badge-images.ts'
import type { ThreadData, Work } from './document-threads.ts'

const { contexts } = workerData as ThreadData
const documentLoader = createDocumentLoader(contexts, { textHash: nativeTextHash })

parentPort?.on('message', (work: Work) => {
  void answer(work).then((done) => parentPort?.postMessage(done))
})
parentPort?.postMessage('ready')

async function answer(work: Work): Promise<Canonical | Unbaked | undefined> {
  if (work.kind === 'unbake') return alone(unbake(work.file))
  const { document } = work
  return typeof document === 'string'
    ? canonicalLabels(document, documentLoader)
    : canonicalQuads(document, documentLoader)
}

/** What is sent takes all of the memory along that it is a part of. */
function alone(unbaked: Unbaked | undefined): Unbaked | undefined {
  if (unbaked?.ok !== true) return unbaked
  const { credential, picture } = unbaked
  return {
    ok: true,
    credential: credential.slice(),
    ...(picture === undefined ? {} : { picture: picture.slice() }),
  }
}
