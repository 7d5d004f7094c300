/** Nothing but signatures, in one thread: takes a number, signs as many messages, answers. For `bare-signatures.ts`. */
import { parentPort } from 'node:worker_threads'
import { openSigner } from '#adapters/keys/native-ed25519.ts'
import { privateKeyOf } from '#adapters/keys/openssl-ed25519.ts'
import { PEER_KEY } from './own-issuer.ts'

const { sign } = openSigner(privateKeyOf(PEER_KEY.seed))
const message = new Uint8Array(64).fill(1)

parentPort?.on('message', (count: number) => {
  for (let done = 0; done < count; done++) sign(message)
  parentPort?.postMessage('done')
})
parentPort?.postMessage('ready')
