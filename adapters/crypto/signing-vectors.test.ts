import { expect, test } from 'vitest'
import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { fromHex, toHex, utf8 } from '#engine/shared/bytes.ts'
import { parseInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { canonicalQuads } from './canonical-quads.ts'
import { createCredentialSuite } from './credential-suite.ts'
import { createDocumentLoader } from './document-loader.ts'
import { sha256 } from './hashes.ts'
import { issuingKeyOf } from './issuing-key.ts'
import { fromMultibase } from './multibase.ts'
import { signingKeyOf } from './signing-key.ts'
import oneEdTech from './vectors/1edtech-open-badges-3.0.json' with { type: 'json' }
import w3c from './vectors/w3c-eddsa.json' with { type: 'json' }

const EXAMPLES = new Map([
  [
    'https://www.w3.org/ns/credentials/examples/v2',
    { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } },
  ],
])

const instant = (text: string) => parseInstant(text) ?? expect.unreachable()

const firstProof = (document: JsonObject) => [document['proof']].flat()[0] as JsonObject

test("1EdTech's published signing vector is reproduced bit for bit", async () => {
  const suite = createCredentialSuite()
  const credential = oneEdTech.credential as unknown as JsonObject
  const quads = await canonicalQuads(credential, createDocumentLoader())
  expect(quads.ok && toHex(sha256(utf8(quads.quads)))).toBe(`0x${oneEdTech.documentHash}`)

  const preparation = await suite.prepare(credential)
  if (!preparation.ok) return expect.unreachable()
  const secretKey = fromHex(`0x${oneEdTech.secretKeyHex}`) ?? expect.unreachable()
  const { verificationMethod, controller, publicKeyMultibase } = oneEdTech
  expect(issuingKeyOf(secretKey).publicKeyMultibase).toBe(publicKeyMultibase)
  const key = signingKeyOf(controller, secretKey, verificationMethod)
  const signed = await suite.sign(preparation.prepared, key, instant(oneEdTech.created))
  expect(firstProof(signed)).toEqual({
    type: 'DataIntegrityProof',
    created: oneEdTech.created,
    verificationMethod,
    cryptosuite: 'eddsa-rdfc-2022',
    proofPurpose: 'assertionMethod',
    proofValue: oneEdTech.proofValue,
  })
  expect(toHex(fromMultibase(oneEdTech.proofValue) ?? expect.unreachable())).toBe(`0x${oneEdTech.signature}`)
})

test("W3C's published eddsa-rdfc-2022 vector is reproduced bit for bit", async () => {
  const suite = createCredentialSuite({ contexts: EXAMPLES })
  const credential = w3c.credential as unknown as JsonObject
  const vector = w3c['eddsa-rdfc-2022']
  const quads = await canonicalQuads(credential, createDocumentLoader(EXAMPLES))
  expect(quads.ok && toHex(sha256(utf8(quads.quads)))).toBe(`0x${vector.documentHash}`)

  const preparation = await suite.prepare(credential)
  if (!preparation.ok) return expect.unreachable()
  // A private Multikey: two bytes of header, then the seed.
  const secretKey = fromMultibase(w3c.privateKeyMultibase)?.slice(2) ?? expect.unreachable()
  const did = `did:key:${w3c.publicKeyMultibase}`
  const verificationMethod = `${did}#${w3c.publicKeyMultibase}`
  const key = signingKeyOf(did, secretKey, verificationMethod)
  const signed = await suite.sign(preparation.prepared, key, instant(w3c.created))
  expect(firstProof(signed)['proofValue']).toBe(vector.proofValue)
  expect(Array.isArray(signed['proof'])).toBe(false)
})

test.each([
  ['a term that no context defines', { ...oneEdTech.credential, anchor: 'x' }, 'undefined-term'],
  ['a context that is not pinned', withContext('https://contexts.example.org/v1'), 'unknown-context'],
  [
    'a redefined protected term',
    withContext({ VerifiableCredential: 'https://example.org/Other' }),
    'json-ld',
  ],
  ['a missing issuer', { ...oneEdTech.credential, issuer: undefined }, 'data-model'],
  ['an achievement type outside the vocabulary', withAchievementType('Diplomaatje'), 'schema'],
])('%s makes a credential unfit to be signed', async (_name, credential, code) => {
  const preparation = await createCredentialSuite().prepare(JSON.parse(JSON.stringify(credential)))
  expect(preparation).toMatchObject({ ok: false, faults: [{ code }] })
})

test.each([
  'https://[',
  'https://',
  'http://127.0.0.1:99999/',
  'https://a%b.example/',
  'http://:80',
  'https://exa%20mple.org/',
])('an id that cannot be read as a URL is not signed, wherever other verifiers read it: %s', async (id) => {
  const suite = createCredentialSuite()
  const credential = JSON.parse(JSON.stringify(oneEdTech.credential))
  const evidence = { id, type: ['Evidence'], name: 'A report' }
  for (const [path, document] of [
    ['/issuer/id', { ...credential, issuer: { ...credential.issuer, id } }],
    ['/credentialSubject/id', { ...credential, credentialSubject: { ...credential.credentialSubject, id } }],
    ['/evidence/0/id', { ...credential, evidence: [evidence] }],
  ] as const)
    expect(await suite.prepare(document)).toMatchObject({
      ok: false,
      faults: expect.arrayContaining([expect.objectContaining({ path })]),
    })
})

test('a document with a proof is signed by who says how, and keeps its proof', async () => {
  const suite = createCredentialSuite()
  const preparation = await suite.prepare(oneEdTech.credential as unknown as JsonObject)
  if (!preparation.ok) return expect.unreachable()
  const key = signingKeyOf(oneEdTech.controller, new Uint8Array(32).fill(4))
  const signed = await suite.sign(preparation.prepared, key, instant(oneEdTech.created))
  await expect(
    suite.sign(signed as unknown as PreparedCredential, key, instant(oneEdTech.created)),
  ).rejects.toMatchObject({ code: 'credential-unfit' })
  const twice = await suite.addProof(signed, key, instant(oneEdTech.created))
  expect([twice['proof']].flat()).toHaveLength(2)
})

function withContext(context: unknown) {
  return { ...oneEdTech.credential, '@context': [...oneEdTech.credential['@context'], context] }
}

function withAchievementType(achievementType: string) {
  const { credentialSubject } = oneEdTech.credential
  return {
    ...oneEdTech.credential,
    credentialSubject: {
      ...credentialSubject,
      achievement: { ...credentialSubject.achievement, achievementType },
    },
  }
}
