/** Nothing but signatures, in one thread: takes a number, signs as many messages, answers. For `bare-signatures.ts`. */
import { parentPort, workerData } from 'node:worker_threads'
import { openSslEd25519, privateKeyOf } from '#adapters/keys/openssl-ed25519.ts'
import { sodiumEd25519 } from '#adapters/keys/sodium-ed25519.ts'
import type { SigningLibrary } from './bare-signatures.ts'
import { PEER_KEY } from './own-issuer.ts'

const library: SigningLibrary = workerData
const by = library === 'libsodium' ? sodiumEd25519 : openSslEd25519
if (by === undefined) throw new Error('There is no libsodium for this platform.')
const { sign } = by.openSigner(privateKeyOf(PEER_KEY.seed))
const message = new Uint8Array(64).fill(1)

parentPort?.on('message', (count: number) => {
  for (let done = 0; done < count; done++) sign(message)
  parentPort?.postMessage('done')
})
parentPort?.postMessage('ready')
