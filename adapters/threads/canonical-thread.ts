/** One thread of `canonical-threads.ts`: takes a document, answers what came of it. */
import { parentPort, workerData } from 'node:worker_threads'
import { canonicalQuads } from '#adapters/crypto/canonical-quads.ts'
import { createDocumentLoader } from '#adapters/crypto/document-loader.ts'
import { nativeTextHash } from '#adapters/system/native-text-hash.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ThreadData } from './canonical-threads.ts'

const { contexts } = workerData as ThreadData
const documentLoader = createDocumentLoader(contexts, { textHash: nativeTextHash })

parentPort?.on('message', (document: JsonObject) => {
  void canonicalQuads(document, documentLoader).then((canonical) => parentPort?.postMessage(canonical))
})
parentPort?.postMessage('ready')
