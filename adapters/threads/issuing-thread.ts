/** One thread of `issuing-threads.ts`: takes documents and a key that it was lent, answers what it signed. */
import type { KeyObject } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { gaveUp } from '#adapters/crypto/canonical.ts'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { nativeEd25519 } from '#adapters/keys/native-ed25519.ts'
import { signNativelyOnP256 } from '#adapters/keys/native-p256.ts'
import { nativeSha256, nativeTextHash } from '#adapters/system/native-text-hash.ts'
import type { SigningKey } from '#services/ports/key-store.ts'
import type { ThreadAnswer, ThreadTask } from './issuing-threads.ts'
import { joinParts, partsOf } from './joined-parts.ts'

const suite = createCredentialSuite({
  means: {
    sha256: nativeSha256,
    textHash: nativeTextHash,
    // What takes long is left to whoever asked: it has a thread with a deadline for it.
    elsewhere: async () => gaveUp('is left to another thread'),
  },
})

/** One task after the other: signing may give way to what comes in, and what was asked first is answered first. */
let last = Promise.resolve()
parentPort?.on('message', (task: ThreadTask) => {
  last = last.then(async () => {
    const answer = await issue(task)
    parentPort?.postMessage(answer, [
      answer.signed.bytes.buffer,
      answer.digests.bytes.buffer,
    ] as ArrayBuffer[])
  })
})
parentPort?.postMessage('ready')

async function issue({ number, documents, key, created }: ThreadTask): Promise<ThreadAnswer> {
  const signing = openKey(key)
  const signed: Uint8Array[] = []
  const digests: Uint8Array[] = []
  try {
    for (const document of partsOf(documents)) {
      const issuing = await suite.issue(document, signing, created).catch(() => undefined)
      signed.push(issuing?.ok === true ? issuing.signed : NONE)
      digests.push(issuing?.ok === true ? issuing.digest : NONE)
    }
  } finally {
    signing.close()
  }
  return { number, signed: joinParts(signed), digests: joinParts(digests), counts: suite.templateCounts() }
}

const NONE = new Uint8Array()

/** Whoever opens it closes it, so that its secret lies open no longer than a task takes. */
function openKey({ lent, ...key }: ThreadTask['key']): SigningKey & { close(): void } {
  const secret = lent as object as KeyObject
  if (key.curve === 'P-256')
    return { ...key, sign: async (message) => signNativelyOnP256(message, secret), close: () => {} }
  const { sign, close } = nativeEd25519.openSigner(secret)
  return { ...key, sign: async (message) => sign(message), close }
}
