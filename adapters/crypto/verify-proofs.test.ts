import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { expect, test } from 'vitest'
import { readDidDocument } from '#engine/credentials/did-document.ts'
import { asInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ResolveMethod } from '#services/ports/credential-suite.ts'
import { resolveDidKey } from './did-key.ts'
import { createDocumentLoader, type LoadDocument } from './document-loader.ts'
import { without } from './proof-suites.ts'
import { secureDocument } from './secured-document.ts'
import oneEdTech from './vectors/1edtech-open-badges-3.0.json' with { type: 'json' }
import w3c from './vectors/w3c-eddsa.json' with { type: 'json' }
import chain from './vectors/w3c-proof-chain.json' with { type: 'json' }
import { usableMethod, verifyProofs } from './verify-proofs.ts'

const NOW = parseInstant('2026-11-25T10:00:00Z') ?? expect.unreachable()

const EXAMPLES = new Map([
  [
    'https://www.w3.org/ns/credentials/examples/v2',
    { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } },
  ],
])
const loader = createDocumentLoader(EXAMPLES)

/** Looks at the key alone: these vectors have issuers that do not exist. */
const anyKey: ResolveMethod = async (verificationMethod) => {
  const [did = '', fragment] = verificationMethod.split('#')
  const document = readDidDocument(resolveDidKey(`did:key:${fragment}`) ?? {})
  const method = document?.methods[0]
  return method === undefined
    ? { kind: 'not-found' }
    : { kind: 'found', method: { ...method, controller: did }, forAssertion: true }
}

const oneEdTechSigned: JsonObject = {
  ...(oneEdTech.credential as unknown as JsonObject),
  proof: {
    type: 'DataIntegrityProof',
    created: oneEdTech.created,
    verificationMethod: oneEdTech.verificationMethod,
    cryptosuite: 'eddsa-rdfc-2022',
    proofPurpose: 'assertionMethod',
    proofValue: oneEdTech.proofValue,
  },
}

const w3cSigned = (name: 'eddsa-rdfc-2022' | 'eddsa-jcs-2022'): JsonObject => ({
  ...(w3c.credential as unknown as JsonObject),
  proof: {
    type: 'DataIntegrityProof',
    cryptosuite: name,
    created: w3c.created,
    verificationMethod: `did:key:${w3c.publicKeyMultibase}#${w3c.publicKeyMultibase}`,
    proofPurpose: 'assertionMethod',
    proofValue: w3c[name].proofValue,
    // The JCS vector carries the contexts inside its proof.
    ...(name === 'eddsa-jcs-2022' ? { '@context': w3c.credential['@context'] } : {}),
  },
})

const proofsOn = (document: JsonObject, resolve: ResolveMethod, now: Instant) => {
  const secured = secureDocument(without(document, 'proof'), loader)
  return verifyProofs({ document, secured }, resolve, now, loader)
}

const outcomes = async (document: JsonObject, resolve = anyKey) =>
  (await proofsOn(document, resolve, NOW)).map((finding) =>
    finding.outcome === 'passed' ? 'passed' : finding.code,
  )

const proofOf = (document: JsonObject) => document['proof'] as JsonObject

test.each([
  ['1EdTech, eddsa-rdfc-2022', oneEdTechSigned],
  ['W3C, eddsa-rdfc-2022', w3cSigned('eddsa-rdfc-2022')],
  ['W3C, eddsa-jcs-2022', w3cSigned('eddsa-jcs-2022')],
])('the published vector holds: %s', async (_name, document) => {
  expect(await outcomes(document)).toEqual(['passed'])
})

test("W3C's proof chain holds, and breaks when a proof that another builds on is changed", async () => {
  const signed = chain.signed as unknown as JsonObject
  expect(await outcomes(signed)).toEqual(['passed', 'passed', 'passed'])
  const [first, second, third] = chain.signed.proof
  expect(await outcomes({ ...signed, proof: [second, third] as unknown as JsonObject[] })).toEqual([
    'passed',
    'proof-chain-broken',
  ])
  const moved = { ...first, created: '2023-02-24T23:36:39Z' }
  expect(await outcomes({ ...signed, proof: [moved, second, third] as unknown as JsonObject[] })).toEqual([
    'proof-signature-wrong',
    'passed',
    'proof-signature-wrong',
  ])
})

test("this verifier and Digital Bazaar's agree on a good document and on a changed one", async () => {
  const theirs = async (credential: JsonObject) => {
    const key = {
      type: 'Multikey',
      id: oneEdTech.verificationMethod,
      controller: oneEdTech.controller,
      publicKeyMultibase: oneEdTech.publicKeyMultibase,
    }
    const controller = {
      '@context': ['https://www.w3.org/ns/did/v1'],
      id: oneEdTech.controller,
      assertionMethod: [oneEdTech.verificationMethod],
    }
    const documentLoader: LoadDocument = async (url) => {
      const document =
        url === oneEdTech.controller
          ? controller
          : { '@context': 'https://w3id.org/security/multikey/v1', ...key }
      return url.startsWith(oneEdTech.controller)
        ? { contextUrl: null, documentUrl: url, document }
        : loader(url)
    }
    const { verified } = await vc.verifyCredential({
      credential: structuredClone(credential),
      suite: new DataIntegrityProof({ cryptosuite }),
      documentLoader,
    })
    return verified
  }
  expect([await theirs(oneEdTechSigned), await outcomes(oneEdTechSigned)]).toEqual([true, ['passed']])
  const changed = { ...oneEdTechSigned, name: 'Teamwork Badge!' }
  expect([await theirs(changed), await outcomes(changed)]).toEqual([false, ['proof-signature-wrong']])
})

test('one good proof does not cover for a bad one beside it', async () => {
  const proof = proofOf(oneEdTechSigned)
  const other = { ...proof, created: '2011-01-01T19:23:24Z' }
  expect(await outcomes({ ...oneEdTechSigned, proof: [proof, other] })).toEqual([
    'passed',
    'proof-signature-wrong',
  ])
})

test.each([
  ['no proof', undefined, 'proof-missing'],
  ['an empty set of proofs', [], 'proof-missing'],
  ['a proof that is a text', 'proof', 'proof-malformed'],
  ['nine proofs', Array(9).fill(proofOf(oneEdTechSigned)), 'proof-malformed'],
  ['another purpose', { proofPurpose: 'authentication' }, 'proof-purpose-wrong'],
  ['no purpose', { proofPurpose: undefined }, 'proof-purpose-wrong'],
  ['a creation date that is none', { created: 'yesterday' }, 'proof-created-malformed'],
  ['a creation date in the future', { created: '2027-01-01T00:00:00Z' }, 'proof-in-future'],
  ['an end in the past', { expires: '2026-01-01T00:00:00Z' }, 'proof-expired'],
  ['no key', { verificationMethod: undefined }, 'proof-malformed'],
  [
    'another key',
    {
      verificationMethod:
        'https://example.edu/issuers/565049#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2',
    },
    'proof-signature-wrong',
  ],
  [
    'a key that is none',
    { verificationMethod: 'https://example.edu/issuers/565049#key-1' },
    'proof-key-unknown',
  ],
  ['a value in hexadecimal', { proofValue: 'f00' }, 'proof-value-malformed'],
  ['an empty value', { proofValue: 'z' }, 'proof-signature-wrong'],
  ['an undefined term', { colour: 'red' }, 'json-ld-refused'],
  ['a suite that nobody knows', { cryptosuite: 'eddsa-rot13-2026' }, 'proof-suite-unsupported'],
  [
    'a suite of its own type under another type',
    { cryptosuite: 'Ed25519Signature2020' },
    'proof-suite-unsupported',
  ],
  ['a suite that we know under a type that is not its own', { type: 'UnknownProofType' }, 'proof-malformed'],
  ['a suite for other keys', { cryptosuite: 'ecdsa-rdfc-2019' }, 'proof-key-unusable'],
])('%s is refused', async (_name, change, code) => {
  const { proof, ...bare } = oneEdTechSigned
  const isProof = typeof change === 'object' && !Array.isArray(change)
  const altered = JSON.parse(
    JSON.stringify({ ...bare, proof: isProof ? { ...(proof as object), ...change } : change }),
  )
  expect(await outcomes(altered)).toEqual([code])
})

test('a key that the issuer does not have, or revoked before the proof was made, or cannot be fetched', async () => {
  const found = await anyKey(oneEdTech.verificationMethod)
  if (found.kind !== 'found') return expect.unreachable()
  const revoked =
    (at: string): ResolveMethod =>
    async () => ({ ...found, method: { ...found.method, revoked: at } })
  expect(await outcomes(oneEdTechSigned, async () => ({ kind: 'not-of-issuer' }))).toEqual([
    'proof-key-not-of-issuer',
  ])
  expect(await outcomes(oneEdTechSigned, async () => ({ kind: 'not-found' }))).toEqual(['proof-key-unknown'])
  expect(await outcomes(oneEdTechSigned, async () => ({ kind: 'unavailable' }))).toEqual([
    'issuer-unavailable',
  ])
  expect(await outcomes(oneEdTechSigned, async () => ({ ...found, forAssertion: false }))).toEqual([
    'proof-key-not-for-assertion',
  ])
  expect(await outcomes(oneEdTechSigned, revoked('2009-12-31T00:00:00Z'))).toEqual(['proof-key-revoked'])
  expect(await outcomes(oneEdTechSigned, revoked('2011-01-01T00:00:00Z'))).toEqual(['passed'])
  expect(await proofsOn(oneEdTechSigned, anyKey, asInstant(0))).toMatchObject([{ code: 'proof-in-future' }])
})

test('a block speaks for what a compromised key signed before, and not after the key had expired', () => {
  const at = asInstant(Date.parse('2026-03-01T00:00:00Z'))
  const judged = (expires?: string) => {
    const method = {
      id: 'did:web:x#k',
      type: 'Multikey',
      controller: 'did:web:x',
      revoked: '2026-06-01T00:00:00Z',
    }
    const witness = { kind: 'anchored', at } as const
    return usableMethod(
      { kind: 'found', forAssertion: false, method: { ...method, ...(expires && { expires }) }, witness },
      method.id,
      at,
    )
  }
  expect(judged()).toMatchObject({ kind: 'yes' })
  expect(judged('2026-03-01T00:00:01Z')).toMatchObject({ kind: 'yes' })
  for (const expires of ['2026-03-01T00:00:00Z', '2025-01-01T00:00:00Z', 'no date'])
    expect(judged(expires)).toMatchObject({ kind: 'no', finding: { code: 'proof-key-revoked' } })
})
