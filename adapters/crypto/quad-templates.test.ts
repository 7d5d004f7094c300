import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { VARIABLE_MEMBERS, type VariableMembers } from '#engine/credentials/variable-members.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { randomAward } from '#test/credentials/random-awards.ts'
import { badge, issuingKey, NOW, resolveIssuingKey } from '#test/verification/sample-issuer.ts'
import { signedByAnother } from '#test/verification/signed-by-another.ts'
import { canonicalQuads } from './canonical-quads.ts'
import { createCredentialSuite } from './credential-suite.ts'
import { createDocumentLoader, PINNED } from './document-loader.ts'
import { sha256 } from './hashes.ts'
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
  const counted = { signed: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(randomAward, async (document) => {
      expect(await templates.canonicalise(document)).toEqual(await full(document))
      const [ours, theirs] = [await suite.prepare(document), await plain.prepare(document)]
      expect(ours).toEqual(theirs)
      const issue = () => suite.issue(credentialBytes(document), issuingKey, NOW).catch(() => 'refused')
      if (!ours.ok) {
        counted.refused++
        expect(await issue()).toEqual(ours)
        return
      }
      const issued = await signedByAnother(document).catch(() => 'refused')
      const signed = await suite.sign(ours.prepared, issuingKey, NOW).catch(() => 'refused')
      const bytes = await issue()
      if (typeof issued === 'string' || typeof signed === 'string') {
        expect([signed, bytes]).toEqual([issued, issued])
        return
      }
      counted.signed++
      const stored = credentialBytes(signed)
      expect(bytes).toEqual({ ok: true, signed: stored, digest: sha256(stored) })
      expect(canonicalJson(signed)).toBe(canonicalJson(issued))
      const copies = changed(signed)
      for (const copy of [signed, copies[counted.signed % copies.length] ?? signed]) {
        expect(suite.schemaFaults(copy)).toEqual(plain.schemaFaults(copy))
        const findings = await suite.verifyProofs(copy, resolveIssuingKey, NOW)
        expect(findings).toEqual(await plain.verifyProofs(copy, resolveIssuingKey, NOW))
        expect(findings[0]?.outcome === 'passed').toBe(copy === signed)
      }
    }),
    { numRuns: RUNS },
  )
  // Both ways were gone, and both answers given.
  const { spliced, canonicalised } = templates.counts()
  expect(Math.min(spliced, canonicalised, counted.signed, counted.refused)).toBeGreaterThan(RUNS / 20)
})

test('a text that the full way refuses is refused in a known shape, wherever it stands', {
  timeout: 3_600_000,
}, async () => {
  const suite = createCredentialSuite()
  const plain = createCredentialSuite({ contexts: new Map() })
  const outcome = async (by: typeof suite, document: JsonObject): Promise<unknown> =>
    by.issue(credentialBytes(document), issuingKey, NOW).catch(({ code }) => code)
  const base: JsonObject = {
    ...badgeOf(1),
    validUntil: '2036-01-01T00:00:00Z',
    evidence: [{ id: 'https://files.example.org/1', type: ['Evidence'], name: 'Report', narrative: 'Fine.' }],
  }
  for (let time = 0; time < 4; time++) expect(await outcome(suite, base)).toMatchObject({ ok: true })
  const places = placesOf(base, VARIABLE_MEMBERS)
  expect(places.length).toBeGreaterThan(9)
  const counted = { signed: 0, refused: 0 }
  const change = fc.record({ place: fc.nat(places.length - 1), text: oddText })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 2 }), async (changes) => {
      const document = structuredClone<JsonObject>(base)
      for (const { place, text } of changes) places[place]?.(document, text)
      const [ours, theirs] = [await outcome(suite, document), await outcome(plain, document)]
      expect(ours).toEqual(theirs)
      if (!isSigned(ours)) {
        counted.refused++
        return
      }
      counted.signed++
      // What others would refuse is not signed, and the rest as they would.
      expect(new TextDecoder().decode(ours.signed)).toBe(canonicalJson(await signedByAnother(document)))
    }),
    { numRuns: RUNS * 2 },
  )
  expect(Math.min(counted.signed, counted.refused)).toBeGreaterThan(RUNS / 20)
  expect(suite.templateCounts().spliced).toBeGreaterThan(counted.signed / 2)
})

const isSigned = (outcome: unknown): outcome is { readonly ok: true; readonly signed: Uint8Array } =>
  (outcome as { readonly ok?: boolean }).ok === true

test('whatever is taken to be signed verifies once it is, in whatever disguise it comes', {
  timeout: 3_600_000,
}, async () => {
  const suite = createCredentialSuite()
  const counted = { signed: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(fc.nat(9), fc.constantFrom(...DISGUISES), async (number, [path, value]) => {
      const document = withMember(endorsedBadge(number), path, value)
      const issuing = await suite.issue(credentialBytes(document), issuingKey, NOW)
      if (!issuing.ok) {
        counted.refused++
        expect(await suite.lint(document)).toEqual(issuing.faults)
        return
      }
      counted.signed++
      const signed = JSON.parse(new TextDecoder().decode(issuing.signed)) as JsonObject
      expect(await suite.verifyProofs(signed, resolveIssuingKey, NOW)).toMatchObject([{ outcome: 'passed' }])
    }),
    { numRuns: RUNS },
  )
  expect(Math.min(counted.signed, counted.refused)).toBeGreaterThan(RUNS / 20)
})

const OF_ITS_OWN: JsonObject = { zz: 'https://x.example/zz' }
const PROOF = ['credentialSubject', 'achievement', 'endorsement', '0', 'proof', '0']
const DISGUISES: readonly (readonly [readonly string[], Json])[] = [
  // None.
  [['credentialSubject', 'narrative'], 'Says something else.'],
  [[...PROOF, '@context'], ['https://www.w3.org/ns/credentials/v2']],
  // What is written out, at the root, inside, and in a proof that somebody else made.
  [['@context', '3'], OF_ITS_OWN],
  [['issuer', '@context'], OF_ITS_OWN],
  [[...PROOF, '@context'], OF_ITS_OWN],
  [[...PROOF, '@context'], [OF_ITS_OWN]],
  // Members by their whole addresses, or written out.
  [['https://www.w3.org/2018/credentials#validUntil'], '2036-01-01T00:00:00Z'],
  [['credentialSubject', 'narrative'], { '@value': 'Says it.', '@type': 'https://schema.org/Text' }],
  // What is described in a second place.
  [['issuer', 'id'], 'urn:uuid:00000000-0000-4000-8000-000000000003'],
  [['credentialSubject', 'id'], 'https://badges.example.org/issuers/sample/status/1#94567'],
]

/** Of one achievement that has an endorsement with a proof. */
function endorsedBadge(number: number): JsonObject {
  const document = badgeOf(number)
  const subject = document['credentialSubject'] as JsonObject
  const achievement = subject['achievement'] as JsonObject
  const endorsement = {
    '@context': document['@context'] ?? [],
    id: 'urn:uuid:00000000-0000-4000-8000-00000000beef',
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: 'Endorsement',
    issuer: { id: 'did:web:trade.example.org', type: ['Profile'] },
    validFrom: '2026-01-15T09:00:00Z',
    credentialSubject: {
      id: achievement['id'] ?? '',
      type: ['EndorsementSubject'],
      endorsementComment: 'Good.',
    },
    proof: [
      {
        type: 'DataIntegrityProof',
        created: '2026-01-15T09:00:00Z',
        verificationMethod: 'did:web:trade.example.org#key-1',
        cryptosuite: 'eddsa-rdfc-2022',
        proofPurpose: 'assertionMethod',
        proofValue: 'z58DAdFfa9SkqZMVPxAQp',
      },
    ],
  }
  return {
    ...document,
    credentialSubject: { ...subject, achievement: { ...achievement, endorsement: [endorsement] } },
  }
}

/** A list is longer by one where the path ends behind its end. */
function withMember(value: Json, [name = '', ...rest]: readonly string[], member: Json): JsonObject {
  const inner = (value as JsonObject)[name] ?? null
  const made = rest.length === 0 ? member : withMember(inner, rest, member)
  if (!Array.isArray(value)) return { ...(value as JsonObject), [name]: made }
  return [...value.slice(0, Number(name)), made, ...value.slice(Number(name) + 1)] as unknown as JsonObject
}

/** Sets the text at each place that differs from award to award. */
function placesOf(
  value: Json,
  variable: VariableMembers,
  inside: (document: JsonObject) => Json = (document) => document,
): readonly ((document: JsonObject, text: string) => void)[] {
  if (Array.isArray(value))
    return value.flatMap((item: Json, at) =>
      placesOf(item, variable, (document) => (inside(document) as readonly Json[])[at] ?? null),
    )
  return Object.entries(value as JsonObject).flatMap(([name, member]) => {
    const of = variable[name]
    if (of === undefined) return []
    if (typeof of === 'object')
      return placesOf(member, of, (document) => (inside(document) as JsonObject)[name] ?? null)
    return (document: JsonObject, text: string) => {
      ;(inside(document) as { [name: string]: Json })[name] = text
    }
  })
}

/** Fine in one place and wrong in another, or wrong everywhere. */
const oddText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1e3',
    'relative',
    'urn:x',
    'urn:',
    'urn:uuid:00000000-0000-4000-8000-000000000009',
    'https://[',
    'https://',
    'https://example.org/a b',
    'https://example.org/"quoted"',
    'https://exämple.org/',
    'http://127.0.0.1:99999/',
    'did:',
    'did:web:example.org',
    'mailto:',
    'javascript:alert(1)',
    '_:b0',
    '@type',
    '2026-02-30T10:00:00Z',
    '2026-02-03T10:00:00',
    '2026-02-03 10:00:00Z',
    '2026-02-03T24:00:00Z',
    '2026-02-03T10:00:60Z',
    '2026-02-03T10:00:00.123456+05:30',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    'yesterday',
    'half of a pair: \ud800',
    '\ud83c\udf93',
    '\u0000',
    '\ufffd',
    '"',
    '\\',
    '\\"',
    '","proof":"',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.uuid().map((each) => `urn:uuid:${each}`),
  fc.date({ noInvalidDate: true }).map((each) => each.toISOString()),
)

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
