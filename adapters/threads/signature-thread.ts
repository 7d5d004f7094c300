/** The thread of `signature-checks.ts`: takes signatures with what they are of, answers which hold. */
import { parentPort } from 'node:worker_threads'
import { verifyStrictly } from '#adapters/keys/strict-ed25519.ts'
import { type JoinedParts, partsOf } from './joined-parts.ts'

parentPort?.on('message', (batch: JoinedParts) => {
  const parts = partsOf(batch)
  const holds = new Uint8Array(parts.length / 3)
  for (let at = 0; at < holds.length; at++) {
    const [signature, message, publicKey] = parts.slice(at * 3, at * 3 + 3)
    if (signature === undefined || message === undefined || publicKey === undefined) continue
    holds[at] = verifyStrictly(signature, message, publicKey) ? 1 : 0
  }
  parentPort?.postMessage(holds)
})
parentPort?.postMessage('ready')
