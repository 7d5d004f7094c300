/** The peer in a thread: does what it is told with documents, and answers what came of each and in how many milliseconds. */
import { setImmediate as turn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { inFlight } from '../in-flight.ts'
import { createPeer, type PeerKey } from './peer.ts'

export interface PeerTask {
  readonly what: 'issue' | 'verify'
  readonly documents: readonly JsonObject[]
  /** So many under way at a time. */
  readonly atOnce: boolean
}

export interface PeerAnswer {
  readonly answers: readonly (JsonObject | boolean)[]
  readonly ms: number
}

const { key, created } = workerData as { readonly key: PeerKey; readonly created: Instant }
const peer = await createPeer(key, created)

parentPort?.on('message', async ({ what, documents, atOnce }: PeerTask) => {
  const answers: (JsonObject | boolean)[] = []
  const act = async (document: JsonObject): Promise<void> => {
    answers.push(await peer[what](document))
  }
  const from = performance.now()
  if (atOnce) await inFlight(documents, act)
  else for (const document of documents) await act(document)
  // What it leaves to be collected is collected on its own time.
  await turn()
  await turn()
  const answer: PeerAnswer = { answers, ms: performance.now() - from }
  parentPort?.postMessage(answer)
})
parentPort?.postMessage('ready')
