import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ResolveMethod } from '#services/ports/credential-suite.ts'
import { randomAward } from '#test/credentials/random-awards.ts'
import { badge, issuingKey, NOW, seed } from '#test/verification/sample-issuer.ts'
import { canonicalQuads } from './canonical-quads.ts'
import { createCredentialSuite } from './credential-suite.ts'
import { createDocumentLoader, PINNED } from './document-loader.ts'
import { createQuadTemplates } from './quad-templates.ts'
import { portableTextHash } from './text-hash.ts'

const documentLoader = createDocumentLoader()
const full = (document: JsonObject) => canonicalQuads(document, documentLoader)
const RUNS = Number(process.env['CREDENTIAL_PROPERTY_RUNS'] ?? 100)

test('quads, faults and signed documents are those of the full way, byte for byte', {
  timeout: 3_600_000,
}, async () => {
  const templates = createQuadTemplates(full, portableTextHash)
  const suite = createCredentialSuite()
  // Contexts of its own, though none: a suite that has no templates.
  const plain = createCredentialSuite({ contexts: new Map() })
  const { verificationMethod: id, controller } = issuingKey
  const pair = await Ed25519Multikey.generate({ id, controller, seed: seed(1) })
  const counted = { signed: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(randomAward, async (document) => {
      expect(await templates.canonicalise(document)).toEqual(await full(document))
      const [ours, theirs] = [await suite.prepare(document), await plain.prepare(document)]
      expect(ours).toEqual(theirs)
      if (!ours.ok) {
        counted.refused++
        return
      }
      const library = new DataIntegrityProof({ signer: pair.signer(), date: formatInstant(NOW), cryptosuite })
      const credential = structuredClone<JsonObject>(document)
      const issued = await vc.issue({ credential, suite: library, documentLoader }).catch(() => 'refused')
      const signed = await suite.sign(ours.prepared, issuingKey, NOW).catch(() => 'refused')
      if (typeof issued === 'string' || typeof signed === 'string') {
        expect(signed).toBe(issued)
        return
      }
      counted.signed++
      // 1EdTech's schema wants the proof in an array.
      expect(canonicalJson(signed)).toBe(canonicalJson({ ...issued, proof: [issued.proof].flat() }))
      const copies = changed(signed)
      for (const copy of [signed, copies[counted.signed % copies.length] ?? signed]) {
        expect(suite.schemaFaults(copy)).toEqual(plain.schemaFaults(copy))
        const findings = await suite.verifyProofs(copy, found, NOW)
        expect(findings).toEqual(await plain.verifyProofs(copy, found, NOW))
        expect(findings[0]?.outcome === 'passed').toBe(copy === signed)
      }
    }),
    { numRuns: RUNS },
  )
  // Both ways were gone, and both answers given.
  const { spliced, canonicalised } = templates.counts()
  expect(Math.min(spliced, canonicalised, counted.signed, counted.refused)).toBeGreaterThan(RUNS / 20)
})

/** The same with other words, another date, and a proof of another date or of none. */
function changed(signed: JsonObject): readonly JsonObject[] {
  const subject = signed['credentialSubject'] as JsonObject
  const [proof] = signed['proof'] as readonly JsonObject[]
  const proofs = ['2026-01-01T00:00:00Z', 'yesterday'].map((created) => ({
    ...signed,
    proof: [{ ...proof, created }],
  }))
  return [
    { ...signed, credentialSubject: { ...subject, narrative: 'Something else' } },
    { ...signed, awardedDate: '2001-02-03T04:05:06Z' },
    ...proofs,
  ]
}

const found: ResolveMethod = async (id) => {
  const { controller, publicKeyMultibase } = issuingKey
  return {
    kind: 'found',
    method: { id, type: 'Multikey', controller, publicKeyMultibase },
    forAssertion: true,
  }
}

const badgeOf = (number: number, change: JsonObject = {}): JsonObject => ({
  ...buildBadgeCredential(badge({ uuid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` })),
  ...change,
})

/** How many of the documents a template gave the quads of, all of them compared with the full way. */
async function splicedOf(documents: readonly JsonObject[]): Promise<number> {
  const templates = createQuadTemplates(full, portableTextHash)
  for (const document of documents)
    expect(await templates.canonicalise(document)).toEqual(await full(document))
  return templates.counts().spliced
}

test('a shape is known when it comes for the third time', async () => {
  expect(await splicedOf([1, 2, 3, 4].map((number) => badgeOf(number)))).toBe(2)
  // Another shape in between changes nothing.
  const others = [1, 2, 3].map((number) => badgeOf(number, { name: 'Another name' }))
  expect(await splicedOf([badgeOf(1), ...others, badgeOf(2), badgeOf(3)])).toBe(2)
})

test('a text that the schema refuses is refused in a known shape as well', async () => {
  const suite = createCredentialSuite()
  const faulty = badgeOf(4, { awardedDate: '2026-02-30T10:00:00Z' })
  for (const number of [1, 2, 3]) expect(await suite.lint(badgeOf(number))).toEqual([])
  expect(suite.schemaFaults(faulty)).toMatchObject([{ code: 'schema', path: '/awardedDate' }])
  expect(await suite.lint(faulty)).not.toEqual([])
  expect(suite.schemaFaults(badgeOf(5))).toEqual([])
})

test('where two things become one, the full way tells', async () => {
  const known = [1, 2].map((number) => badgeOf(number))
  const status = badgeOf(3)['credentialStatus'] as JsonObject
  const [subject] = [badgeOf(3)['credentialSubject'] as JsonObject]
  const merged = [
    badgeOf(3, { credentialStatus: { ...status, id: `urn:uuid:00000000-0000-4000-8000-000000000003` } }),
    badgeOf(3, { credentialSubject: { ...subject, id: badge().achievement.id } }),
    badgeOf(3, { credentialSubject: { ...subject, id: badge().issuer.did } }),
  ]
  expect(await splicedOf([...known, ...merged])).toBe(0)
})

test('blank nodes with equal hashes are labelled the full way', async () => {
  const evidence = (...names: readonly string[]) => ({
    evidence: names.map((name) => ({ type: ['Evidence'], name })),
  })
  const different = [1, 2, 3].map((number) => badgeOf(number, evidence(`a${number}`, `b${number}`)))
  const equal = badgeOf(4, evidence('a', 'a'))
  expect(await splicedOf([...different, equal, badgeOf(5, evidence('b', 'a'))])).toBe(2)
})

test('a context that is written out is never learned from', async () => {
  // With it `did:…` is a compact name of something else.
  const context = [...(badgeOf(1)['@context'] as readonly string[]), { did: 'https://example.org/did/' }]
  const subject = badgeOf(1)['credentialSubject'] as JsonObject
  const documents = [1, 2, 3].map((number) =>
    badgeOf(number, { '@context': context, credentialSubject: { ...subject, id: `did:example:${number}` } }),
  )
  expect(await splicedOf(documents)).toBe(0)
})

test('a document that holds the marks of gaps teaches nothing', async () => {
  const documents = [1, 2, 3].map((number) => badgeOf(number, { name: 'gap-5d2a7c91-0-' }))
  expect(await splicedOf(documents)).toBe(0)
})

test('no pinned context takes the scheme of an address for a term', () => {
  const terms = [...PINNED.values()].flatMap(namesIn)
  expect(terms).toContain('credentialSubject')
  expect(terms.filter((term) => /^(?:urn|did|https?|mailto)(?::|$)/.test(term))).toEqual([])
})

function namesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [name, ...namesIn(member)])
}
