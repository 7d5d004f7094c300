import { ed25519 } from '@noble/curves/ed25519'
import { afterAll, expect, test, vi } from 'vitest'
import type { CryptoMeans } from '#adapters/crypto/crypto-means.ts'
import { createDocumentLoader } from '#adapters/crypto/document-loader.ts'
import { fromMultibase } from '#adapters/crypto/multibase.ts'
import { suiteOf } from '#adapters/crypto/proof-suites.ts'
import { secureDocument } from '#adapters/crypto/secured-document.ts'
import { nativeTextHash } from '#adapters/system/native-text-hash.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { createSignatureChecks, type SignatureChecks, startThread } from './signature-checks.ts'

const secret = new Uint8Array(32).fill(9)
const key = { curve: 'Ed25519', bytes: ed25519.getPublicKey(secret) } as const

const meansOf = ({ verify, verifyTexts }: SignatureChecks): CryptoMeans => ({
  textHash: nativeTextHash,
  verifyEd25519: verify,
  verifyTextsByEd25519: verifyTexts,
})
let answeredBeside = 0
const beside = createSignatureChecks(() => {
  const thread = startThread()
  const { answerIn } = thread.slots
  const counting = (slot: number): boolean | undefined => {
    const holds = answerIn(slot)
    if (holds !== undefined) answeredBeside += 1
    return holds
  }
  return { ...thread, slots: { ...thread.slots, answerIn: counting } }
})
const onLoop = createSignatureChecks(() => {
  throw new Error('no thread')
})
afterAll(async () => {
  await Promise.all([beside.close(), onLoop.close()])
})
const portable = createDocumentLoader(new Map())
const loaders = [
  createDocumentLoader(new Map(), meansOf(onLoop)),
  createDocumentLoader(new Map(), meansOf(beside)),
]

const named = (name: string): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  issuer: 'did:example:issuer',
  credentialSubject: { id: 'did:example:holder' },
  name,
})
const documents = [
  named('short'),
  named('NUL \0 and é 💎'),
  // Around what a slot holds, in characters and in bytes.
  ...[7200, 7700, 8100, 8192, 9000].map((length) => named('x'.repeat(length))),
  named('é'.repeat(4000)),
  named('x'.repeat(100_000)),
]

test.each(['eddsa-rdfc-2022', 'eddsa-jcs-2022'])(
  '%s: a document has the same verdict in a browser, on the loop and by the thread',
  async (cryptosuite) => {
    await vi.waitFor(
      async () => {
        const none = new Uint8Array(64)
        await Promise.all(Array.from({ length: 50 }, () => beside.verify(none, none, key.bytes)))
        expect(answeredBeside).toBeGreaterThan(0)
      },
      { timeout: 15_000 },
    )
    answeredBeside = 0
    const bare = { type: 'DataIntegrityProof', cryptosuite, proofPurpose: 'assertionMethod' }
    const suite = suiteOf(bare) ?? expect.unreachable()
    const partsOf = (document: JsonObject, proof: JsonObject, documentLoader = portable) => ({
      secured: secureDocument(document, documentLoader),
      proof,
      key,
      documentLoader,
    })
    const asked: [document: JsonObject, proof: JsonObject, value: Uint8Array, holds: boolean][] = []
    for (const document of documents) {
      const made = await suite.make(
        partsOf(document, bare),
        async (message) => ed25519.sign(message, secret),
        {},
      )
      if (!made.ok) return expect.unreachable(made.detail)
      const { proofValue, ...proof } = made.proof
      const value = fromMultibase(String(proofValue)) ?? expect.unreachable()
      asked.push(
        [document, proof, value, true],
        [{ ...document, name: `${document['name']}.` }, proof, value, false],
        [document, { ...proof, created: '2026-01-01T00:00:00Z' }, value, false],
        [document, proof, value.subarray(1), false],
        [document, proof, Uint8Array.from([...value, 0]), false],
      )
    }
    for (const documentLoader of [portable, ...loaders]) {
      const checks = await Promise.all(
        asked.map(([document, proof, value]) => suite.check(partsOf(document, proof, documentLoader), value)),
      )
      expect(checks.map((check) => check.ok || check.code)).toEqual(
        asked.map(([, , , holds]) => holds || 'proof-signature-wrong'),
      )
    }
    expect(answeredBeside).toBeGreaterThan(0)
  },
)
