import { expect, test } from 'vitest'
import type { JsonObject } from '#engine/shared/json.ts'
import { fakeSources } from '#test/verification/fake-sources.ts'
import { keyOf, NOW, noChain, suite } from '#test/verification/sample-issuer.ts'
import { createPresentationVerifier } from './verify-presentation.ts'

const HOLDER = 'did:web:holder.example.org'
const KEY = keyOf(HOLDER, 12)

const V2 = 'https://www.w3.org/ns/credentials/v2'

/** Signed by the holder: a credential that the holder says of themselves, without a proof of its own. */
const presentation = () =>
  suite.addProof(
    {
      '@context': [V2],
      type: ['VerifiablePresentation'],
      holder: HOLDER,
      verifiableCredential: [
        {
          '@context': [V2],
          type: ['VerifiableCredential'],
          issuer: HOLDER,
          credentialSubject: { id: HOLDER },
        },
      ],
    },
    KEY,
    NOW,
    { purpose: 'authentication' },
  )

/** What comes of it where the key stands under these relationships in the document of the holder. */
async function judged(...relationships: readonly ('authentication' | 'assertionMethod')[]) {
  const { publicKeyMultibase } = KEY
  const id = `${HOLDER}#${publicKeyMultibase}`
  const document: JsonObject = {
    id: HOLDER,
    verificationMethod: [{ id, type: 'Multikey', controller: HOLDER, publicKeyMultibase }],
    ...Object.fromEntries(relationships.map((name) => [name, [id]])),
  }
  const { verify } = createPresentationVerifier({
    suite,
    resolver: fakeSources(new Map([[HOLDER, document]])),
    statusLists: { fetch: async () => 'unavailable' },
    anchors: noChain,
    trust: { look: async () => ({ by: 'setting' }) },
    clock: { now: () => NOW },
  })
  const { checks, credentials } = await verify({ presentation: await presentation() })
  const [inside] = credentials
  return {
    presentation: checks.find(({ name }) => name === 'proof')?.code,
    credential: inside?.checks.find(({ name }) => name === 'proof')?.code,
    verdict: inside?.verdict,
  }
}

test('a key to present with signs no credentials that the holder says of themselves', async () => {
  expect(await judged('authentication', 'assertionMethod')).toMatchObject({
    presentation: 'presentation-signed',
    credential: 'signature-holds',
    verdict: 'valid',
  })
  expect(await judged('authentication')).toMatchObject({
    presentation: 'presentation-signed',
    credential: 'proof-key-not-for-assertion',
    verdict: 'invalid',
  })
})
