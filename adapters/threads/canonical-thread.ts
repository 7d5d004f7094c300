/** One thread of `canonical-threads.ts`: takes a document, answers what came of it. */
import { parentPort, workerData } from 'node:worker_threads'
import { canonicalLabels } from '#adapters/crypto/canonical-labels.ts'
import { canonicalQuads } from '#adapters/crypto/canonical-quads.ts'
import { createDocumentLoader } from '#adapters/crypto/document-loader.ts'
import { nativeTextHash } from '#adapters/system/native-text-hash.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ThreadData } from './canonical-threads.ts'

const { contexts } = workerData as ThreadData
const documentLoader = createDocumentLoader(contexts, { textHash: nativeTextHash })

parentPort?.on('message', (document: JsonObject | string) => {
  const canonical =
    typeof document === 'string'
      ? canonicalLabels(document, documentLoader)
      : canonicalQuads(document, documentLoader)
  void canonical.then((done) => parentPort?.postMessage(done))
})
parentPort?.postMessage('ready')
