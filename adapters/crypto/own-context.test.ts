import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { canonicalQuads } from './canonical-quads.ts'
import { createDocumentLoader, PINNED } from './document-loader.ts'
import { harmIn, knownTermsOf } from './own-context.ts'

const known = knownTermsOf(PINNED.values())
const names = [...known.addressesOf.keys()]
const addresses = [...known.namesOf.keys()]

const VALID_UNTIL = 'https://www.w3.org/2018/credentials#validUntil'

test.each<[string, Json]>([
  ['names of its own', { alumniOf: 'https://www.example.org/alumniOf' }],
  ['what a pinned context says too', { name: 'https://schema.org/name', validUntil: VALID_UNTIL }],
  ['an inner one', { '@context': { alumniOf: 'https://www.example.org/alumniOf' } }],
  ['nothing', {}],
])('a context with %s does no harm', (_, context) => {
  expect(harmIn(context, known)).toBeUndefined()
})

test.each<[string, Json]>([
  ['another name for the end', { bestBefore: VALID_UNTIL }],
  ['another end', { validUntil: 'https://example.org/end' }],
  ['a beginning of addresses', { c: 'https://www.w3.org/2018/credentials#' }],
  ['a name for a keyword', { kind: '@type' }],
  ['a keyword', { '@vocab': 'https://www.w3.org/2018/credentials' }],
  ['a base', { '@base': 'https://example.org/x' }],
  ['another context to fetch', { '@import': 'https://example.org/x' }],
  ['a definition', { bestBefore: { '@id': VALID_UNTIL } }],
  ['a whole address for a name', { 'https://example.org/x': 'https://example.org/y' }],
  ['a name without a meaning', { validUntil: null }],
  ['a scoped context', { x: { '@id': 'https://example.org/x', '@context': { bestBefore: VALID_UNTIL } } }],
  ['an inner one and more', { '@context': {}, alumniOf: 'https://example.org/a' }],
  ['a number', 7],
])('a context with %s is refused', (_, context) => {
  expect(harmIn(context, known)).toBeDefined()
})

const BADGE: JsonObject = {
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: 'Sample',
  issuer: { id: 'did:key:z6MkSample', type: ['Profile'], name: 'Sample Institute' },
  validUntil: '2029-09-01T10:00:00Z',
  credentialSubject: {
    type: ['AchievementSubject'],
    achievement: {
      id: 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000001',
      type: ['Achievement'],
      name: 'Sample',
      description: 'Sample',
      criteria: { narrative: 'Sample' },
    },
  },
  credentialStatus: {
    id: 'https://example.org/1#7',
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
  },
}

test('what is let through changes nothing of what the pinned contexts say', async () => {
  const loader = createDocumentLoader()
  const contexts = [
    'https://www.w3.org/ns/credentials/v2',
    'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  ]
  const plain = await canonicalQuads({ '@context': contexts, ...BADGE }, loader)
  const some = fc.oneof(fc.constantFrom(...names), fc.stringMatching(/^[a-z]{1,8}$/))
  const where = fc.oneof(fc.constantFrom(...addresses), fc.webUrl(), fc.constantFrom('@type', VALID_UNTIL))
  let through = 0
  await fc.assert(
    fc.asyncProperty(fc.dictionary(some, where, { maxKeys: 3 }), async (own) => {
      if (harmIn(own, known) !== undefined) return
      through += 1
      const quads = await canonicalQuads({ '@context': [...contexts, own], ...BADGE }, loader)
      // A pinned context may protect a name even against its own meaning: then it is refused later, and never misread.
      if (quads.ok) expect(quads).toEqual(plain)
    }),
    { numRuns: 300 },
  )
  expect(through).toBeGreaterThan(20)
})
