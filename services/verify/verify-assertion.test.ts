import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { verifyPemJws } from '#adapters/crypto/verify-pem-jws.ts'
import { OB_2_CONTEXT } from '#engine/open-badges-2/assertion.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { notProvedKind } from '#engine/verification/not-proved-kind.ts'
import type { VerificationReport } from '#engine/verification/verification-report.ts'
import { NOW, suite, verifierOf } from '#test/verification/sample-issuer.ts'
import { createAnyBadgeVerifier } from './any-badge-verifier.ts'

const ISSUER = 'https://older.example.org/issuer'
const BADGE = 'https://older.example.org/badges/1'
const AT = 'https://older.example.org/assertions/1'
const KEY = 'https://older.example.org/key'
const REVOCATIONS = 'https://older.example.org/revocations'

const assertion: JsonObject = {
  '@context': OB_2_CONTEXT,
  type: 'Assertion',
  id: AT,
  recipient: { type: 'email', hashed: false, identity: 'ann@example.org' },
  badge: BADGE,
  verification: { type: 'HostedBadge' },
  issuedOn: '2026-01-02T03:04:05Z',
  narrative: 'Did it alone.',
}
const badgeClass: JsonObject = {
  '@context': OB_2_CONTEXT,
  type: 'BadgeClass',
  id: BADGE,
  name: 'Sample badge',
  description: 'A sample.',
  image: 'https://older.example.org/badges/1.png',
  criteria: { narrative: 'Do it.' },
  issuer: ISSUER,
}
const issuer: JsonObject = {
  '@context': OB_2_CONTEXT,
  type: 'Issuer',
  id: ISSUER,
  name: 'Older Issuer',
  url: 'https://older.example.org',
  publicKey: KEY,
  revocationList: REVOCATIONS,
}

let keys: Awaited<ReturnType<typeof generateKeyPair>>
let otherKeys: typeof keys
let key: JsonObject
beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true })
  otherKeys = await generateKeyPair('RS256', { extractable: true })
  key = { type: 'CryptographicKey', id: KEY, owner: ISSUER, publicKeyPem: await exportSPKI(keys.publicKey) }
})

const signedAssertion = (change: JsonObject = {}): JsonObject => ({
  ...assertion,
  id: 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000009',
  verification: { type: 'SignedBadge', creator: KEY },
  ...change,
})
const token = (document: JsonObject, by = keys) =>
  new SignJWT(document as never).setProtectedHeader({ alg: 'RS256' }).sign(by.privateKey)

type Web = Readonly<Record<string, JsonObject | 'gone'>>

async function verify(document: JsonObject | string, changes: Web = {}, without: readonly string[] = []) {
  const web = new Map<string, JsonObject | 'gone'>(
    Object.entries({
      [AT]: assertion,
      [BADGE]: badgeClass,
      [ISSUER]: issuer,
      [KEY]: key,
      [REVOCATIONS]: { type: 'RevocationList', id: REVOCATIONS, issuer: ISSUER, revokedAssertions: [] },
      ...changes,
    }).filter(([url]) => !without.includes(url)),
  )
  const asked: string[] = []
  const verifier = createAnyBadgeVerifier(verifierOf(), {
    suite,
    documents: {
      fetch: async (url) => {
        asked.push(url)
        return web.get(url) ?? 'unavailable'
      },
    },
    trust: { look: async (id) => (id === ISSUER ? { by: 'setting' } : undefined) },
    verifyPemJws,
    clock: { now: () => NOW },
  })
  return { report: await verifier.verify({ document }), asked }
}

const code = ({ checks }: VerificationReport, name: string) =>
  checks.find((check) => check.name === name)?.code

test('a hosted badge is what stands at its address, and says that it is not signed', async () => {
  const { report, asked } = await verify(assertion)
  expect(report.verdict).toBe('valid')
  expect([code(report, 'format'), code(report, 'proof')]).toEqual(['assertion-readable', 'hosted-by-issuer'])
  expect(report.credential).toMatchObject({
    types: ['Assertion'],
    name: 'Sample badge',
    issuer: { id: ISSUER, name: 'Older Issuer', domain: 'older.example.org', known: true },
    achievement: { description: 'A sample.', criteria: 'Do it.', image: { id: `${BADGE}.png` } },
    parts: { narrative: 'Did it alone.' },
  })
  expect(asked).toEqual([AT, BADGE, ISSUER])
})

test('where the issuer names no addresses of its own, the report says that all of its host passes for it', async () => {
  const told = async (web: Web) => {
    const { notProved } = (await verify(assertion, web)).report
    return notProved.filter((statement) => notProvedKind(statement) === 'host')
  }
  expect(await told({})).toEqual([expect.stringContaining('older.example.org')])
  for (const verification of [
    { allowedOrigins: 'older.example.org' },
    { startsWith: 'https://older.example.org/assertions/' },
  ])
    expect(await told({ [ISSUER]: { ...issuer, verification } })).toEqual([])
  expect(await told({ [AT]: 'gone' })).toEqual([])
})

test('its address alone is enough', async () => {
  const pointer = {
    '@context': OB_2_CONTEXT,
    type: 'Assertion',
    id: AT,
    verification: { type: 'HostedBadge' },
  }
  expect((await verify(pointer)).report.verdict).toBe('valid')
})

const elsewhere = 'https://evil.example.org/assertions/1'

test.each<[string, JsonObject, Web, readonly string[], string, string]>([
  ['its address does not answer', assertion, {}, [AT], 'hosted-unavailable', 'undecided'],
  ['it was taken away', assertion, { [AT]: 'gone' }, [], 'hosted-gone', 'invalid'],
  [
    'another one stands there',
    assertion,
    { [AT]: { ...assertion, id: `${AT}2` } },
    [],
    'hosted-differs',
    'invalid',
  ],
  [
    'the copy names somebody else',
    { ...assertion, recipient: { type: 'email', hashed: false, identity: 'eve@example.org' } },
    {},
    [],
    'hosted-differs',
    'invalid',
  ],
  ['the copy has another badge', { ...assertion, badge: `${BADGE}2` }, {}, [], 'hosted-differs', 'invalid'],
  [
    'the copy has an end that the original lacks',
    { ...assertion, expires: '2099-01-01T00:00:00Z' },
    {},
    [],
    'hosted-differs',
    'invalid',
  ],
  ['the issuer does not answer', assertion, {}, [ISSUER], 'issuer-unavailable', 'undecided'],
  ['the badge class does not answer', assertion, {}, [BADGE], 'issuer-unavailable', 'undecided'],
  [
    'somebody else hosts it',
    { ...assertion, id: elsewhere },
    { [elsewhere]: { ...assertion, id: elsewhere } },
    [],
    'hosted-out-of-scope',
    'invalid',
  ],
  [
    'the issuer names other hosts',
    assertion,
    { [ISSUER]: { ...issuer, verification: { allowedOrigins: 'badges.example.org' } } },
    [],
    'hosted-out-of-scope',
    'invalid',
  ],
  [
    'the issuer names where it begins',
    assertion,
    { [ISSUER]: { ...issuer, verification: { startsWith: ['https://older.example.org/assertions/'] } } },
    [],
    'hosted-by-issuer',
    'valid',
  ],
  [
    'the issuer names a beginning that only looks alike',
    assertion,
    { [ISSUER]: { ...issuer, verification: { startsWith: 'https://older.example.or' } } },
    [],
    'hosted-out-of-scope',
    'invalid',
  ],
  [
    'the badge class brings its issuer along',
    assertion,
    { [BADGE]: { ...badgeClass, issuer: { ...issuer, name: 'Somebody else' } } },
    [],
    'hosted-by-issuer',
    'valid',
  ],
])('hosted: %s', async (_, document, web, without, proof, verdict) => {
  const { report } = await verify(document, web, without)
  expect([code(report, 'proof'), report.verdict]).toEqual([proof, verdict])
  expect(report.credential?.issuer?.name).not.toBe('Somebody else')
})

test('hosted: revoked where it stands, and over', async () => {
  const revoked = { ...assertion, revoked: true, revocationReason: 'A mistake.' }
  const { report } = await verify(assertion, { [AT]: revoked })
  expect([report.verdict, code(report, 'status')]).toEqual(['invalid', 'revoked'])
  expect(report.checks.find(({ name }) => name === 'status')?.reason).toBe('A mistake.')
  const over = { ...assertion, expires: '2026-02-01' }
  expect(code((await verify(over, { [AT]: over })).report, 'validity')).toBe('expired')
})

test('a signed badge holds under a key that its issuer lists', async () => {
  const { report, asked } = await verify(await token(signedAssertion()))
  expect(report.verdict).toBe('valid')
  expect([code(report, 'proof'), code(report, 'status')]).toEqual(['signature-holds', 'not-revoked'])
  expect(asked).toEqual([BADGE, ISSUER, KEY, REVOCATIONS])
})

const ID = `${signedAssertion()['id']}`

test.each<[string, () => Promise<JsonObject | string>, () => Web, string, string]>([
  [
    'by another key',
    () => token(signedAssertion(), otherKeys),
    () => ({}),
    'proof-signature-wrong',
    'invalid',
  ],
  ['without its signature', async () => signedAssertion(), () => ({}), 'proof-missing', 'invalid'],
  [
    'by a key that the issuer does not list',
    () => token(signedAssertion({ verification: { type: 'signed', creator: `${KEY}2` } })),
    () => ({ [`${KEY}2`]: { ...key, id: `${KEY}2` } }),
    'proof-key-unknown',
    'invalid',
  ],
  [
    'by a key of somebody else',
    () => token(signedAssertion()),
    () => ({ [KEY]: { ...key, owner: BADGE } }),
    'proof-key-not-of-issuer',
    'invalid',
  ],
  [
    'by a key that is none',
    () => token(signedAssertion()),
    () => ({ [KEY]: { ...key, publicKeyPem: 'x' } }),
    'proof-key-unusable',
    'invalid',
  ],
  [
    'for an issuer whose address says that it is another one',
    () => token(signedAssertion()),
    () => ({ [ISSUER]: { ...issuer, id: `${ISSUER}2` } }),
    'proof-key-not-of-issuer',
    'invalid',
  ],
  [
    'with its only key unnamed',
    () => token(signedAssertion({ verification: { type: 'signed' } })),
    () => ({}),
    'signature-holds',
    'valid',
  ],
])('signed: %s', async (_, document, web, proof, verdict) => {
  const { report } = await verify(await document(), web())
  expect([code(report, 'proof'), report.verdict]).toEqual([proof, verdict])
})

test.each<[string, JsonObject | 'gone', string, string]>([
  ['its id', { issuer: ISSUER, revokedAssertions: [ID] }, 'revoked', 'invalid'],
  [
    'an entry',
    { issuer: ISSUER, revokedAssertions: [{ id: ID, revocationReason: 'Mistake' }] },
    'revoked',
    'invalid',
  ],
  ['an older entry', { issuer: ISSUER, revokedAssertions: [{ uid: ID }] }, 'revoked', 'invalid'],
  ['others', { issuer: ISSUER, revokedAssertions: ['urn:x'] }, 'not-revoked', 'valid'],
  [
    'nobody, and it is of somebody else',
    { issuer: BADGE, revokedAssertions: [] },
    'status-untrusted',
    'undecided',
  ],
  ['nothing', 'gone', 'status-unavailable', 'undecided'],
])('signed: the list of revocations names %s', async (_, list, status, verdict) => {
  const { report } = await verify(await token(signedAssertion()), { [REVOCATIONS]: list })
  expect([code(report, 'status'), report.verdict]).toEqual([status, verdict])
})

test.each<[string, JsonObject]>([
  ['no way of verification', { ...assertion, verification: null }],
  ['no id', { ...assertion, id: 7 }],
  ['no date', signedAssertion({ issuedOn: 'yesterday' })],
  ['no badge', signedAssertion({ badge: null })],
])('with %s it is malformed', async (_, document) => {
  const { report } = await verify(document)
  expect([code(report, 'format'), report.verdict]).toEqual(['assertion-malformed', 'invalid'])
})

test('what is no assertion goes the way of credentials', async () => {
  expect(code((await verify({ hello: 'there' })).report, 'format')).toBe('not-a-credential')
})
