/** Nothing but signatures, in one thread: takes a number, signs as many messages, answers. For `bare-signatures.ts`. */
import { parentPort, workerData } from 'node:worker_threads'
import { openSigner } from '#adapters/keys/native-ed25519.ts'
import { privateKeyOf } from '#adapters/keys/openssl-ed25519.ts'
import { sodiumEd25519 } from '#adapters/keys/sodium-ed25519.ts'
import type { SigningLibrary } from './bare-signatures.ts'
import { PEER_KEY } from './own-issuer.ts'

const library: SigningLibrary = workerData
const { sign } = openSigner(privateKeyOf(PEER_KEY.seed), library === 'libsodium' ? sodiumEd25519 : undefined)
const message = new Uint8Array(64).fill(1)

parentPort?.on('message', (count: number) => {
  for (let done = 0; done < count; done++) sign(message)
  parentPort?.postMessage('done')
})
parentPort?.postMessage('ready')
