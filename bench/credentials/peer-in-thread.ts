import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Pass } from '../compare.ts'
import type { Peer, PeerKey } from './peer.ts'
import type { PeerAnswer, PeerTask } from './peer-thread.ts'

export interface PeerInThread extends Peer {
  /** A pass over documents that lie ready. Timed in the thread, so that the way there and back is not. */
  pass(
    what: PeerTask['what'],
    prepare: () => readonly JsonObject[],
    options?: { readonly atOnce: boolean },
  ): Pass
  close(): Promise<void>
}

/**
 * The peer with a heap of its own, as in a process of its own: in one heap with ours, what either leaves behind would be
 * collected on the other's time. Both sides take turns, so it has a processor to itself.
 */
export async function openPeer(key: PeerKey, created: Instant): Promise<PeerInThread> {
  const worker = new Worker(new URL('./peer-thread.ts', import.meta.url), { workerData: { key, created } })
  await once(worker, 'message')
  const ask = async (task: PeerTask): Promise<PeerAnswer> => {
    const answer = once(worker, 'message')
    worker.postMessage(task)
    const [answered] = await answer
    return answered
  }
  const one = async (what: PeerTask['what'], document: JsonObject) =>
    (await ask({ what, documents: [document], atOnce: false })).answers[0]
  return {
    issue: async (document) => (await one('issue', document)) as JsonObject,
    verify: async (document) => (await one('verify', document)) === true,
    pass:
      (what, prepare, { atOnce } = { atOnce: false }) =>
      async () => {
        const documents = prepare()
        const { answers, ms } = await ask({ what, documents, atOnce })
        if (answers.length !== documents.length || answers.includes(false))
          throw new Error('The peer refused a good badge.')
        return { units: documents.length, ms }
      },
    close: async () => {
      await worker.terminate()
    },
  }
}
