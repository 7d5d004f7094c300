import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { achievementBytes } from '#engine/credentials/achievement-document.ts'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { checkEndorsement, checkEndorsementToken } from './check-endorsement.ts'
import { buildEndorsement } from './endorsement-document.ts'

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

const achievement = (version: string) => ({
  id: 'https://badges.example.org/achievements/1',
  version,
  name: 'Sample',
  description: 'A sample.',
  criteriaNarrative: 'Do it.',
  achievementType: 'Badge',
})

const request = (version = '1') =>
  buildEndorsement(
    {
      uuid: '7f0a1d5e-0000-4000-8000-000000000001',
      endorser: { did: 'did:key:z6MkA', name: 'Trade association' },
      target: {
        id: achievement(version).id,
        name: 'Sample',
        bytes: achievementBytes(achievement(version), false),
        mediaType: 'application/ld+json',
      },
      scope: 'criteria',
      comment: 'Meets what the trade asks.',
      validFrom: asInstant(1_790_000_000_000),
    },
    sha256,
    toBase64,
  )

const proof = { type: 'DataIntegrityProof', verificationMethod: 'did:key:z6MkA#z6MkA', proofValue: 'z1' }
const { unsigned, digest, targetDigest } = request()
const signed = (change: Record<string, unknown> = {}) =>
  JSON.parse(JSON.stringify({ ...unsigned, proof: [proof], ...change })) as JsonObject

test('what is endorsed is inside the document, by the digest of its bytes', () => {
  const expected = `sha256-${toBase64(sha256(achievementBytes(achievement('1'), false)))}`
  expect(targetDigest).toBe(expected)
  expect(unsigned['relatedResource']).toEqual([
    { id: achievement('1').id, digestSRI: expected, mediaType: 'application/ld+json' },
  ])
  expect(request('2').targetDigest).not.toBe(expected)
  expect(toHex(digest)).toBe(toHex(sha256(utf8(canonicalJson(unsigned)))))
})

test('the document of the request with a proof by the endorser is what was asked', () => {
  expect(checkEndorsement(unsigned, signed())).toBeUndefined()
  expect(checkEndorsement(unsigned, signed({ proof }))).toBeUndefined()
  // As the JCS suites have it.
  const contexts = unsigned['@context'] as readonly string[]
  for (const own of [contexts, contexts.slice(0, 1), contexts[0]])
    expect(checkEndorsement(unsigned, signed({ proof: { ...proof, '@context': own } }))).toBeUndefined()
})

test.each([
  ['no proof', signed({ proof: undefined }), 'endorsement-unsigned'],
  ['an empty set of proofs', signed({ proof: [] }), 'endorsement-unsigned'],
  [
    'the key of somebody else',
    signed({ proof: [{ ...proof, verificationMethod: 'did:key:z6MkB#z6MkB' }] }),
    'endorsement-wrong-key',
  ],
  [
    'a proof of somebody else beside',
    signed({ proof: [proof, { ...proof, verificationMethod: 'did:key:z6MkB#z6MkB' }] }),
    'endorsement-wrong-key',
  ],
  ['a proof without a key', signed({ proof: [{ type: 'DataIntegrityProof' }] }), 'endorsement-wrong-key'],
  ['another issuer', signed({ issuer: { id: 'did:key:z6MkB' } }), 'endorsement-wrong-key'],
  [
    'another target',
    signed({ credentialSubject: { ...(unsigned['credentialSubject'] as object), id: 'urn:x' } }),
    'endorsement-wrong-target',
  ],
  [
    'the digest of another version',
    signed({ relatedResource: request('2').unsigned['relatedResource'] }),
    'endorsement-wrong-digest',
  ],
  ['no digest', signed({ relatedResource: undefined }), 'endorsement-wrong-digest'],
  [
    'another comment',
    signed({
      credentialSubject: { ...(unsigned['credentialSubject'] as object), endorsementComment: 'Superb.' },
    }),
    'endorsement-altered',
  ],
  [
    'another name',
    signed({ issuer: { ...(unsigned['issuer'] as object), name: 'Ministry' } }),
    'endorsement-altered',
  ],
  ['another id', signed({ id: 'urn:uuid:other' }), 'endorsement-altered'],
  [
    'a context in its proof',
    signed({ proof: [proof, { ...proof, '@context': { zz: 'https://x.example/zz' } }] }),
    'endorsement-altered',
  ],
  [
    'one context too many in its proof',
    signed({ proof: { ...proof, '@context': [...(unsigned['@context'] as []), 'https://x.example/zz'] } }),
    'endorsement-altered',
  ],
  ['no context in its proof', signed({ proof: { ...proof, '@context': null } }), 'endorsement-altered'],
  ['a member too many', signed({ evidence: [] }), 'endorsement-altered'],
])('%s is refused', (_name, submitted, code) => {
  expect(checkEndorsement(unsigned, submitted)?.code).toBe(code)
})

const encoded = (part: JsonObject) => Buffer.from(JSON.stringify(part)).toString('base64url')
const HEADER: JsonObject = { alg: 'EdDSA', kid: 'did:key:z6MkA#z6MkA', typ: 'vc+jwt', cty: 'vc' }
const ofToken = (header: JsonObject, payload = encoded(unsigned)) =>
  checkEndorsementToken(unsigned, `${encoded(header)}.${payload}.${'A'.repeat(86)}`, {
    ...{ credential: unsigned, claims: unsigned, header },
  })

test.each<[string, JsonObject]>([
  ['VC-JOSE-COSE', HEADER],
  ['Open Badges 3.0', { alg: 'EdDSA', kid: 'did:key:z6MkA#z6MkA', typ: 'JWT' }],
  ['a media type at full length', { ...HEADER, typ: 'application/vc+jwt', cty: 'application/vc' }],
  ['no type', { alg: 'EdDSA', kid: 'did:key:z6MkA#z6MkA' }],
])('a token with the header of %s is what was asked', (_name, header) => {
  expect(ofToken(header)).toBeUndefined()
})

test.each<[string, JsonObject]>([
  ['header.x5c', { ...HEADER, x5c: ['A'.repeat(90_000)] }],
  ['header.note', { ...HEADER, note: 'Superb.' }],
  ['header.typ', { ...HEADER, typ: 'vp+jwt' }],
  ['header.typ', { ...HEADER, typ: 7 }],
  ['header.cty', { ...HEADER, cty: 'JWT' }],
])('a token with %s is altered: it would stand in every badge', (members, header) => {
  expect(ofToken(header)).toMatchObject({
    code: 'endorsement-altered',
    detail: expect.stringContaining(members),
  })
})

test('a token is no longer than what it must say, however that is written', () => {
  const padded = (spaces: number) =>
    Buffer.from(JSON.stringify(unsigned) + ' '.repeat(spaces)).toString('base64url')
  expect(ofToken(HEADER, padded(100))).toBeUndefined()
  expect(ofToken(HEADER, padded(5000))).toEqual({ code: 'endorsement-altered', detail: 'length' })
  const subject = unsigned['credentialSubject'] as JsonObject
  const far = { ...unsigned, credentialSubject: { ...subject, endorsementComment: '証明'.repeat(1000) } }
  const ascii = JSON.stringify(far).replaceAll(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const token = `${encoded(HEADER)}.${Buffer.from(ascii).toString('base64url')}.${'A'.repeat(683)}`
  expect(checkEndorsementToken(far, token, { credential: far, claims: far, header: HEADER })).toBeUndefined()
})
