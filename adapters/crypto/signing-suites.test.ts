import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDidDocument } from '#engine/credentials/did-document.ts'
import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { asInstant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonArray, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { ResolveMethod } from '#services/ports/credential-suite.ts'
import type { IssuingCurve } from '#services/ports/key-store.ts'
import type { ProofExpectation } from '#services/ports/proof-expectation.ts'
import type { SigningSuite } from '#services/ports/sign-options.ts'
import { createCredentialSuite } from './credential-suite.ts'
import { didKeyOf, resolveDidKey } from './did-key.ts'
import { generateIssuingKey } from './issuing-key.ts'
import { fromMultibase } from './multibase.ts'
import { signingKeyOf } from './signing-key.ts'
import oneEdTech from './vectors/1edtech-open-badges-3.0.json' with { type: 'json' }
import w3c from './vectors/w3c-ecdsa.json' with { type: 'json' }

const NOW = parseInstant('2026-11-25T10:00:00Z') ?? asInstant(0)
const DID = 'did:web:badges.example.org:issuers:sample'
const EXAMPLES = new Map([
  [
    'https://www.w3.org/ns/credentials/examples/v2',
    { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } },
  ],
])
const suite = createCredentialSuite({ contexts: EXAMPLES })
const badge = oneEdTech.credential as unknown as PreparedCredential

/** Takes the key from the fragment, whoever it says that it belongs to. */
const anyKey: ResolveMethod = async (verificationMethod) => {
  const [controller = '', fragment] = verificationMethod.split('#')
  const method = readDidDocument(resolveDidKey(`did:key:${fragment}`) ?? {})?.methods[0]
  if (method === undefined) return { kind: 'not-found' }
  return { kind: 'found', method: { ...method, controller }, forAssertion: true }
}

const keyOn = (curve: IssuingCurve) =>
  signingKeyOf(DID, generateIssuingKey(curve).secretKey, undefined, curve)

const outcomes = async (document: JsonObject) =>
  (await suite.verifyProofs(document, anyKey, NOW)).map((finding) =>
    finding.outcome === 'passed' ? finding.suite : finding.code,
  )

const proofsOf = ({ proof = null }: JsonObject) => (isJsonArray(proof) ? proof : [proof]) as JsonObject[]

test.each(w3c.proofs)("W3C's published vector holds: $cryptosuite on $curve, $proofValue", async (vector) => {
  const { curve: _, ...proof } = vector
  const signed = (change: object) =>
    ({
      ...w3c.credential,
      ...change,
      proof: {
        type: 'DataIntegrityProof',
        created: w3c.created,
        proofPurpose: 'assertionMethod',
        ...proof,
      },
    }) as unknown as JsonObject
  expect(await outcomes(signed({}))).toEqual([vector.cryptosuite])
  expect(await outcomes(signed({ name: 'Alumni' }))).toEqual(['proof-signature-wrong'])
})

test("W3C's published ecdsa-rdfc-2019 vector is reproduced bit for bit", async () => {
  const [vector] = w3c.proofs
  const secret = fromMultibase(w3c.keys['P-256'].privateKeyMultibase)?.slice(2) ?? expect.unreachable()
  const key = signingKeyOf(didKeyOf(w3c.keys['P-256'].publicKeyMultibase), secret, undefined, 'P-256')
  const credential = w3c.credential as unknown as PreparedCredential
  const signed = await suite.sign(credential, key, parseInstant(w3c.created) ?? NOW)
  expect(proofsOf(signed)).toMatchObject([{ proofValue: vector?.proofValue, cryptosuite: 'ecdsa-rdfc-2019' }])
})

const SUITES = [
  ['eddsa-rdfc-2022', 'Ed25519'],
  ['eddsa-jcs-2022', 'Ed25519'],
  ['ecdsa-rdfc-2019', 'P-256'],
  ['ecdsa-jcs-2019', 'P-256'],
] as const satisfies readonly (readonly [SigningSuite, IssuingCurve])[]

test.each(SUITES)('what %s on %s signs holds, and nothing else does', async (cryptosuite, curve) => {
  const key = keyOn(curve)
  const signed = await suite.sign(badge, key, NOW, { cryptosuite })
  expect(await outcomes(signed)).toEqual([cryptosuite])
  expect(isJsonArray(signed['proof'] ?? null)).toBe(true)
  const [proof = {}] = proofsOf(signed)

  for (const [other] of SUITES.filter(([name]) => name !== cryptosuite)) {
    const [outcome] = await outcomes({ ...signed, proof: { ...proof, cryptosuite: other } })
    expect(['proof-signature-wrong', 'proof-key-unusable', 'json-ld-refused']).toContain(outcome)
  }
  const { verificationMethod } = keyOn(curve)
  expect(await outcomes({ ...signed, proof: { ...proof, verificationMethod } })).toEqual([
    'proof-signature-wrong',
  ])
  const value = fromMultibase(String(proof['proofValue'])) ?? expect.unreachable()
  expect(value).toHaveLength(64)
})

test.each(SUITES)(
  'a text or date of a document that %s on %s signed cannot be changed',
  async (cryptosuite, curve) => {
    const key = keyOn(curve)
    const text = fc.string({ minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(text, text, fc.constantFrom('name', 'description'), async (before, after, member) => {
        const signed = await suite.sign({ ...badge, [member]: before } as PreparedCredential, key, NOW, {
          cryptosuite,
        })
        expect(await outcomes(signed)).toEqual([cryptosuite])
        const expected = before === after ? cryptosuite : 'proof-signature-wrong'
        expect(await outcomes({ ...signed, [member]: after })).toEqual([expected])
      }),
      { numRuns: 10 },
    )
  },
)

test('without options the suite follows the key, and the own way signs as the library does', async () => {
  const [ed25519, p256] = [keyOn('Ed25519'), keyOn('P-256')]
  const byLibrary = await suite.sign(badge, ed25519, NOW)
  expect(byLibrary).toEqual(await suite.sign(badge, ed25519, NOW, {}))
  expect(await outcomes(byLibrary)).toEqual(['eddsa-rdfc-2022'])
  expect(await outcomes(await suite.sign(badge, p256, NOW))).toEqual(['ecdsa-rdfc-2019'])
})

test('the proof comes as it is asked for', async () => {
  const key = keyOn('P-256')
  const asObject = await suite.sign(badge, key, NOW, { proofAs: 'object' })
  expect(isJsonArray(asObject['proof'] ?? null)).toBe(false)
  const plain = w3c.credential as unknown as PreparedCredential
  expect(isJsonArray((await suite.sign(plain, key, NOW))['proof'] ?? null)).toBe(false)
  expect(isJsonArray((await suite.sign(plain, key, NOW, { proofAs: 'array' }))['proof'] ?? null)).toBe(true)
})

test('a suite takes keys on its own curves only', async () => {
  for (const [cryptosuite, curve] of SUITES) {
    const key = keyOn(curve === 'P-256' ? 'Ed25519' : 'P-256')
    await expect(suite.sign(badge, key, NOW, { cryptosuite })).rejects.toMatchObject({
      code: 'suite-not-for-key',
      status: 422,
    })
  }
})

test('further proofs stand beside the first or build on it, and each must hold', async () => {
  const first = await suite.sign(badge, keyOn('Ed25519'), NOW, { proofId: 'urn:uuid:1' })
  const set = await suite.addProof(first, keyOn('P-256'), NOW)
  expect(await outcomes(set)).toEqual(['eddsa-rdfc-2022', 'ecdsa-rdfc-2019'])
  const chain = await suite.addProof(set, keyOn('P-256'), NOW, {
    cryptosuite: 'ecdsa-jcs-2019',
    previousProof: ['urn:uuid:1'],
  })
  expect(await outcomes(chain)).toEqual(['eddsa-rdfc-2022', 'ecdsa-rdfc-2019', 'ecdsa-jcs-2019'])
  const [one, two, three] = proofsOf(chain) as [JsonObject, JsonObject, JsonObject]
  expect(await outcomes({ ...chain, proof: [two, three] })).toEqual(['ecdsa-rdfc-2019', 'proof-chain-broken'])
  const moved = { ...one, created: '2026-11-24T10:00:00Z' }
  expect(await outcomes({ ...chain, proof: [moved, two, three] })).toEqual([
    'proof-signature-wrong',
    'ecdsa-rdfc-2019',
    'proof-signature-wrong',
  ])
  await expect(
    suite.addProof(first, keyOn('P-256'), NOW, { previousProof: 'urn:uuid:2' }),
  ).rejects.toMatchObject({ code: 'previous-proof-missing' })
})

test.each<[string, Json]>([
  ['one that is not there', 'urn:uuid:9'],
  ['one that is there and one that is not', ['urn:uuid:1', 'urn:uuid:9']],
  ['a number', 1],
  ['an object', [{ id: 'urn:uuid:1' }]],
  ['itself', 'urn:uuid:3'],
  ['one that builds on it', ['urn:uuid:1', 'urn:uuid:2']],
  ['one that is there twice', 'urn:uuid:4'],
])('a proof that builds on %s is broken', async (_name, previousProof) => {
  const key = keyOn('Ed25519')
  const signed = await suite.sign(badge, key, NOW, { proofId: 'urn:uuid:1' })
  const [first = {}] = proofsOf(signed)
  const document = {
    ...signed,
    proof: [
      first,
      { ...first, id: 'urn:uuid:2', previousProof: 'urn:uuid:3' },
      { ...first, id: 'urn:uuid:3', previousProof },
      { ...first, id: 'urn:uuid:4' },
      { ...first, id: 'urn:uuid:4' },
    ],
  }
  const found = await outcomes(document)
  expect([found[0], found[2]]).toEqual(['eddsa-rdfc-2022', 'proof-chain-broken'])
})

test.each(SUITES)(
  'a proof of %s on %s for a presentation is held to purpose, challenge and domain',
  async (cryptosuite, curve) => {
    const key = keyOn(curve)
    const presentation: JsonObject = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: key.controller,
    }
    const asked = {
      purpose: 'authentication',
      challenge: 'c-1',
      domain: ['https://a.example.org', 'https://b.example.org'],
    } as const
    const signed = await suite.addProof(presentation, key, NOW, { cryptosuite, ...asked })
    const forPresenting: ResolveMethod = async (name) => {
      const found = await anyKey(name)
      return found.kind === 'found' ? { ...found, forAssertion: false, forAuthentication: true } : found
    }
    const check = async (expected: ProofExpectation, resolve = forPresenting) => {
      const [finding] = await suite.verifyProofs(signed, resolve, NOW, expected)
      return finding?.outcome === 'passed' ? 'passed' : finding?.code
    }
    expect(await check(asked)).toBe('passed')
    expect(await check({ purpose: 'authentication' })).toBe('passed')
    expect(await check({ ...asked, domain: asked.domain.toReversed() })).toBe('passed')
    expect(await check({})).toBe('proof-purpose-wrong')
    expect(await check(asked, anyKey)).toBe('proof-key-not-for-authentication')
    expect(await check({ ...asked, challenge: 'c-2' })).toBe('proof-challenge-wrong')
    for (const domain of ['https://a.example.org', [...asked.domain, 'https://c.example.org'], []])
      expect(await check({ ...asked, domain })).toBe('proof-domain-wrong')
  },
)

test('a proof counts until its end', async () => {
  const signed = await suite.sign(badge, keyOn('P-256'), NOW, { expires: asInstant(NOW + 1000) })
  expect(await outcomes(signed)).toEqual(['ecdsa-rdfc-2019'])
  const [finding] = await suite.verifyProofs(signed, anyKey, asInstant(NOW + 1000))
  expect(finding).toMatchObject({ code: 'proof-expired' })
})

test('what JSON-LD does not cover is not signed', async () => {
  const document = { ...badge, colour: 'red' } as PreparedCredential
  await expect(suite.sign(document, keyOn('P-256'), NOW)).rejects.toMatchObject({ code: 'credential-unfit' })
})
